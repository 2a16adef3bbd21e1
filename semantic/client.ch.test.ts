/** Cube's own client against this service, over a real port: what others build on must go on working. */
import cube, { type CubeApi, type Query } from '@cubejs-client/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createService } from './service.ts'
import { ADMIN, ask, SECRET, tokenOf } from './test/compare.ts'
import { CLOCKS_GO_BACK, foundCompany } from './test/company.ts'
import { moveCheckpoint, startDatabases, type Databases } from './test/databases.ts'
import { writeOrder } from './test/history.ts'
import { createRandom } from './test/random.ts'

const ORDERS = 40
const BY_CHANNEL = {
  measures: ['sales.revenue_cents', 'sales.order_count'],
  dimensions: ['sales.channel'],
  timeDimensions: [
    { dimension: 'sales.at', granularity: 'week', dateRange: ['2026-10-19', '2026-11-22'] },
  ],
  order: { 'sales.at': 'asc', 'sales.channel': 'asc' },
} satisfies Query

let databases: Databases
let service: Awaited<ReturnType<typeof createService>>
let api: CubeApi

beforeAll(async () => {
  databases = await startDatabases()
  const random = createRandom(11)
  const company = await foundCompany(databases.sql, random, CLOCKS_GO_BACK)
  for (let number = 0; number < ORDERS; number += 1) {
    await writeOrder(databases.sql, random, company, number)
  }
  await databases.copy()
  await moveCheckpoint(databases.clickhouse, 'sales')
  service = await createService({
    CLICKHOUSE_URL: databases.clickhouseUrl,
    TOKEN_SECRET: SECRET,
    PIPE: 'main',
    LOG_LEVEL: 'silent',
  })
  const address = await service.app.listen({ host: '127.0.0.1', port: 0 })
  api = cube(await tokenOf(ADMIN), { apiUrl: `${address}/cubejs-api/v1` })
})
afterAll(async () => {
  await service.app.close()
  await databases.stop()
})

test('it reads what may be asked, and finds a member by its name', async () => {
  const meta = await api.meta()
  const revenue = meta.resolveMember('sales.revenue_cents', 'measures')
  expect(revenue).toMatchObject({
    shortTitle: 'Revenue',
    meta: { title_zh: '收入', description_zh: expect.any(String), unit: 'cents' },
  })
})

test('its rows, its pivot and its series say what the answer says', async () => {
  const result = await api.load(BY_CHANNEL)
  const rows = await ask(service.app, ADMIN, BY_CHANNEL)
  expect(result.rawData()).toEqual(rows)
  expect(rows.length).toBeGreaterThan(6)

  const table = result.tablePivot({ x: ['sales.channel', 'sales.at.week'], y: ['measures'] })
  const channels = new Set(rows.map((row) => row['sales.channel']))
  expect(new Set(table.map((row) => row['sales.channel']))).toEqual(channels)

  const sum = (values: (string | number | null | undefined)[]) =>
    values.reduce<number>((total, value) => total + Number(value ?? 0), 0)
  const inSeries = result
    .series({ x: ['sales.at.week'], y: ['sales.channel', 'measures'] })
    .filter(({ key }) => key.includes('order_count'))
    .flatMap(({ series }) => series.map(({ value }) => value))
  expect(sum(inSeries)).toBe(sum(rows.map((row) => row['sales.order_count'])))
})

test('compact and columnar answers are the same rows, smaller', async () => {
  const plain = await api.load(BY_CHANNEL)
  const compact = await api.load({ ...BY_CHANNEL, responseFormat: 'compact' })
  expect(compact.rawData()).toEqual(plain.rawData())
  const response = await service.app.inject({
    method: 'POST',
    url: '/cubejs-api/v1/load',
    headers: { authorization: await tokenOf(ADMIN) },
    payload: { query: { ...BY_CHANNEL, responseFormat: 'columnar' } },
  })
  const { members, columns } = response.json().data
  const rows = columns[0].map((_: unknown, index: number) =>
    Object.fromEntries(
      members.map((name: string, column: number) => [name, columns[column][index]]),
    ),
  )
  expect(rows).toEqual(plain.rawData())
  expect(response.body.length).toBeLessThan(JSON.stringify(plain.rawData()).length * 2)
})

test('an error comes as one, with its words', async () => {
  await expect(api.load({ measures: ['sales.nothing'] })).rejects.toThrow(/sales\.nothing/)
})

test('two periods are compared in one question', async () => {
  const result = await api.load({
    measures: ['sales.order_count'],
    timeDimensions: [
      {
        dimension: 'sales.at',
        compareDateRange: [
          ['2026-10-19', '2026-11-01'],
          ['2026-11-02', '2026-11-15'],
        ],
      },
    ],
  })
  expect(result.decompose().map((part) => part.rawData().length)).toEqual([1, 1])
})
