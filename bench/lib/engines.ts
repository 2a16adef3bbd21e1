/** Engines of a benchmark's own, durable as in production, in a folder that goes with it. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client'
import postgres from 'postgres'
import { type Engine, startChild, tailOf } from '../../local/child.ts'
import { startClickHouse } from '../../local/clickhouse.ts'
import { freePort } from '../../local/port.ts'
import { startPostgres } from '../../local/postgres.ts'
import { root } from '../../local/root.ts'
import { baseEnvironment } from '../../local/services.ts'
import { migrateClickHouse, migratePostgres } from '../../sql/migrate.ts'
import { noteVersion } from './machine.ts'

const STREAMING_MS_MAX = 120_000
const POLL_MS = 20
const REQUEST_MS_MAX = 300_000

type Stopper = () => Promise<unknown>
const stoppers: Stopper[] = []

/** What was started last is stopped first. Safe to call twice: on a signal, and again on the way out. */
export async function stopAll() {
  for (let stop = stoppers.pop(); stop; stop = stoppers.pop()) await stop().catch(() => {})
}

export function onStop(stop: Stopper) {
  stoppers.push(stop)
}

export type Bench = Awaited<ReturnType<typeof startEngines>>

export async function startEngines() {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-bench-'))
  chmodSync(folder, 0o755)
  onStop(async () => rmSync(folder, { recursive: true, force: true }))
  const server = await startPostgres({ folder, port: await freePort() })
  onStop(server.stop)
  const httpPort = await freePort()
  const clickhouse = await startClickHouse({ folder, httpPort, tcpPort: await freePort() })
  onStop(clickhouse.stop)

  const sql = postgres(server.url(), { max: 8, onnotice: () => {} })
  onStop(() => sql.end({ timeout: 1 }))
  const client = connect(clickhouse.url('admin'))
  onStop(() => client.close())
  await migratePostgres(sql)
  await migrateClickHouse(client)
  const [version] = await sql<{ server_version: string }[]>`show server_version`
  noteVersion('postgres', version?.server_version ?? 'unknown')
  noteVersion('clickhouse', await ask(client, 'select version()'))
  return { folder, server, clickhouse, sql, client }
}

export function connect(url: string): ClickHouseClient {
  return createClient({
    url,
    request_timeout: REQUEST_MS_MAX,
    log: { level: ClickHouseLogLevel.OFF },
  })
}

/** One value, as text. */
export async function ask(client: ClickHouseClient, query: string): Promise<string> {
  const result = await client.query({ query, format: 'TabSeparated' })
  return (await result.text()).trimEnd()
}

/** The ingest process itself; resolves when its snapshot is done and it streams. */
export async function startIngest({ folder, server, clickhouse }: Bench, ...flags: string[]) {
  const port = await freePort()
  const log = join(folder, 'ingest.log')
  const child = await startChild({
    command: process.execPath,
    args: [join(root, 'ingest/src/main.ts'), ...flags],
    env: {
      ...baseEnvironment(),
      PORT: String(port),
      DATABASE_URL: server.url('ingest'),
      CLICKHOUSE_URL: clickhouse.url('ingest'),
    },
    log,
  })
  onStop(child.stop)
  const url = `http://127.0.0.1:${port}`
  const status = async () => {
    const response = await fetch(`${url}/status`)
    const answer: IngestStatus = await response.json()
    return answer
  }
  await streaming(child, status, log)
  return { child, url, status, cpuMs: () => cpuMsOf(child.pid) }
}

export type Ingest = Awaited<ReturnType<typeof startIngest>>

export type IngestStatus = {
  phase: string
  snapshot: { ms: number } | null
  memory_bytes: number
  inserts: number
  changes: number
  watermark: { lsn: string } | null
  audit: { cost: { share: number } } | null
}

async function streaming(child: Engine, status: () => Promise<IngestStatus>, log: string) {
  let isRunning = true
  void child.exited.then(() => (isRunning = false))
  const deadline = Date.now() + STREAMING_MS_MAX
  while (isRunning && Date.now() < deadline) {
    const answer = await status().catch(() => null)
    if (answer?.phase === 'streaming') return
    await sleep(POLL_MS)
  }
  throw new Error(`ingest does not stream:\n${tailOf(log)}`)
}

export function cpuMsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  // User and system time, in the hundredths of a second Linux counts in.
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 10
}

/** The most memory a process had at once, since it began or since `forgetPeak`. */
export function peakBytesOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024
}

export function forgetPeak(pid: number) {
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
}
