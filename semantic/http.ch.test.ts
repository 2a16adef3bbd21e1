import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { views } from './members.ts'
import { createService } from './service.ts'
import { ADMIN, batch, SECRET, tokenOf } from './test/compare.ts'
import { moveCheckpoint, startDatabases, type Databases } from './test/databases.ts'
import { CLOCKS_GO_BACK, foundCompany } from './test/company.ts'
import { writeOrder } from './test/history.ts'
import { createRandom } from './test/random.ts'

const DISTRIBUTOR = { role: 'distributor', distributor_id: '1' }
const NOWHERE = 'http://nobody:nothing@127.0.0.1:9'

let databases: Databases
let service: Awaited<ReturnType<typeof createService>>

beforeAll(async () => {
  databases = await startDatabases()
  const random = createRandom(7)
  const company = await foundCompany(databases.sql, random, CLOCKS_GO_BACK)
  for (let number = 0; number < 30; number += 1)
    await writeOrder(databases.sql, random, company, number)
  await databases.copy()
  await moveCheckpoint(databases.clickhouse, 'sales')
  service = await serviceAt(databases.clickhouseUrl)
})
afterAll(async () => {
  await service.app.close()
  await databases.stop()
})

function serviceAt(url: string) {
  return createService({
    CLICKHOUSE_URL: url,
    TOKEN_SECRET: SECRET,
    PIPE: 'main',
    LOG_LEVEL: 'silent',
  })
}

async function get(path: string, who = ADMIN) {
  return service.app.inject({ url: path, headers: { authorization: await tokenOf(who) } })
}

function loadPath(query: object, more = '') {
  return `/cubejs-api/v1/load?query=${encodeURIComponent(JSON.stringify(query))}${more}`
}

const BY_CHANNEL = {
  measures: ['sales.revenue_cents'],
  dimensions: ['sales.channel'],
  timeDimensions: [
    { dimension: 'sales.at', granularity: 'day', dateRange: ['2026-10-19', '2026-11-20'] },
  ],
  order: { 'sales.at': 'asc' },
}

describe("clients of Cube's REST API", () => {
  test('get several results where they say they can read them', async () => {
    const response = await get(loadPath(BY_CHANNEL, '&queryType=multi'))
    expect(response.statusCode).toBe(200)
    const body = response.json()
    expect(body).toMatchObject({
      queryType: 'regularQuery',
      results: [{ query: { limit: 1_000 } }],
    })
    expect(body.results[0].annotation.measures['sales.revenue_cents'].shortTitle).toBe('Revenue')
    expect(body.results[0].data[0]).toMatchObject({
      'sales.at': expect.stringMatching(/^2026-\d\d-\d\dT00:00:00.000$/),
      'sales.revenue_cents': expect.stringMatching(/^-?\d+$/),
    })
  })

  test('get one result otherwise, by GET and by POST the same', async () => {
    const got = await get(loadPath(BY_CHANNEL))
    const posted = await service.app.inject({
      method: 'POST',
      url: '/cubejs-api/v1/load',
      headers: { authorization: `Bearer ${await tokenOf(ADMIN)}` },
      payload: { query: BY_CHANNEL },
    })
    expect(posted.json().data).toEqual(got.json().data)
    expect(got.json().data.length).toBeGreaterThan(5)
  })

  test('compare two periods in one question', async () => {
    const compareDateRange = [
      ['2026-10-19', '2026-10-25'],
      ['2026-10-26', '2026-11-01'],
    ]
    const query = {
      measures: ['sales.order_count'],
      timeDimensions: [{ dimension: 'sales.at', compareDateRange }],
    }
    const response = await get(loadPath(query, '&queryType=multi'))
    const { queryType, results } = response.json()
    expect(queryType).toBe('compareDateRangeQuery')
    const [merged] = await batch(service.app, ADMIN, [query])
    expect(merged?.data).toEqual([...results[0].data, ...results[1].data])
    expect(merged?.data.map((row) => row.compareDateRange)).toEqual([
      '2026-10-19T00:00:00.000 - 2026-10-25T23:59:59.999',
      '2026-10-26T00:00:00.000 - 2026-11-01T23:59:59.999',
    ])
  })

  test('read what may be asked, with titles in both languages', async () => {
    const { cubes } = (await get('/cubejs-api/v1/meta')).json()
    const names = cubes.map(({ name }: { name: string }) => name)
    expect(names.toSorted()).toEqual(Object.keys(views).toSorted())
    const [revenue] = cubes[names.indexOf('sales')].measures
    expect(revenue).toMatchObject({
      name: 'sales.revenue_cents',
      shortTitle: 'Revenue',
      meta: { title_zh: '收入', unit: 'cents', good: 'up', additive: true },
    })
  })

  test('are not told of views they may not open', async () => {
    const { cubes } = (await get('/cubejs-api/v1/meta', DISTRIBUTOR)).json()
    const names = cubes.map(({ name }: { name: string }) => name)
    expect(names).toContain('sales')
    expect(names).not.toContain('profit')
    expect(names).not.toContain('stock')
  })

  test.each([
    '/cubejs-api/v1/sql',
    '/cubejs-api/graphql',
    '/cubejs-api/v1/dry-run',
    '/readyz',
    '/',
  ])('find nothing at %s', async (path) => {
    expect((await get(path)).statusCode).toBe(404)
  })
})

describe('a question that cannot be answered says why', () => {
  test.each([
    [{ measures: ['sales.revenue'] }, 400, 'UNKNOWN_MEMBER', 'sales.revenue'],
    [{ measures: ['journal.revenue_cents'] }, 400, 'UNKNOWN_MEMBER', 'journal.revenue_cents'],
    [{ measures: ['sales.units', 'stock.on_hand'] }, 400, 'INVALID_QUERY', 'join'],
    [{ measures: ['sales.channel'] }, 400, 'INVALID_QUERY', 'channel'],
    [{ measures: [] }, 400, 'INVALID_QUERY', 'nothing'],
    [
      {
        measures: ['sales.units'],
        filters: [{ member: 'sales.business_day', operator: 'equals', values: ['x'] }],
      },
      400,
      'INVALID_VALUE',
      'filter',
    ],
    [
      {
        measures: ['sales.units'],
        filters: [{ member: 'sales.channel', operator: 'like', values: ['x'] }],
      },
      400,
      'INVALID_QUERY',
      'like',
    ],
    [{ measures: ['sales.units'], timezone: 'Mars/Olympus' }, 400, 'INVALID_QUERY', 'Mars'],
    [{ measures: ['sales.units'], limit: 1e6 }, 400, 'INVALID_QUERY', 'limit'],
  ])('%j', async (query, status, code, word) => {
    const [result] = await batch(service.app, ADMIN, [query])
    expect(result?.problem).toMatchObject({ status, code, detail: expect.stringContaining(word) })
  })

  test.each([
    { measures: ['profit.net_profit_cents'] },
    { dimensions: ['stock.sku'] },
    {
      measures: ['sales.units'],
      filters: [{ member: 'profit.fee_cents', operator: 'gt', values: [1] }],
    },
    { measures: ['sales.units'], order: { 'profit.fee_cents': 'asc' } },
  ])('a distributor asking %j is forbidden to, he does not see zeros', async (query) => {
    const [result] = await batch(service.app, DISTRIBUTOR, [query])
    expect(result?.problem).toMatchObject({ status: 403, code: 'VIEW_FORBIDDEN' })
    expect((await get(loadPath(query), DISTRIBUTOR)).statusCode).toBe(403)
  })

  test.each([
    { measures: ['sales.units'], dimensions: ['sales.customer'] },
    {
      measures: ['sales.units'],
      filters: [{ member: 'sales.customer', operator: 'equals', values: ['Ann'] }],
    },
  ])('a distributor asking %j for the names of customers is forbidden to', async (query) => {
    const [refused, answered] = await batch(service.app, DISTRIBUTOR, [
      query,
      { measures: ['sales.units'] },
    ])
    expect(refused?.problem).toMatchObject({ status: 403, code: 'MEMBER_FORBIDDEN' })
    expect(answered?.problem).toBeUndefined()
  })

  test('one that fails does not take the rest of the dashboard with it', async () => {
    const results = await batch(service.app, ADMIN, [
      { measures: ['sales.units'] },
      42,
      { measures: ['stock.on_hand'] },
    ])
    expect(results.map(({ problem }) => problem?.code ?? 'answered')).toEqual([
      'answered',
      'INVALID_QUERY',
      'answered',
    ])
  })

  test.each(['/batch', '/cubejs-api/v1/load', '/cubejs-api/v1/meta'])(
    'nothing is told at %s without a token',
    async (url) => {
      const method = url === '/batch' ? 'POST' : 'GET'
      const response = await service.app.inject({ method, url })
      expect(response.statusCode).toBe(401)
      expect(response.json()).toMatchObject({ code: 'NO_TOKEN' })
    },
  )

  test('a batch is limited', async () => {
    const queries = Array.from({ length: 65 }, () => ({ measures: ['sales.units'] }))
    await expect(batch(service.app, ADMIN, queries)).rejects.toThrow('INVALID_BATCH')
  })
})

describe('while ClickHouse is away', () => {
  test('the service starts, says that it cannot serve, and answers with a reason', async () => {
    const lonely = await serviceAt(NOWHERE)
    const health = await lonely.app.inject({ url: '/health' })
    expect(health.statusCode).toBe(503)
    const response = await lonely.app.inject({
      method: 'POST',
      url: '/batch',
      headers: { authorization: await tokenOf(ADMIN) },
      payload: { queries: [{ measures: ['sales.units'] }] },
    })
    expect(response.statusCode).toBe(503)
    expect(response.json()).toMatchObject({ code: 'ANALYTICS_UNAVAILABLE' })
    expect(response.body).not.toContain('nothing')
    await lonely.app.close()
  })
})
