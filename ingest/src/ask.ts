/** The commands that look or ask, and write no row themselves: `--check` and `--resync`. */
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import type { Config } from './config.ts'
import { readTables } from './mirror/registry.ts'
import { preflight, type Finding } from './preflight.ts'
import type { Scope } from './scope.ts'
import { connectSink } from './sink/clickhouse.ts'
import { RESYNC_PREFIX } from './source/assemble.ts'

const POLL_MS = 200
/** A table that is copied for longer is not given up: only the waiting is. */
const RESYNC_MS_MAX = 60 * 60 * 1_000

type Asking = { config: Config; scope: Scope }

/** A Postgres that is starting or stopping is waited for this long; a wrong address is said after it. */
const CHECK_MS_MAX = 30_000
const CHECK_RETRY_MS = 500
const AWAY = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  '57P01',
  '57P02',
  '57P03',
])

/** Says what is missing, each with the statement that mends it; true when nothing blocks. */
export async function checkSource(asking: Asking, stop: AbortSignal): Promise<boolean> {
  const startedAt = performance.now()
  for (;;) {
    try {
      return await checkOnce(asking)
    } catch (error) {
      const isLate = performance.now() - startedAt > CHECK_MS_MAX
      if (isLate || stop.aborted || !AWAY.has(codeOf(error))) throw error
      await sleep(CHECK_RETRY_MS)
    }
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

async function checkOnce({ config, scope }: Asking): Promise<boolean> {
  const sql = connect(config.DATABASE_URL)
  try {
    return tell(await preflight(sql, { scope, pipe: config.PIPE }))
  } finally {
    await sql.end({ timeout: 1 })
  }
}

export function printCheck(isReady: boolean) {
  process.stdout.write(`${JSON.stringify({ check: isReady ? 'ok' : 'failed' })}\n`)
}

function tell(findings: Finding[]): boolean {
  for (const { problem, statement } of findings)
    process.stderr.write(`${problem}\n    ${statement}\n`)
  return findings.every(({ isBlocking }) => !isBlocking)
}

/**
 * Asks through the log of Postgres itself: whoever streams the pipe finds it there, in its place, now or when
 * it is started next. Then waits until the table has been replaced.
 */
export async function askResync({ config, scope }: Asking, table: string): Promise<boolean> {
  const sql = connect(config.DATABASE_URL)
  const sink = connectSink({
    url: config.CLICKHOUSE_URL,
    pipe: config.PIPE,
    ...(scope.tables && { database: scope.database }),
  })
  const startedAt = performance.now()
  try {
    const before = (await readTables(sink)).get(table)
    if (!before) throw new Error(`pipe ${config.PIPE} has no table ${table}`)
    await sql`
      select pg_logical_emit_message(false, ${RESYNC_PREFIX}, ${`${config.PIPE} ${table}`})
    `
    while (performance.now() - startedAt < RESYNC_MS_MAX) {
      const now = (await readTables(sink)).get(table)
      if (now?.status === 'live' && now.version > before.version) {
        const ms = Math.round(performance.now() - startedAt)
        process.stdout.write(`${JSON.stringify({ resync: table, ms })}\n`)
        return true
      }
      await sleep(POLL_MS)
    }
    process.stderr.write(`${table} is not copied yet; ingest goes on with it.\n`)
    return false
  } finally {
    await sql.end({ timeout: 1 })
    await sink.close()
  }
}

function connect(databaseUrl: string) {
  return postgres(databaseUrl, {
    max: 1,
    fetch_types: false,
    connection: { application_name: 'tributary ingest' },
    onnotice: () => {},
  })
}
