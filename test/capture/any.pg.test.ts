/** A database that was never seen, under pgbench's load, while ingest is killed again and again. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Any, caughtUp, DATABASE, difference, type Ingest, startAny } from './any.ts'
import { createRandom } from './load.ts'
import { load, openPgbench, TABLES } from './pgbench.ts'

const SEED = 20_261_125
const KILLS = 6

let any: Any
let ingest: Ingest

beforeAll(async () => {
  any = await startAny()
  await openPgbench(any.sql)
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

test('tables never seen are mirrored from the first row on, one without a key among them', async () => {
  const business = load(any, 1, 4)
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
  const business = load(any, SEED, 10)
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
  const business = load(any, 3, 6)
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
