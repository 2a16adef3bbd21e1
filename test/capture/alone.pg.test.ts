/** `npm run ingest` by itself, beside a Postgres: with a ClickHouse of its own, and with one that is given. */
import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ClickHouse, startClickHouse } from '../../local/clickhouse.ts'
import { freePort } from '../../local/port.ts'
import { type Postgres, startPostgres } from '../../local/postgres.ts'
import { root } from '../../local/root.ts'
import { readSecrets } from '../../local/secrets.ts'
import { baseEnvironment } from '../../local/services.ts'
import { processesOf } from '../processes.ts'
import { freePortBase } from '../stack.ts'
import { caughtUp, DATABASE, difference, type Observed, statusOf } from './any.ts'
import { createRandom } from './load.ts'
import { load, openPgbench, TABLES } from './pgbench.ts'

const SEED = 20_261_130
const KILLS = 6
const LOAD_S = 15
const GONE_MS_MAX = 15_000
const BEGUN_MS_MAX = 60_000
const SAID_MS_MAX = 10_000

let folder: string
let server: Postgres
let given: ClickHouse
let sql: postgres.Sql

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tributary-alone-'))
  // Postgres runs as nobody when we are root, and must reach its files.
  chmodSync(folder, 0o755)
  const settings = { fsync: 'off', full_page_writes: 'off' }
  server = await startPostgres({ folder, port: await freePort(), settings })
  given = await startClickHouse({
    folder: join(folder, 'given'),
    httpPort: await freePort(),
    tcpPort: await freePort(),
  })
  sql = postgres(server.url(), { max: 4, onnotice: () => {} })
  await openPgbench(sql)
})

afterAll(async () => {
  await sql.end({ timeout: 1 })
  await Promise.all([server.stop(), given.stop()])
  // What a test that failed has left.
  for (const line of processesOf(folder)) process.kill(Number.parseInt(line), 'SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

type Command = Observed & { child: ChildProcess; exited: Promise<number | null> }

/** As somebody types it; what it starts is told by its data folder. */
function start(env: Record<string, string>, port: number): Command {
  const child = spawn(
    process.execPath,
    [join(root, 'scripts/bootstrap.mjs'), 'ingest', '--tables', 'public.*', '--database', DATABASE],
    { cwd: root, env: { ...baseEnvironment(), ...env }, detached: true },
  )
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-4_000)))
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  return { child, exited, status: () => statusOf(port), log: () => output }
}

/** The stream alone, or all that the command started; whatever was beside it goes by itself. */
async function kill(data: string, command: Command, isAll: boolean) {
  const victims = () =>
    processesOf(data).filter((line) => isAll || line.includes('ingest/src/main.ts'))
  const begun = Date.now()
  while (victims().length === 0) {
    if (Date.now() - begun > BEGUN_MS_MAX) throw new Error(`nothing began:\n${command.log()}`)
    await sleep(50)
  }
  for (const line of victims()) {
    try {
      process.kill(Number.parseInt(line), 'SIGKILL')
    } catch {
      // It went with its parent.
    }
  }
  await command.exited
  await gone(data)
}

async function gone(data: string) {
  await expect.poll(() => processesOf(data), { timeout: GONE_MS_MAX }).toEqual([])
}

async function askWith<Row>(url: string, query: string): Promise<Row[]> {
  const { username, password, origin } = new URL(url)
  const response = await fetch(`${origin}/?output_format_json_quote_64bit_integers=1`, {
    method: 'POST',
    headers: { 'x-clickhouse-user': username, 'x-clickhouse-key': password },
    body: `${query} format JSON`,
  })
  if (!response.ok) throw new Error(await response.text())
  const { data }: { data: Row[] } = await response.json()
  return data
}

test.each(['a ClickHouse of its own', 'a ClickHouse that is given'])(
  `killed ${KILLS} times under pgbench, every row is the same (%s)`,
  async (whose) => {
    const isOwn = whose.endsWith('its own')
    const below = createRandom(SEED)
    const data = join(folder, isOwn ? 'own' : 'beside')
    mkdirSync(data)
    const base = await freePortBase()
    const env = {
      DATABASE_URL: server.url(),
      DATA_DIR: data,
      PORT_BASE: String(base),
      ...(isOwn ? {} : { CLICKHOUSE_URL: given.url('ingest') }),
      PIPE: isOwn ? 'own' : 'beside',
    }
    const run = () => start(env, base + 3)

    let command = run()
    const business = load({ sql, databaseUrl: server.url() }, SEED, LOAD_S)
    for (let kills = 0; kills < KILLS; kills += 1) {
      await sleep(1_000 + below(2_000))
      await kill(data, command, kills % 2 === 1)
      command = run()
    }
    await business
    const status = await caughtUp({ sql }, command)
    expect(status.tables).toEqual({ live: TABLES.length, waiting: [] })
    await expect.poll(command.log, { timeout: SAID_MS_MAX }).toContain('"streaming":true')

    const url = isOwn
      ? `http://ingest:${readSecrets(data).clickhouse_ingest}@127.0.0.1:${base + 4}`
      : given.url('ingest')
    const rows = <Row>(query: string) => askWith<Row>(url, query)
    for (const table of TABLES) expect(await difference({ sql, rows }, table), table).toBe(null)

    command.child.kill('SIGTERM')
    expect(await command.exited).toBe(0)
    await gone(data)
  },
  300_000,
)
