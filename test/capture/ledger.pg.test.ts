/** One ledger of the company copied anew while the others stream: its rows are only ever added, and none twice. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { centsOff, differingSums } from './aggregates.ts'
import { compareAll, differences } from './equal.ts'
import { openShop, trade } from './load.ts'
import { type Capture, caughtUp, type Ingest, reached, startCapture } from './stack.ts'

let capture: Capture
let ingest: Ingest

beforeAll(async () => {
  capture = await startCapture()
  await openShop(capture)
  const end = Date.now() + 2_000
  await trade(capture, 1, 3, () => Date.now() > end)
  ingest = await start()
  await reached(ingest, 'streaming')
})
afterAll(() => capture.stop())

/** Compared each second, so that a copy under way is looked at too. */
function start() {
  return capture.startIngestWith({ AUDIT_EVERY_S: '1' })
}

async function tradeDuring(seed: number, work: () => Promise<void>) {
  let isOver = false
  const business = trade(capture, seed, 3, () => isOver)
  try {
    await work()
  } finally {
    isOver = true
    await business
  }
}

async function plantDamage(table: string) {
  for (const statement of [
    `alter table ${table} delete where id % 7 = 3`,
    `insert into ${table} select * from ${table} where id % 11 = 5`,
  ])
    await capture.clickhouse.command({
      query: statement,
      clickhouse_settings: { mutations_sync: '1' },
    })
}

async function expectEqual() {
  await caughtUp(capture, ingest)
  expect(differences(await compareAll(capture))).toEqual([])
  expect(await differingSums(capture)).toEqual([])
  expect(await centsOff(capture)).toBe(0n)
}

async function expectAsked(asking: Ingest) {
  expect(await asking.process.exited, asking.log()).toBe(0)
}

test.each(['journal_entry', 'order_event'])(
  'a damaged ledger is exact again by one command, under writes (%s)',
  async (table) => {
    await caughtUp(capture, ingest)
    await plantDamage(table)
    expect(differences(await compareAll(capture)).map((one) => one.table)).toEqual([table])
    await tradeDuring(2, async () => {
      await sleep(300)
      await expectAsked(await capture.startIngest('--resync', `public.${table}`))
      await sleep(300)
    })
    await expectEqual()
    expect((await ingest.status()).epoch).toBe(1)
  },
  120_000,
)

test('killed again and again in the middle of it, it is copied to its end and every row is there once', async () => {
  await plantDamage('journal_entry')
  await tradeDuring(3, async () => {
    const asking = await capture.startIngest('--resync', 'public.journal_entry')
    for (const ms of [150, 300, 450, 600]) {
      await sleep(ms)
      await ingest.process.kill()
      ingest = await start()
    }
    await expectAsked(asking)
    await ingest.process.kill()
    ingest = await start()
  })
  await expectEqual()
  await expect
    .poll(async () => (await ingest.status()).audit?.equal, { timeout: 40_000 })
    .toBe(true)
}, 180_000)
