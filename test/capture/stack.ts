/** Postgres, ClickHouse and the real ingest process, each of which a test may kill. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from '@clickhouse/client'
import postgres from 'postgres'
import { Type, type Static } from 'typebox'
import { Value } from 'typebox/value'
import { type Engine, startChild, tailOf } from '../../local/child.ts'
import { startClickHouse } from '../../local/clickhouse.ts'
import { freePort } from '../../local/port.ts'
import { startPostgres } from '../../local/postgres.ts'
import { root } from '../../local/root.ts'
import { baseEnvironment } from '../../local/services.ts'
import { migrateClickHouse, migratePostgres } from '../../sql/migrate.ts'

const Status = Type.Object({
  phase: Type.String(),
  reason: Type.Union([Type.String(), Type.Null()]),
  epoch: Type.Integer(),
  watermark: Type.Union([
    Type.Object({ lsn: Type.String(), commit_at: Type.String() }),
    Type.Null(),
  ]),
  audit: Type.Union([
    Type.Object({
      equal: Type.Boolean(),
      differences: Type.Integer(),
      checks: Type.Integer(),
      as_of: Type.String(),
      cost: Type.Object({ share: Type.Number() }),
    }),
    Type.Null(),
  ]),
  tables: Type.Object({
    waiting: Type.Array(
      Type.Object({ table: Type.String(), status: Type.String(), reason: Type.String() }),
    ),
  }),
  alarms: Type.Array(Type.Object({ name: Type.String(), detail: Type.String() })),
  memory_bytes: Type.Integer(),
  changes: Type.Integer(),
  inserts: Type.Integer(),
  sessions: Type.Integer(),
  issues: Type.Integer(),
})
export type Status = Static<typeof Status>

export type Capture = Awaited<ReturnType<typeof startCapture>>
export type Ingest = { process: Engine; url: string; status(): Promise<Status>; log(): string }

const POLL_MS = 25
const REACHED_MS_MAX = 180_000

/** Processes are killed here, never the machine, so the databases need not force their files to disk. */
const FAST = { fsync: 'off', full_page_writes: 'off' }

/** Where whose tables are in Postgres. */
export const DATABASES = { company: 'postgres', stranger: 'elsewhere' } as const

/**
 * `prepare` may do something to the folder of all files before there are any; `clickhouse` says what the
 * environment of ClickHouse shall have beside the usual.
 */
type Options = {
  prepare?: (folder: string) => void
  postgres?: Record<string, string>
  clickhouse?: (folder: string) => Record<string, string>
}

export async function startCapture({
  prepare = () => {},
  postgres: settings = {},
  clickhouse: environmentOf = () => ({}),
}: Options = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-capture-'))
  // Postgres runs as nobody when we are root, and must reach its files.
  chmodSync(folder, 0o755)
  prepare(folder)
  const engines = await startEngines(folder, environmentOf(folder), settings)
  const sql = postgres(engines.postgres.url(), { max: 8, onnotice: () => {} })
  const clickhouse = createClient({ url: engines.clickhouse.url('admin'), database: 'analytics' })
  const admin = createClient({ url: engines.clickhouse.url('admin') })
  await migratePostgres(sql)
  await migrateClickHouse(admin)
  await admin.close()
  const started: Engine[] = []

  async function stop() {
    await Promise.all(started.map((process) => process.kill()))
    await sql.end({ timeout: 1 })
    await clickhouse.close()
    await Promise.all([engines.postgres.stop(), engines.clickhouse.stop()])
    rmSync(folder, { recursive: true, force: true })
  }

  async function startWith(environment: Record<string, string>, flags: string[]) {
    const ingest = await startIngest(folder, engines, flags, environment)
    started.push(ingest.process)
    return ingest
  }

  return {
    folder,
    sql,
    clickhouse,
    startIngest: (...flags: string[]) => startWith({}, flags),
    /** With settings of its own, as an operator would give them. */
    startIngestWith: (environment: Record<string, string>, ...flags: string[]) =>
      startWith(environment, flags),
    clickhouseUrl: () => engines.clickhouse.url('ingest'),
    databaseUrl: (database: string, user = 'postgres') => engines.postgres.url(user, database),
    /** Business in a process of its own: the driver ends it when the server goes in mid-transaction. */
    async startTrader(seed: number, whose: 'company' | 'stranger' = 'company'): Promise<Engine> {
      const url = engines.postgres.url('postgres', DATABASES[whose])
      const trader = await startChild({
        command: process.execPath,
        args: [join(root, 'test/capture/trader.ts'), url, String(seed), whose],
        env: baseEnvironment(),
        log: join(folder, `trader-${whose}.log`),
      })
      started.push(trader)
      return trader
    },
    killClickHouse: () => engines.clickhouse.kill(),
    restartClickHouse: () => engines.restartClickHouse(),
    killPostgres: () => engines.postgres.kill(),
    restartPostgres: () => engines.restartPostgres(),
    stop,
  }
}

type Engines = Awaited<ReturnType<typeof startEngines>>

/** A server that was killed comes back on the same ports, over the same files. */
async function startEngines(
  folder: string,
  environment: Record<string, string>,
  settings: Record<string, string>,
) {
  const ports = [await freePort(), await freePort(), await freePort()] as const
  const openPostgres = () =>
    startPostgres({ folder, port: ports[0], settings: { ...FAST, ...settings } })
  const clickhouse = { folder, httpPort: ports[1], tcpPort: ports[2], environment }
  const openClickHouse = () => startClickHouse(clickhouse)
  const engines = {
    postgres: await openPostgres(),
    clickhouse: await openClickHouse(),
    async restartPostgres() {
      engines.postgres = await openPostgres()
    },
    async restartClickHouse() {
      engines.clickhouse = await openClickHouse()
    },
  }
  return engines
}

async function startIngest(
  folder: string,
  engines: Engines,
  flags: string[],
  environment: Record<string, string>,
): Promise<Ingest> {
  const port = await freePort()
  const log = join(folder, `ingest-${port}.log`)
  const child = await startChild({
    command: process.execPath,
    args: [join(root, 'ingest/src/main.ts'), ...flags],
    env: {
      ...baseEnvironment(),
      PORT: String(port),
      DATABASE_URL: engines.postgres.url('ingest'),
      CLICKHOUSE_URL: engines.clickhouse.url('ingest'),
      ...environment,
    },
    log,
  })
  const url = `http://127.0.0.1:${port}`
  return { process: child, url, status: () => statusOf(url), log: () => tailOf(log) }
}

/** Waits until the process has reached a phase. */
export async function reached(ingest: Ingest, phase: string): Promise<Status> {
  const deadline = Date.now() + REACHED_MS_MAX
  while (Date.now() < deadline) {
    const status = await ingest.status().catch(() => null)
    if (status?.phase === phase) return status
    await sleep(POLL_MS)
  }
  throw new Error(`ingest did not reach ${phase}:\n${ingest.log()}`)
}

/** Waits until everything committed before the call can be queried. */
export async function caughtUp({ sql }: Pick<Capture, 'sql'>, ingest: Ingest): Promise<Status> {
  const [row] = await sql<{ lsn: string }[]>`
    select (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::text as lsn
  `
  const wanted = BigInt(row?.lsn ?? 0)
  const deadline = Date.now() + REACHED_MS_MAX
  while (Date.now() < deadline) {
    const status = await ingest.status().catch(() => null)
    if (status?.watermark && BigInt(status.watermark.lsn) >= wanted) return status
    await sleep(POLL_MS)
  }
  throw new Error(`ingest did not catch up with ${wanted}:\n${ingest.log()}`)
}

async function statusOf(url: string): Promise<Status> {
  const response = await fetch(`${url}/status`)
  return Value.Parse(Status, await response.json())
}
