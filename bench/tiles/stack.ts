/** Engines and a real semantic server in a temporary folder; everything goes with it. */
import { createHmac, randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { startChild } from '../../local/child.ts'
import { startClickHouse, type ClickHouse } from '../../local/clickhouse.ts'
import { freePort } from '../../local/port.ts'
import { startPostgres } from '../../local/postgres.ts'
import { root } from '../../local/root.ts'
import { readMigrations, statementsOf } from '../../sql/migrate.ts'
import type { Members } from './dashboards.ts'

const MEMORY_BYTES = 5 * 1024 ** 3
const READY_MS_MAX = 90_000
const READY_POLL_MS = 100
const REQUEST_MS_MAX = 30 * 60_000

/** Made for one run; no token leaves this machine. */
const SECRET = randomBytes(16).toString('hex')

/** As a careful administrator would set two cores and some memory; nothing here must survive a power cut. */
const POSTGRES_SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  shared_buffers: '1GB',
  work_mem: '128MB',
  maintenance_work_mem: '512MB',
  max_wal_size: '8GB',
  random_page_cost: '1.1',
  effective_cache_size: '4GB',
  max_parallel_workers_per_gather: '2',
  wal_level: 'minimal',
  max_wal_senders: '0',
}

export function makeFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-tiles-'))
  // Postgres runs as nobody when we are root, and must reach its files.
  chmodSync(folder, 0o755)
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

export async function startAnalytics(folder: string) {
  const [httpPort, tcpPort] = [await freePort(), await freePort()]
  return startClickHouse({ folder, httpPort, tcpPort, memoryBytes: MEMORY_BYTES })
}

export async function startPeer(folder: string) {
  return startPostgres({ folder, port: await freePort(), settings: POSTGRES_SETTINGS })
}

/** What is needed of a server that somebody else started. */
export type Addressed = { url: (user: 'admin' | 'cube') => string }

/** A database with the product's own tables, under a name of its own. */
export async function createDatabase(server: Addressed, name: string) {
  const admin = createClient({ url: server.url('admin') })
  await admin.command({ query: `create database ${name}` })
  for (const { text } of await readMigrations('clickhouse')) {
    for (const query of statementsOf(text)) {
      await admin.command({ query: query.replaceAll('analytics.', `${name}.`) })
    }
  }
  await admin.close()
  return clientOf(server, 'admin', name)
}

export function clientOf(server: Addressed, user: 'admin' | 'cube', database: string) {
  return createClient({
    url: server.url(user),
    database,
    request_timeout: REQUEST_MS_MAX,
    // What fails is thrown, and told by whoever catches it.
    log: { level: ClickHouseLogLevel.OFF },
    keep_alive: { enabled: true, idle_socket_ttl: 2_000 },
  })
}

export type Who = { role: string; distributor_id: string | null }

export type Semantic = {
  load(who: Who, query: object): Promise<Answer>
  batch(who: Who, queries: object[]): Promise<void>
  /** The names of what may be asked. */
  members(): Promise<Members>
  /** As Prometheus reads them. */
  metrics(): Promise<string>
  stop(): Promise<void>
}

export type Answer = {
  data: Record<string, string | null>[]
  cost: { ms: number; rows_read: number; cached: boolean; route: string }
}

export async function startSemantic(server: ClickHouse, folder: string, database: string) {
  const port = await freePort()
  const log = join(folder, 'log', `semantic-${database}.log`)
  const child = await startChild({
    command: process.execPath,
    args: [join(root, 'semantic', 'server.ts')],
    log,
    env: {
      NODE_ENV: 'production',
      PORT: String(port),
      CLICKHOUSE_URL: `${server.url('cube')}/${database}`,
      TOKEN_SECRET: SECRET,
      LOG_LEVEL: 'warn',
    },
  })
  const address = `http://127.0.0.1:${port}`
  await ready(address)

  async function post(who: Who, path: string, body: object): Promise<unknown> {
    const response = await fetch(`${address}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${tokenOf(who)}` },
      body: JSON.stringify(body),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${JSON.stringify(body)}: ${text}`)
    return JSON.parse(text)
  }

  const semantic: Semantic = {
    async load(who, query) {
      const answer = await post(who, '/cubejs-api/v1/load', { query })
      if (!isAnswer(answer)) throw new Error('the semantic layer answered in an unknown shape')
      return answer
    },
    async batch(who, queries) {
      const body = await post(who, '/batch', { queries })
      if (JSON.stringify(body).includes('"problem"')) throw new Error(JSON.stringify(body))
    },
    async members() {
      const response = await fetch(`${address}/cubejs-api/v1/meta`, {
        headers: { authorization: `Bearer ${tokenOf({ role: 'admin', distributor_id: null })}` },
      })
      const body: unknown = await response.json()
      if (!Value.Check(Meta, body)) throw new Error('the model has an unknown shape')
      const namesOf = (kind: 'measures' | 'dimensions') =>
        new Set(body.cubes.flatMap((cube) => cube[kind].map(({ name }) => name)))
      return { measures: namesOf('measures'), dimensions: namesOf('dimensions') }
    },
    async metrics() {
      const response = await fetch(`${address}/metrics`)
      return response.text()
    },
    stop: () => child.stop(),
  }
  return semantic
}

const Named = Type.Array(Type.Object({ name: Type.String() }))
const Meta = Type.Object({
  cubes: Type.Array(Type.Object({ measures: Named, dimensions: Named })),
})

function isAnswer(body: unknown): body is Answer {
  return typeof body === 'object' && body !== null && 'data' in body && 'cost' in body
}

async function ready(address: string) {
  const deadline = Date.now() + READY_MS_MAX
  while (Date.now() < deadline) {
    const response = await fetch(`${address}/health`).catch(() => null)
    if (response?.ok) return
    await new Promise((resolve) => setTimeout(resolve, READY_POLL_MS))
  }
  throw new Error('the semantic layer did not start')
}

function tokenOf({ role, distributor_id }: Who) {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const exp = Math.floor(Date.now() / 1000) + 120
  const claims = { role, distributor_id, sub: '1', iss: 'tributary', aud: 'semantic', exp }
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`
  return `${signed}.${createHmac('sha256', SECRET).update(signed).digest('base64url')}`
}

/** What ingest does after every batch; afterwards no answer that was kept is good any more. */
export async function moveCheckpoint(client: ClickHouseClient, lsn: number) {
  const topics = ['orders', 'sales', 'stock', 'commissions', 'funnel', 'catalog']
  await client.insert({
    table: 'cdc_checkpoint',
    values: [
      {
        pipe: 'main',
        epoch: 1,
        commit_lsn: String(lsn),
        commit_at: new Date().toISOString(),
        topics: Object.fromEntries(topics.map((topic) => [topic, String(lsn)])),
        slot_identity: 'bench',
      },
    ],
    format: 'JSONEachRow',
    clickhouse_settings: { date_time_input_format: 'best_effort' },
  })
}
