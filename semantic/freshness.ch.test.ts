import { afterAll, beforeAll, expect, test } from 'vitest'
import { createService } from './service.ts'
import { ADMIN, ask, batch, SECRET, tokenOf, type Who } from './test/compare.ts'
import { moveCheckpoint, startDatabases, type Databases } from './test/databases.ts'

const ROUNDS = 50
const REVENUE = { measures: ['sales.revenue_cents'] }

let databases: Databases
let service: Awaited<ReturnType<typeof createService>>
let soldCents = 0n
let entries = 0

beforeAll(async () => {
  databases = await startDatabases()
  await databases.sql`insert into instance (name, currency, time_zone) values ('Test', 'CNY', 'Asia/Shanghai')`
  await databases.copy()
  service = await createService({
    CLICKHOUSE_URL: databases.clickhouseUrl,
    TOKEN_SECRET: SECRET,
    PIPE: 'main',
    LOG_LEVEL: 'warn',
  })
})
afterAll(async () => {
  await service.app.close()
  await databases.stop()
})

/** As ingest writes it: the fact first, then the checkpoint that names the topic. */
async function sell(cents: bigint, ancestors: number[] = []) {
  entries += 1
  soldCents += cents
  await databases.clickhouse.insert({
    table: 'journal_entry',
    format: 'JSONEachRow',
    values: [
      {
        id: entries,
        txn_id: entries,
        kind: 'sale',
        at: '2026-11-24 08:00:00',
        business_day: '2026-11-24',
        account: 'sales',
        amount_cents: String(-cents),
        quantity: 1,
        order_id: entries,
        ancestor_ids: ancestors,
      },
    ],
  })
  return moveCheckpoint(databases.clickhouse, 'sales')
}

async function askWithWatermark(who: Who = ADMIN) {
  const [result] = await batch(service.app, who, [REVENUE])
  if (result === undefined || result.problem) throw new Error(JSON.stringify(result))
  return { cents: BigInt(result.data[0]?.['sales.revenue_cents'] ?? 0), ...result }
}

test('before the first batch of the stream there is no watermark, and an answer all the same', async () => {
  const { cents, watermark } = await askWithWatermark()
  expect(cents).toBe(0n)
  expect(watermark).toBeNull()
})

test('the first question after a change has the change, fifty times of fifty', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const lsn = await sell(BigInt(round) + 1n)
    const answer = await askWithWatermark()
    expect(answer.cents).toBe(soldCents)
    expect(BigInt(answer.watermark?.lsn ?? 0)).toBeGreaterThanOrEqual(BigInt(lsn))
  }
})

test('so it is with a question asked alone, which is begun before it is known where the stream stands', async () => {
  const authorization = await tokenOf(ADMIN)
  async function askAlone() {
    const response = await service.app.inject({
      method: 'POST',
      url: '/cubejs-api/v1/load',
      headers: { authorization },
      payload: { query: REVENUE },
    })
    return response.json()
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    // Every other time nothing moves before it, or something else.
    const lsn =
      round % 2 === 0
        ? await moveCheckpoint(databases.clickhouse, 'stock')
        : await sell(BigInt(round) + 1n)
    const { data, watermark } = await askAlone()
    expect(BigInt(data[0]['sales.revenue_cents'])).toBe(soldCents)
    expect(BigInt(watermark.lsn)).toBeGreaterThanOrEqual(BigInt(lsn))
    await askAlone()
  }
})

test('also while the same question is being answered for others', async () => {
  for (let round = 0; round < ROUNDS / 5; round += 1) {
    const crowd = Array.from({ length: 8 }, () => askWithWatermark())
    await sell(7n)
    expect((await askWithWatermark()).cents).toBe(soldCents)
    await Promise.all(crowd)
  }
})

test('an answer is kept until its topics move, and its watermark moves on meanwhile', async () => {
  await askWithWatermark()
  const lsn = await moveCheckpoint(databases.clickhouse, 'stock')
  const kept = await askWithWatermark()
  expect(kept.cost).toMatchObject({ cached: true, rows_read: 0 })
  expect(kept.watermark?.lsn).toBe(lsn)
  await moveCheckpoint(databases.clickhouse, 'catalog')
  expect((await askWithWatermark()).cost.cached).toBe(false)
})

test('two distributors never share an answer', async () => {
  await sell(1_000n, [1, 2])
  await sell(500n, [1, 3])
  const see = (distributor_id: string) => askWithWatermark({ role: 'distributor', distributor_id })
  for (let round = 0; round < 2; round += 1) {
    expect((await see('1')).cents).toBe(1_500n)
    expect((await see('2')).cents).toBe(1_000n)
    expect((await see('3')).cents).toBe(500n)
    expect((await see('4')).cents).toBe(0n)
  }
})

test('money past 2^53 arrives to the cent', async () => {
  await sell(9_007_199_254_740_993n)
  expect((await askWithWatermark()).cents).toBe(soldCents)
})

test('the first question after the start takes less than 100 ms of work', async () => {
  const other = await createService({
    CLICKHOUSE_URL: databases.clickhouseUrl,
    TOKEN_SECRET: SECRET,
    PIPE: 'main',
    LOG_LEVEL: 'warn',
  })
  const before = process.cpuUsage()
  await ask(other.app, ADMIN, {
    measures: ['profit.net_profit_cents'],
    dimensions: ['profit.channel'],
  })
  const { user, system } = process.cpuUsage(before)
  await other.app.close()
  expect((user + system) / 1_000).toBeLessThan(100)
})
