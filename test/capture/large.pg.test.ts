/** Transactions that Postgres sends while they still go on: protocol 2, `streaming on`. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Any, caughtUp, DATABASE, difference, type Ingest, startAny } from './any.ts'

const ROWS = 200_000
const MEMORY_BYTES_MAX = 300 * 1024 * 1024

let any: Any
let ingest: Ingest

beforeAll(async () => {
  // Everything larger than this is sent before it has committed.
  any = await startAny({ logical_decoding_work_mem: '64kB' })
  await any.sql`create table big (id int primary key, label text)`
  await any.sql`create table small (id int primary key)`
  ingest = await any.startIngest()
  await caughtUp(any, ingest)
})
afterAll(() => any.stop())

async function streamed() {
  const [row] = await any.sql<{ count: string }[]>`
    select sum(stream_count)::text as count from pg_stat_replication_slots
  `
  return Number(row?.count ?? 0)
}

async function count(table: string) {
  const [row] = await any.rows<{ rows: string }>(
    `select count() as rows from ${DATABASE}.current_${table}`,
  )
  return Number(row?.rows ?? 0)
}

/** What ingest keeps on disk of transactions that go on, for each process that has kept anything. */
function onDisk(): string[][] {
  return readdirSync(any.folder)
    .filter((name) => name.startsWith('tributary-spill-'))
    .map((name) => readdirSync(join(any.folder, name)))
}

/** Watches the memory of ingest while something goes on. */
async function peakDuring(work: () => Promise<unknown>): Promise<number> {
  let peak = 0
  let isOver = false
  const watching = (async () => {
    while (!isOver) {
      const status = await ingest.status().catch(() => null)
      peak = Math.max(peak, status?.memory_bytes ?? 0)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  })()
  await work()
  isOver = true
  await watching
  return peak
}

test(`${ROWS} rows of one transaction come before it ends, in bounded memory, and others overtake it`, async () => {
  const peak = await peakDuring(async () => {
    await any.sql.begin(async (sql) => {
      await sql`insert into big select n, 'row ' || n from generate_series(1, ${ROWS}::int) as n`
      await any.sql`insert into small values (1)`
      await caughtUp(any, ingest)
      expect(await count('small')).toBe(1)
      expect(await count('big')).toBe(0)
    })
    await caughtUp(any, ingest)
  })
  expect(await difference(any, 'big')).toBe(null)
  expect(await count('big')).toBe(ROWS)
  await expect.poll(streamed, { timeout: 10_000 }).toBeGreaterThan(0)
  expect(peak).toBeLessThan(MEMORY_BYTES_MAX)
}, 120_000)

test('one that is rolled back leaves nothing, of one that undid a part only that is missing', async () => {
  await any.sql
    .begin(async (sql) => {
      await sql`insert into big select n, 'gone' from generate_series(300000, 310000) as n`
      throw new Error('undone')
    })
    .catch(() => {})
  await any.sql.begin(async (sql) => {
    await sql`insert into big select n, 'kept' from generate_series(400000, 402000) as n`
    await sql`savepoint inner_one`
    await sql`insert into big select n, 'gone' from generate_series(500000, 503000) as n`
    await sql`update big set label = 'gone' where id <= 3000`
    await sql`rollback to inner_one`
    await sql`insert into big select n, 'kept' from generate_series(600000, 602000) as n`
  })
  await caughtUp(any, ingest)
  expect(await difference(any, 'big')).toBe(null)
  expect(onDisk().flat()).toEqual([])
}, 120_000)

test('killed while it is sent and while it is passed on, it comes again and is there once', async () => {
  const sent = any.sql.begin(async (sql) => {
    await sql`update big set label = 'again' where id <= 50000`
    await ingest.kill()
    ingest = await any.startIngest()
    await sql`delete from big where id between 50001 and 60000`
  })
  await sent
  await new Promise((resolve) => setTimeout(resolve, 700))
  await ingest.kill()
  ingest = await any.startIngest()
  await caughtUp(any, ingest)
  expect(await difference(any, 'big')).toBe(null)
  // What the killed ones left goes when the next one needs the place.
  await any.sql`update big set label = 'once more' where id <= 20000`
  await caughtUp(any, ingest)
  expect(onDisk()).toEqual([[]])
}, 120_000)
