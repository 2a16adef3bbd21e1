/** A Postgres that knows nothing of us, an empty ClickHouse, and the real ingest between them. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ClickHouseLogLevel, createClient } from '@clickhouse/client'
import postgres from 'postgres'
import { Type, type Static } from 'typebox'
import { Value } from 'typebox/value'
import { type Engine, startChild, tailOf } from '../../local/child.ts'
import { startClickHouse } from '../../local/clickhouse.ts'
import { freePort } from '../../local/port.ts'
import { startPostgres } from '../../local/postgres.ts'
import { root } from '../../local/root.ts'
import { baseEnvironment } from '../../local/services.ts'

export const DATABASE = 'mirror'
const POLL_MS = 25
const REACHED_MS_MAX = 60_000

/** Processes are killed here, never the machine, so the databases need not force their files to disk. */
const FAST = { fsync: 'off', full_page_writes: 'off' }

const Status = Type.Object({
  phase: Type.String(),
  reason: Type.Union([Type.String(), Type.Null()]),
  epoch: Type.Integer(),
  watermark: Type.Union([Type.Object({ lsn: Type.String() }), Type.Null()]),
  memory_bytes: Type.Integer(),
  quarantined: Type.Integer(),
  audit: Type.Union([Type.Object({ differences: Type.Integer() }), Type.Null()]),
  copy: Type.Union([
    Type.Object({
      tables: Type.Integer(),
      parts: Type.Integer(),
      parts_done: Type.Integer(),
      bytes: Type.Integer(),
      bytes_done: Type.Integer(),
    }),
    Type.Null(),
  ]),
  tables: Type.Object({
    live: Type.Integer(),
    waiting: Type.Array(
      Type.Object({ table: Type.String(), status: Type.String(), reason: Type.String() }),
    ),
  }),
})
export type Status = Static<typeof Status>
export type Any = Awaited<ReturnType<typeof startAny>>
export type Observed = { status(): Promise<Status>; log(): string }
export type Ingest = Engine & Observed

export async function startAny(settings: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-any-'))
  // Postgres runs as nobody when we are root, and must reach its files.
  chmodSync(folder, 0o755)
  const [server, clickhouse] = await Promise.all([
    startPostgres({ folder, port: await freePort(), settings: { ...FAST, ...settings } }),
    startClickHouse({ folder, httpPort: await freePort(), tcpPort: await freePort() }),
  ])
  const sql = postgres(server.url(), { max: 8, onnotice: () => {} })
  const client = createClient({
    url: clickhouse.url('admin'),
    clickhouse_settings: QUOTED,
    log: { level: ClickHouseLogLevel.OFF },
  })
  const started: Engine[] = []
  const environment = {
    ...baseEnvironment(),
    DATABASE_URL: server.url(),
    CLICKHOUSE_URL: clickhouse.url('ingest'),
    // Where it keeps what does not fit into memory.
    TMPDIR: folder,
  }

  async function run(flags: string[], more: Record<string, string> = {}): Promise<Ingest> {
    const port = await freePort()
    const log = join(folder, `ingest-${port}.log`)
    const child = await startChild({
      command: process.execPath,
      args: [join(root, 'ingest/src/main.ts'), ...flags],
      env: { ...environment, PORT: String(port), ...more },
      log,
    })
    started.push(child)
    return { ...child, status: () => statusOf(port), log: () => tailOf(log) }
  }

  return {
    folder,
    sql,
    client,
    databaseUrl: server.url(),
    clickhouseUrl: clickhouse.url('ingest'),
    port: Number(new URL(server.url()).port),
    run,
    startIngest: (...flags: string[]) =>
      run(['--tables', 'public.*', '--database', DATABASE, ...flags]),
    /** Rows of a question to ClickHouse. */
    async rows<Row>(query: string): Promise<Row[]> {
      const result = await client.query({ query, format: 'JSONEachRow' })
      return result.json<Row>()
    },
    async stop() {
      await Promise.all(started.map((process) => process.kill()))
      await sql.end({ timeout: 1 })
      await client.close()
      await Promise.all([server.stop(), clickhouse.stop()])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export async function statusOf(port: number): Promise<Status> {
  return Value.Parse(Status, await (await fetch(`http://127.0.0.1:${port}/status`)).json())
}

const QUOTED = { output_format_json_quote_64bit_integers: 1 } as const

/** Waits until what the status says is so. */
export async function until(ingest: Observed, isSo: (status: Status) => boolean): Promise<Status> {
  const deadline = Date.now() + REACHED_MS_MAX
  while (Date.now() < deadline) {
    const status = await ingest.status().catch(() => null)
    if (status && isSo(status)) return status
    await sleep(POLL_MS)
  }
  throw new Error(`ingest did not get there:\n${ingest.log()}`)
}

/** Waits until everything committed before the call is in ClickHouse. */
export async function caughtUp({ sql }: Pick<Any, 'sql'>, ingest: Observed): Promise<Status> {
  const [row] = await sql<{ lsn: string }[]>`
    select (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::text as lsn
  `
  const wanted = BigInt(row?.lsn ?? 0)
  return until(
    ingest,
    ({ phase, watermark }) => phase === 'streaming' && BigInt(watermark?.lsn ?? 0) >= wanted,
  )
}

/** The first row in which the two sides differ, every column compared; null when none does. */
export async function difference(
  { sql, rows }: Pick<Any, 'sql' | 'rows'>,
  table: string,
): Promise<string | null> {
  const columns = await sql<{ name: string; type: string }[]>`
    select column_name as name, data_type as type
    from information_schema.columns
    where table_schema = 'public' and table_name = ${table}
    order by ordinal_position
  `
  const ours = await sql.unsafe<{ line: string }[]>(
    `select line from (select concat_ws('|', ${columns.map(postgresText).join(', ')}) as line from "${table}") as lines
     order by line collate "C"`,
  )
  const theirs = await rows<{ line: string }>(
    `select concatWithSeparator('|', ${columns.map(({ name }) => `ifNull(toString(\`${name}\`), '<null>')`).join(', ')}) as line
     from ${DATABASE}.\`current_${table}\` order by line`,
  )
  const at = ours.findIndex(({ line }, index) => theirs[index]?.line !== line)
  if (at === -1 && ours.length === theirs.length) return null
  const where = at === -1 ? ours.length : at
  return `${ours.length} rows in Postgres, ${theirs.length} in ClickHouse; row ${where}: ${ours[where]?.line} / ${theirs[where]?.line}`
}

function postgresText({ name, type }: { name: string; type: string }): string {
  const column = `"${name}"`
  if (type.startsWith('timestamp'))
    return `coalesce(to_char(${column}, 'YYYY-MM-DD HH24:MI:SS.US'), '<null>')`
  if (type === 'boolean') return `coalesce(${column}::text, '<null>')`
  return `case when ${column} is null then '<null>' else format('%s', ${column}) end`
}
