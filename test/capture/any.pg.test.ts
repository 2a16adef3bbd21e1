/** A database that was never seen, under pgbench's load, while ingest is killed again and again. */
import { spawn, spawnSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Any, caughtUp, DATABASE, difference, type Ingest, startAny } from './any.ts'
import { createRandom } from './load.ts'

const SEED = 20_261_125
const KILLS = 6
const ACCOUNTS = 20_000
const TABLES = ['pgbench_accounts', 'pgbench_branches', 'pgbench_tellers', 'pgbench_history']
const HAS_PGBENCH = spawnSync('pgbench', ['--version']).status === 0

let any: Any
let ingest: Ingest

beforeAll(async () => {
  any = await startAny()
  // What `pgbench -i` makes; its history has no key.
  await any.sql.unsafe(`
    create table pgbench_history (tid int, bid int, aid int, delta int, mtime timestamp, filler char(22));
    create table pgbench_tellers (tid int not null primary key, bid int, tbalance int, filler char(84));
    create table pgbench_accounts (aid int not null primary key, bid int, abalance int, filler char(84));
    create table pgbench_branches (bid int not null primary key, bbalance int, filler char(88));
    insert into pgbench_branches values (1, 0);
    insert into pgbench_tellers select n, 1, 0 from generate_series(1, 10) as n;
    insert into pgbench_accounts select n, 1, 0, '' from generate_series(1, ${ACCOUNTS}) as n;
  `)
})
afterAll(() => any.stop())

async function differences() {
  const found: string[] = []
  for (const table of TABLES) {
    const one = await difference(any, table)
    if (one !== null) found.push(`${table}: ${one}`)
  }
  return found
}

/** pgbench's transaction. Its own program where it is installed, begun with the truncate it always does. */
async function load(seed: number, seconds: number) {
  if (HAS_PGBENCH) return pgbench(seconds)
  const below = createRandom(seed)
  const end = Date.now() + seconds * 1_000
  await any.sql`truncate pgbench_history`
  await Promise.all(
    [1, 2].map(async () => {
      while (Date.now() < end) {
        const [aid, tid, delta] = [1 + below(ACCOUNTS), 1 + below(10), below(10_000) - 5_000]
        await any.sql.begin(async (sql) => {
          await sql`update pgbench_accounts set abalance = abalance + ${delta} where aid = ${aid}`
          await sql`update pgbench_tellers set tbalance = tbalance + ${delta} where tid = ${tid}`
          await sql`update pgbench_branches set bbalance = bbalance + ${delta} where bid = 1`
          await sql`
            insert into pgbench_history (tid, bid, aid, delta, mtime)
            values (${tid}, 1, ${aid}, ${delta}, current_timestamp)
          `
        })
      }
    }),
  )
}

function pgbench(seconds: number): Promise<void> {
  const { username, password, port } = new URL(any.databaseUrl)
  const child = spawn('pgbench', ['-c', '2', '-T', String(seconds), 'postgres'], {
    env: {
      PATH: process.env.PATH,
      PGHOST: '127.0.0.1',
      PGPORT: port,
      PGUSER: username,
      PGPASSWORD: password,
    },
    stdio: 'ignore',
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`pgbench ended with ${code}`)),
    )
  })
}

test('tables never seen are mirrored from the first row on, one without a key among them', async () => {
  const business = load(1, 4)
  ingest = await any.startIngest()
  await business
  const status = await caughtUp(any, ingest)
  expect(status.tables).toEqual({ live: 4, waiting: [] })
  expect(await differences()).toEqual([])
  const [row] = await any.rows<{ rows: string }>(
    `select count() as rows from ${DATABASE}.current_pgbench_history`,
  )
  expect(Number(row?.rows)).toBeGreaterThan(20)
  expect(ingest.log()).toContain('"streaming":true')
})

test(`killed ${KILLS} times under pgbench, every row of every table is equal afterwards (seed ${SEED})`, async () => {
  const below = createRandom(SEED)
  const business = load(SEED, 10)
  for (let kill = 0; kill < KILLS; kill += 1) {
    await sleep(500 + below(1_200))
    await ingest.kill()
    ingest = await any.startIngest()
  }
  await business
  const status = await caughtUp(any, ingest)
  expect(status.epoch).toBe(1)
  expect(await differences()).toEqual([])
}, 120_000)

test('killed in the first copy, it goes on with the copy it began and ends equal', async () => {
  await ingest.stop()
  const business = load(3, 6)
  for (const ms of [900, 1_000, 1_100]) {
    const crashing = await any.run(['--tables', 'public.*', '--database', 'second'])
    await sleep(ms)
    await crashing.kill()
  }
  const second = await any.run(['--tables', 'public.*', '--database', 'second'])
  await business
  await caughtUp(any, second)
  for (const table of TABLES) {
    const columns = table === 'pgbench_history' ? 'sum(delta)' : 'count()'
    const [row] = await any.rows<{ value: string }>(
      `select toString(${columns}) as value from second.current_${table}`,
    )
    const [wanted] = await any.sql.unsafe<{ value: string }[]>(
      `select ${columns.replace('count()', 'count(*)')}::text as value from ${table}`,
    )
    expect(row?.value, table).toBe(wanted?.value)
  }
  await second.stop()
}, 120_000)
