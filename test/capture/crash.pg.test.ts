import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compareAll, differences } from './equal.ts'
import { createRandom, openShop, trade } from './load.ts'
import { type Capture, caughtUp, type Ingest, reached, startCapture } from './stack.ts'

const SEED = 20_261_124
const KILLS = 10

let capture: Capture
let ingest: Ingest

beforeAll(async () => {
  capture = await startCapture()
  await openShop(capture)
  ingest = await capture.startIngest()
  await reached(ingest, 'streaming')
})
afterAll(() => capture.stop())

/** Business goes on while `disturb` does its worst, and a little longer. */
async function tradeDuring(seed: number, disturb: () => Promise<void>) {
  let isOver = false
  const business = trade(capture, seed, 4, () => isOver)
  await disturb()
  await sleep(300)
  isOver = true
  return business
}

test(`ingest killed ${KILLS} times under load: every fact once, every mirror equal (seed ${SEED})`, async () => {
  const below = createRandom(SEED)
  const committed = await tradeDuring(1, async () => {
    for (let kill = 0; kill < KILLS; kill += 1) {
      await sleep(500 + below(1_000))
      await ingest.process.kill()
      ingest = await capture.startIngest()
    }
  })
  const status = await caughtUp(capture, ingest)
  expect(status.epoch).toBe(1)
  expect(committed).toBeGreaterThan(100)
  expect(differences(await compareAll(capture))).toEqual([])
}, 120_000)

test('ClickHouse killed under load: ingest says so, waits, and catches up', async () => {
  await tradeDuring(2, async () => {
    await sleep(500)
    await capture.killClickHouse()
    const { reason } = await reached(ingest, 'waiting')
    expect(reason).not.toBe(null)
    expect((await fetch(`${ingest.url}/health`)).status).toBe(503)
    await sleep(1_000)
    await capture.restartClickHouse()
  })
  await caughtUp(capture, ingest)
  expect(differences(await compareAll(capture))).toEqual([])
  expect((await fetch(`${ingest.url}/health`)).status).toBe(200)
}, 120_000)

test('Postgres killed under load: ingest reconnects and nothing is missing or doubled', async () => {
  const trader = await capture.startTrader(3)
  await sleep(1_000)
  await capture.killPostgres()
  await reached(ingest, 'waiting')
  await capture.restartPostgres()
  await sleep(2_000)
  await trader.stop()
  await caughtUp(capture, ingest)
  expect(differences(await compareAll(capture))).toEqual([])
}, 120_000)

test('a transaction of 200,000 rows arrives whole, in bounded memory, while the process is killed in it', async () => {
  await capture.sql`
    insert into funnel_event (at, business_day, step, visit_id, channel_id)
    select now(), current_date, 'visit', 'large-' || n, 1 from generate_series(1, 200000) as n
  `
  await sleep(600)
  await ingest.process.kill()
  ingest = await capture.startIngest()
  let peak = 0
  let isOver = false
  const watching = (async () => {
    while (!isOver) {
      peak = Math.max(
        peak,
        await ingest.status().then(
          (status) => status.memory_bytes,
          () => 0,
        ),
      )
      await sleep(50)
    }
  })()
  await caughtUp(capture, ingest)
  isOver = true
  await watching
  expect(differences(await compareAll(capture))).toEqual([])
  expect(peak).toBeLessThan(300 * 1024 * 1024)
}, 120_000)
