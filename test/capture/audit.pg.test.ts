import { afterAll, beforeAll, expect, test } from 'vitest'
import { openShop, trade } from './load.ts'
import { type Capture, caughtUp, type Ingest, reached, startCapture } from './stack.ts'

const FOUND_MS_MAX = 40_000

let capture: Capture
let ingest: Ingest

beforeAll(async () => {
  capture = await startCapture()
  await openShop(capture)
  const end = Date.now() + 1_000
  await trade(capture, 1, 2, () => Date.now() > end)
  ingest = await capture.startIngestWith({ AUDIT_EVERY_S: '1' })
  await reached(ingest, 'streaming')
})
afterAll(() => capture.stop())

test('the stream says by itself that ClickHouse equals Postgres, while business goes on', async () => {
  let isOver = false
  const business = trade(capture, 2, 2, () => isOver)
  await expect
    .poll(async () => (await ingest.status()).audit?.equal, { timeout: FOUND_MS_MAX })
    .toBe(true)
  isOver = true
  await business
  const { audit } = await caughtUp(capture, ingest)
  expect(audit?.checks).toBeGreaterThan(0)
  console.log(`audit: ${((audit?.cost.share ?? 0) * 100).toFixed(1)} % of the time between rounds`)
})

test('a row that is lost in ClickHouse is found by the running stream, and it says so until it is mended', async () => {
  await capture.clickhouse.command({
    query: `
      alter table order_event
      delete where id in (select max(id) from order_event)`,
    clickhouse_settings: { mutations_sync: '1' },
  })
  await expect
    .poll(async () => (await ingest.status()).audit?.differences, { timeout: FOUND_MS_MAX })
    .toBe(1)
  expect((await ingest.status()).audit?.equal).toBe(false)
})
