import { afterAll, beforeAll, expect, test } from 'vitest'
import { compareAll, differences } from './equal.ts'
import { openShop, trade } from './load.ts'
import { type Capture, caughtUp, type Ingest, reached, startCapture } from './stack.ts'

const LOOKS = 30

let capture: Capture
let ingest: Ingest

beforeAll(async () => {
  capture = await startCapture()
  await openShop(capture)
  await tradeFor(1_500, 1)
})
afterAll(() => capture.stop())

async function tradeFor(ms: number, seed: number) {
  const end = Date.now() + ms
  await trade(capture, seed, 4, () => Date.now() > end)
}

async function replica() {
  const [row] = await capture.sql<{ confirmed: string }[]>`
    select (confirmed_flush_lsn - '0/0'::pg_lsn)::text as confirmed from pg_replication_slots
  `
  return BigInt(row?.confirmed ?? 0)
}

async function checkpoint() {
  const result = await capture.clickhouse.query({
    query: `select toString(max(commit_lsn)) as lsn from cdc_checkpoint where pipe = 'main'`,
    format: 'JSONEachRow',
  })
  const [row] = await result.json<{ lsn: string }>()
  return BigInt(row?.lsn ?? '0')
}

test('a snapshot taken while business goes on, and the stream after it, equal Postgres row by row', async () => {
  const business = tradeFor(4_000, 2)
  ingest = await capture.startIngest()
  await reached(ingest, 'streaming')
  await business
  await caughtUp(capture, ingest)

  const comparisons = await compareAll(capture)
  expect(differences(comparisons)).toEqual([])
  const rows = new Map(comparisons.map((comparison) => [comparison.table, comparison.rows]))
  for (const table of [
    'sales_order',
    'journal_entry',
    'commission_entry',
    'order_event',
    'funnel_event',
  ]) {
    expect(rows.get(table), table).toBeGreaterThan(20)
  }
})

test('Postgres is never told more than the checkpoint holds', async () => {
  const business = tradeFor(3_000, 3)
  for (let look = 0; look < LOOKS; look += 1) {
    // In this order: the checkpoint can only have moved on since.
    const confirmed = await replica()
    expect(await checkpoint()).toBeGreaterThanOrEqual(confirmed)
  }
  await business
  await caughtUp(capture, ingest)
  // And what it was told moves on, or its log would grow for ever.
  await expect
    .poll(async () => (await checkpoint()) - (await replica()), { timeout: 5_000 })
    .toBe(0n)
})

test('a truncate empties the mirror, and what is inserted after it in the same transaction stays', async () => {
  await capture.sql.begin(async (sql) => {
    await sql`update price set price_cents = 1 where id = 1`
    await sql`truncate price`
    await sql`insert into price (sku_id, price_cents) select id, 999 from sku where id <= 3`
  })
  await caughtUp(capture, ingest)
  const comparisons = await compareAll(capture)
  expect(differences(comparisons)).toEqual([])
  expect(comparisons.find(({ table }) => table === 'price')?.rows).toBe(3)
})

test('a time that ClickHouse cannot hold is kept at its limit and reported', async () => {
  const { issues } = await ingest.status()
  await capture.sql`update distributor set joined_at = 'infinity' where code = 'd1'`
  await capture.sql`update distributor set joined_at = '-infinity' where code = 'd2'`
  await capture.sql`update distributor set joined_at = '0044-03-15 BC' where code = 'd3'`
  const status = await caughtUp(capture, ingest)
  const result = await capture.clickhouse.query({
    query: `select code, toString(joined_at) as at from current_distributor where code in ('d1', 'd2', 'd3') order by code`,
    format: 'JSONEachRow',
  })
  expect(await result.json()).toEqual([
    { code: 'd1', at: '2299-12-31 23:59:59.999999' },
    { code: 'd2', at: '1900-01-01 00:00:00.000000' },
    { code: 'd3', at: '1900-01-01 00:00:00.000000' },
  ])
  expect(status.issues - issues).toBe(3)
  await capture.sql`update distributor set joined_at = now()`
  await caughtUp(capture, ingest)
})

test('on an idle database the watermark still moves, and is seconds old at most', async () => {
  const before = await ingest.status()
  await expect
    .poll(async () => BigInt((await ingest.status()).watermark?.lsn ?? 0), { timeout: 5_000 })
    .toBeGreaterThan(BigInt(before.watermark?.lsn ?? 0))
  const { watermark } = await ingest.status()
  expect(Date.now() - Date.parse(watermark?.commit_at ?? '')).toBeLessThan(3_000)
})

test('a second writer of the same pipe refuses to start, and the first goes on', async () => {
  const second = await capture.startIngest()
  expect(await second.process.exited).toBe(1)
  expect(second.log()).toContain('another ingest process holds pipe main')
  await tradeFor(300, 4)
  await caughtUp(capture, ingest)
  expect(differences(await compareAll(capture))).toEqual([])
})

test('a signal ends it within three seconds under load, and the next start goes on from there', async () => {
  const business = tradeFor(2_500, 5)
  await new Promise((resolve) => setTimeout(resolve, 500))
  const asked = performance.now()
  await ingest.process.stop()
  expect(performance.now() - asked).toBeLessThan(3_000)
  expect(await ingest.process.exited).toBe(0)
  expect(await checkpoint()).toBe(await replica())
  await business
  ingest = await capture.startIngest()
  const status = await caughtUp(capture, ingest)
  expect(status.epoch).toBe(1)
  expect(differences(await compareAll(capture))).toEqual([])
})
