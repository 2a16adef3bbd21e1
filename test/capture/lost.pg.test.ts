import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { compareAll, differences } from './equal.ts'
import { openShop, trade } from './load.ts'
import { type Capture, caughtUp, type Ingest, reached, startCapture } from './stack.ts'

let capture: Capture
let ingest: Ingest

beforeAll(async () => {
  capture = await startCapture()
  await openShop(capture)
})
afterAll(() => capture.stop())

beforeEach(async () => {
  ingest = await capture.startIngest('--resnapshot')
  await reached(ingest, 'streaming')
  await caughtUp(capture, ingest)
  await ingest.process.stop()
})

async function tradeFor(ms: number, seed: number) {
  const end = Date.now() + ms
  await trade(capture, seed, 2, () => Date.now() > end)
}

async function refusal() {
  ingest = await capture.startIngest()
  const { reason } = await reached(ingest, 'resnapshot_required')
  const health = await fetch(`${ingest.url}/health`)
  expect(health.status).toBe(503)
  await ingest.process.stop()
  return reason
}

test('a slot that is gone is not made anew in silence: the process says that it needs a snapshot', async () => {
  await capture.sql`select pg_drop_replication_slot('tributary_main')`
  await tradeFor(300, 1)
  expect(await refusal()).toBe('replication slot tributary_main is gone')
})

test('a slot that someone made anew starts too late, and that is noticed', async () => {
  await capture.sql`select pg_drop_replication_slot('tributary_main')`
  await tradeFor(300, 2)
  await capture.sql`select pg_create_logical_replication_slot('tributary_main', 'pgoutput')`
  expect(await refusal()).toMatch(
    /^replication slot tributary_main starts at .+, after the checkpoint/,
  )
})

test('a ledger that was changed behind everyone stops the stream instead of being followed', async () => {
  await tradeFor(300, 3)
  await capture.sql.begin(async (sql) => {
    await sql`alter table funnel_event disable trigger append_only`
    await sql`delete from funnel_event where id = (select min(id) from funnel_event)`
    await sql`alter table funnel_event enable trigger append_only`
  })
  expect(await refusal()).toBe(
    'funnel_event is append-only, but the change stream brought a delete of it',
  )
})

test('with --resnapshot everything is copied anew under a new epoch, and equals Postgres', async () => {
  const before = await fetchEpoch()
  const business = tradeFor(2_000, 4)
  ingest = await capture.startIngest('--resnapshot')
  const status = await reached(ingest, 'streaming')
  await business
  await caughtUp(capture, ingest)
  expect(status.epoch).toBe(before + 1)
  expect(differences(await compareAll(capture))).toEqual([])
  await ingest.process.stop()
})

test('a crash in the middle of a snapshot leaves nothing that is counted twice', async () => {
  for (const ms of [150, 250, 350, 450]) {
    const crashing = await capture.startIngest('--resnapshot')
    await new Promise((resolve) => setTimeout(resolve, ms))
    await crashing.process.kill()
  }
  ingest = await capture.startIngest()
  await caughtUp(capture, ingest)
  expect(differences(await compareAll(capture))).toEqual([])
  await ingest.process.stop()
})

async function fetchEpoch() {
  const result = await capture.clickhouse.query({
    query: `select toUInt32(max(epoch)) as epoch from cdc_checkpoint`,
    format: 'JSONEachRow',
  })
  const [row] = await result.json<{ epoch: number }>()
  return row?.epoch ?? 0
}
