/**
 * What nobody asks for: commission whose return window is over becomes available, orders unpaid for
 * too long give their goods back, dead sessions and old keys go. Any number of processes may run this;
 * a job is done by whoever holds its lock.
 */
import type { FastifyBaseLogger } from 'fastify'
import { releaseDue } from './commissions/queries.ts'
import { deleteExpiredSessions } from './identity/queries.ts'
import { deleteOldKeys } from './lib/idempotency.ts'
import { type Sql, type Queryable, transact } from './lib/postgres.ts'
import { cancelUnpaid } from './orders/service.ts'

const PERIOD_MS = 60_000
const BATCH_ROWS_MAX = 1_000
/** A backlog larger than this goes on in the next period. */
const BATCHES_MAX = 1_000
const KEY_HOURS = 24
const LOCK_BASE = 7_243_100

type Job = { name: string; lock: number; run: (transaction: Queryable) => Promise<number> }
type Setting = { sql: Sql; log: FastifyBaseLogger; unpaidMinutes: number }
export type Jobs = { stop(): Promise<void> }

export function startJobs(setting: Setting): Jobs {
  let isStopped = false
  let timer: NodeJS.Timeout | undefined
  let round = runRound()

  return { stop }

  async function runRound(): Promise<void> {
    await runJobs(setting, () => isStopped)
    if (isStopped) return
    timer = setTimeout(() => {
      round = runRound()
    }, PERIOD_MS)
  }

  async function stop(): Promise<void> {
    isStopped = true
    clearTimeout(timer)
    await round
  }
}

/** One round of every job. A failure is logged and tried again in the next round. */
export async function runJobs(
  { sql, log, unpaidMinutes }: Setting,
  isStopped: () => boolean = () => false,
): Promise<void> {
  for (const job of jobs(unpaidMinutes)) {
    try {
      const done = await runJob(sql, job, isStopped)
      if (done > 0) log.info({ job: job.name, done }, 'job done')
    } catch (error) {
      log.error({ err: error, job: job.name }, 'job failed')
    }
  }
}

function jobs(unpaidMinutes: number): Job[] {
  return [
    { name: 'release_commissions', lock: 0, run: (sql) => releaseDue(sql, BATCH_ROWS_MAX) },
    { name: 'cancel_unpaid', lock: 1, run: (sql) => cancelUnpaid(sql, unpaidMinutes) },
    { name: 'prune_sessions', lock: 2, run: (sql) => deleteExpiredSessions(sql, BATCH_ROWS_MAX) },
    { name: 'prune_keys', lock: 3, run: (sql) => deleteOldKeys(sql, KEY_HOURS, BATCH_ROWS_MAX) },
  ]
}

async function runJob(sql: Sql, { lock, run }: Job, isStopped: () => boolean): Promise<number> {
  let total = 0
  for (let batch = 0; batch < BATCHES_MAX && !isStopped(); batch += 1) {
    const done = await transact(sql, async (transaction) => {
      const [{ is_mine }] = await transaction<[{ is_mine: boolean }]>`
        select pg_try_advisory_xact_lock(${LOCK_BASE + lock}) as is_mine
      `
      return is_mine ? run(transaction) : 0
    })
    if (done === 0) break
    total += done
  }
  return total
}
