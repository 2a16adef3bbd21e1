import { expect, test } from 'vitest'
import { toCsv } from './csv.ts'
import { settingOf, tileOf } from './given.ts'
import { prepareAlerts } from './prepare/alerts.ts'
import { prepareFunnel } from './prepare/funnel.ts'
import { prepareRanking } from './prepare/ranking.ts'
import { prepareShare } from './prepare/share.ts'
import { prepareSpark } from './prepare/spark.ts'
import { prepareVelocity } from './prepare/velocity.ts'

test('a team that is new among the best has no change to infinity, and the foot says how many there are', () => {
  const row = (id: string, team: string, own: string) => ({
    'distributors.distributor_id': id,
    'distributors.distributor': `D${id}`,
    'distributors.team_revenue_cents': team,
    'distributors.own_revenue_cents': own,
  })
  const model = prepareRanking(
    tileOf('ranking'),
    settingOf(
      {
        distributors: [[row('1', '20000000', '5000000'), row('2', '10000000', '0')]],
        'distributors:before': [
          [{ 'distributors.distributor_id': '1', 'distributors.team_revenue_cents': '16000000' }],
        ],
      },
      'previous',
      1286,
    ),
  )
  expect(model.rows.map(({ whole, own }) => [whole, own])).toEqual([
    [100, 25],
    [50, 0],
  ])
  expect(model.rows.map(({ change }) => change?.text)).toEqual(['25.0%', '新增'])
  expect(model.footer).toBe('前 8 名，共 1,286 名有销售')
})

test('shares add up to a hundred, and a channel keeps its colour whatever is shown', () => {
  const row = (code: string, cents: string) => ({
    'sales.channel': code,
    'sales.channel_name': code,
    'sales.revenue_cents': cents,
  })
  const model = prepareShare(
    tileOf('share'),
    settingOf({ channels: [[row('b', '100'), row('c', '100'), row('d', '100')]] }),
    ['a', 'b', 'c', 'd'],
  )
  expect(model.rows.map(({ rate }) => rate)).toEqual(['33.4%', '33.3%', '33.3%'])
  expect(model.rows.map(({ color }) => color)).toEqual([
    'var(--series-2)',
    'var(--series-3)',
    'var(--series-4)',
  ])
})

test('past seven channels the rest is one row, and still part of the whole', () => {
  const rows = Array.from({ length: 10 }, (_, index) => ({
    'sales.channel': `c${index}`,
    'sales.channel_name': `c${index}`,
    'sales.revenue_cents': String(1000 - index),
  }))
  const model = prepareShare(tileOf('share'), settingOf({ channels: [rows] }), [])
  expect(model.rows).toHaveLength(8)
  expect(model.rows.at(-1)).toMatchObject({ name: '其他 3 个', color: 'var(--series-other)' })
})

test('a funnel tells both rates, of the first step and of the step before', () => {
  const row = {
    'conversion.visits': '96840',
    'conversion.views': '61212',
    'conversion.carts': '18930',
    'conversion.orders': '9014',
    'conversion.paid': '8462',
  }
  const { steps } = prepareFunnel(tileOf('funnel'), settingOf({ 'totals:conversion': [[row]] }))
  expect(steps.map(({ ofFirst }) => ofFirst)).toEqual(['100.0%', '63.2%', '19.5%', '9.3%', '8.7%'])
  expect(steps.map(({ ofBefore }) => ofBefore)).toEqual([null, '63.2%', '30.9%', '47.6%', '93.9%'])
  expect(prepareFunnel(tileOf('funnel'), settingOf({})).isEmpty).toBe(true)
})

test('a product says how fast it sells and how long it lasts', () => {
  const model = prepareVelocity(
    tileOf('velocity'),
    settingOf({
      velocity: [[{ 'sales.product_id': '7', 'sales.product': 'Tea', 'sales.units': '1284' }]],
      'velocity:cover': [[{ 'stock.product_id': '7', 'stock.days_of_cover': '0.1125' }]],
      'velocity:before': [
        [
          {
            'sales.product_id': '7',
            'sales.at.day': '2026-11-23T00:00:00.000',
            'sales.units': '5',
          },
        ],
        [{ 'sales.product_id': '7', 'sales.units': '1000' }],
      ],
    }),
  )
  expect(model.rows[0]).toMatchObject({
    sold: '1,284',
    perHour: '89',
    change: { direction: 'up', text: '28.4%' },
    cover: { text: '2.7 时', tone: 'bad' },
  })
  expect(model.rows[0]?.trendWords).toBe('0 0 0 0 0 0 0 0 0 0 0 0 5 0')
})

test('an alert says when it runs out, that it is gone, or that nothing moves', () => {
  const row = (severity: string, cover: string | null, available: string) => ({
    'stock.severity': severity,
    'stock.days_of_cover': cover,
    'stock.available': available,
    'stock.sku_id': available,
    'stock.sku': 'Tea',
    'stock.warehouse_id': '1',
    'stock.warehouse': 'East',
    'stock.reorder_point': '40',
    'stock.lead_time_days': '5',
  })
  const rows = [
    row('out', '0', '0'),
    row('critical', String(160 / 1440), '12'),
    row('watch', '30', '33'),
    row('watch', null, '8'),
  ]
  const counts = [
    { 'stock.severity': 'out', 'stock.position_count': '7' },
    // The list is newer: it shows one already.
    { 'stock.severity': 'critical', 'stock.position_count': '0' },
    { 'stock.severity': 'soon', 'stock.position_count': '3' },
  ]
  const model = prepareAlerts(
    tileOf('alerts'),
    settingOf({ alerts: [rows], 'alerts:count': [counts] }),
  )
  expect(model.rows.map(({ reason }) => reason)).toEqual([
    '已断货',
    '2 小时 40 分后断货',
    '还剩 33 · 到了补货点 40',
    '还剩 8 · 近 14 天没有出库',
  ])
  expect(model.sub).toBe('7 断货 · 1 紧急 · 3 留意 · 2 观察')
  expect(model.rows.map(({ icon }) => icon)).toEqual(['critical', 'critical', 'watch', 'watch'])
})

test('a small line starts at zero, breaks at gaps and leaves its last leg open', () => {
  const spark = prepareSpark([10, null, 10, 5], [], 4, true)
  expect(spark.solid.match(/M/g)).toHaveLength(2)
  expect(spark.open).toMatch(/^M66.67,8L100,50$/)
  expect(spark.end).toEqual({ x: 100, y: 50 })
  expect(prepareSpark([], [], 4, true).end).toBeNull()
})

test('an exported table keeps its cents and runs no formula', () => {
  const csv = toCsv({
    columns: [{ title: 'Name' }, { title: 'Sum' }],
    rows: [
      ['=1+1', '−¥1,427.70'],
      ['say "hi"', ''],
    ],
  })
  expect(csv).toBe(`\ufeff"Name","Sum"\r\n"'=1+1","-¥1,427.70"\r\n"say ""hi""",""\r\n`)
})
