/**
 * The audit that never stops: a round every so often, each as of one moment and each short.
 *
 * A round looks at what came since the last one, at what was wrong, and at the next few ranges of everything
 * else in turn. A range that is full and was found equal is closed: it is looked at again only when a row of it
 * arrives or its turn comes.
 */
import type { Logger } from 'pino'
import { readTables, settle } from './audit.ts'
import { atMoment, NotComparable, type Databases, type Spent } from './moment.ts'
import type { AuditReport, Cost } from './report.ts'
import { createProgress, lookAround, type Progress } from './round.ts'
import type { AuditedTable } from './tables.ts'

export const ROUND_EVERY_MS = 30_000
/** 64 MB. */
const WHOLE_PAGES_MAX = 8_192
/** Until everything was looked at once, rounds follow each other sooner. */
const FIRST_PASS_EVERY_MS = 3_000

export type Auditor = {
  databases: Databases
  log: Logger
  /** Called after each round, from the end of the first pass over everything on. */
  publish(report: AuditReport): void
  isHealing: boolean
  /** While there is no stream there is nothing to wait for: such a round is left out. */
  isStreaming?: () => boolean
  everyMs?: number
}

/** Starts auditing; `stop` waits for what is being asked at the time, and begins nothing more. */
export function startAuditor(auditor: Auditor): { stop(): Promise<void> } {
  const { log, everyMs = ROUND_EVERY_MS, isStreaming = () => true } = auditor
  const stop = new AbortController()
  const stopped = new Promise<void>((resolve) =>
    stop.signal.addEventListener('abort', () => resolve(), { once: true }),
  )

  async function run() {
    const progress = createProgress()
    let lastRoundAt = performance.now()
    while (!stop.signal.aborted) {
      const waitMs = progress.fullPassAt ? everyMs : Math.min(everyMs, FIRST_PASS_EVERY_MS)
      await Promise.race([stopped, sleep(waitMs)])
      if (stop.signal.aborted) return
      if (!isStreaming()) continue
      const sinceMs = performance.now() - lastRoundAt
      lastRoundAt = performance.now()
      try {
        await auditRound(auditor, progress, sinceMs)
      } catch (error) {
        if (error instanceof NotComparable) log.info({ reason: error.message }, 'audit put off')
        else log.warn({ err: error }, 'audit round failed')
      }
    }
  }

  const running = run()
  return {
    async stop() {
      stop.abort()
      await running
    },
  }
}

export async function auditRound(
  auditor: Auditor,
  progress: Progress,
  sinceMs: number,
): Promise<void> {
  const { databases, log, publish, isHealing } = auditor
  const tables = (await readTables(databases)).filter(isCheap)
  const round = await atMoment(databases, (moment) =>
    lookAround(databases, moment, tables, progress),
  )
  const settled = await settle(databases, { ...round, isHealing })
  for (const row of settled.rows) log.error({ ...row }, 'Postgres and ClickHouse differ')
  if (settled.healed > 0) log.warn({ healed: settled.healed }, 'rows put right by the audit')
  progress.broken = settled.left

  const { checks, lsn, asOf } = round
  const { differences, healed } = settled
  const pending = [...progress.pending.values()].reduce((sum, ranges) => sum + ranges.size, 0)
  const cost = costOf(round.spent, sinceMs)
  log.debug({ checks, differences, pending, ...cost }, 'audit round')
  if (!progress.fullPassAt) return
  publish({
    equal: differences === 0,
    lsn: lsn.toString(),
    as_of: asOf.toISOString(),
    checks,
    differences,
    healed,
    full_pass_at: progress.fullPassAt.toISOString(),
    pending,
    cost,
  })
}

/** Without ids a table is looked at as a whole or not at all; a large one is left to `reconcile`. */
function isCheap({ hasId, pages }: AuditedTable): boolean {
  return hasId || pages < WHOLE_PAGES_MAX
}

function costOf({ rows, postgres_ms, clickhouse_ms }: Spent, sinceMs: number): Cost {
  return {
    rows,
    postgres_ms: Math.round(postgres_ms),
    clickhouse_ms: Math.round(clickhouse_ms),
    share: Math.round(((postgres_ms + clickhouse_ms) / Math.max(sinceMs, 1)) * 1e4) / 1e4,
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}
