import { expect, test } from 'vitest'
import { today } from '../../../../dashboards/index.ts'
import type { Tile } from '../../../../dashboards/define.ts'
import type { Results } from '#lib/board.svelte.ts'
import type { Row } from '#lib/cube.ts'
import { createFormat } from '#lib/format.ts'
import { zh } from '#lib/i18n/tiles.zh.ts'
import { toCsv } from './csv.ts'
import { prepareAlerts } from './prepare/alerts.ts'
import { prepareFunnel } from './prepare/funnel.ts'
import { prepareHours } from './prepare/hours.ts'
import { prepareNumber } from './prepare/number.ts'
import { prepareRanking } from './prepare/ranking.ts'
import type { Setting } from './prepare/setting.ts'
import { prepareShare } from './prepare/share.ts'
import { prepareSpark } from './prepare/spark.ts'
import { prepareVelocity } from './prepare/velocity.ts'
import { prepareWaterfall } from './prepare/waterfall.ts'

/** 14:23 in Shanghai, a Tuesday. */
const asOf = new Date('2026-11-24T06:23:07Z')

function settingOf(results: Record<string, Row[][]>, isCompared = true, total?: number): Setting {
  return {
    results: Object.fromEntries(
      Object.entries(results).map(([key, answers]) => [
        key,
        answers.map((rows) => ({
          ok: true as const,
          answer: { rows, total, watermark: null, cost: { ms: 1, cached: false } },
        })),
      ]),
    ) satisfies Results,
    format: createFormat('zh', { currency: 'CNY', minorDigits: 2 }),
    language: 'zh',
    words: zh,
    scope: { chosen: {}, isCompared, timeZone: 'Asia/Shanghai' },
    filters: today.filters,
    asOf,
  }
}

function tileOf<Show extends Tile['show']>(show: Show, key?: string) {
  const found = today.tiles.find((tile) => tile.show === show && (!key || tile.key === key))
  if (!found) throw new Error(`no ${show} tile`)
  // find() does not narrow by the argument of the function around it.
  return found as Extract<Tile, { show: Show }>
}

function hourRows(
  view: string,
  measure: string,
  day: string,
  values: Record<number, string>,
): Row[] {
  return Object.entries(values).map(([hour, value]) => ({
    [`${view}.at.hour`]: `${day}T${hour.padStart(2, '0')}:00:00.000`,
    [measure]: value,
  }))
}

test('a headline carries its exact value, its change and the number of a week ago', () => {
  const model = prepareNumber(
    tileOf('number', 'revenue'),
    settingOf({
      'totals:sales': [[{ 'sales.revenue_cents': '124031842' }]],
      'before:sales': [[{ 'sales.revenue_cents': '110250526' }], []],
    }),
  )
  expect(model.value).toEqual({ text: '¥124.03', unit: '万' })
  expect(model.exact).toBe('¥1,240,318.42')
  expect(model.change).toEqual({ direction: 'up', text: '12.5%' })
  expect(model.than).toBe('上周 ¥110.3 万')
})

test('without a comparison nothing is compared, and nothing pretends to be 0', () => {
  const model = prepareNumber(
    tileOf('number', 'revenue'),
    settingOf({ 'totals:sales': [[{ 'sales.revenue_cents': '5' }]] }, false),
  )
  expect(model.change).toBeNull()
  expect(model.than).toBeNull()
  expect(prepareNumber(tileOf('number', 'conversion'), settingOf({})).value.text).toBe('—')
})

test('an hour without orders sold nothing, but has no average order', () => {
  const results = {
    'hours:sales': [
      hourRows('sales', 'sales.average_order_cents', '2026-11-24', { 9: '1000' }).map((row) => ({
        ...row,
        'sales.revenue_cents': '2000',
      })),
    ],
  }
  const average = prepareNumber(tileOf('number', 'average-order'), settingOf(results))
  const revenue = prepareNumber(tileOf('number', 'revenue'), settingOf(results))
  expect(average.table.rows.slice(8, 10).map((row) => row[1])).toEqual(['—', '¥10.00'])
  expect(revenue.table.rows.slice(8, 10).map((row) => row[1])).toEqual(['¥0.00', '¥20.00'])
  expect(revenue.table.rows[15]?.[1]).toBe('—')
})

test('the hour that the watermark stands in is not over, and later ones have not begun', () => {
  const model = prepareHours(
    tileOf('hours'),
    settingOf({
      hours: [
        hourRows('sales', 'sales.revenue_cents', '2026-11-24', {
          12: '19100000',
          13: '100',
          14: '5000000',
        }),
      ],
      'hours:before': [
        hourRows('sales', 'sales.revenue_cents', '2026-11-17', { 12: '100', 23: '900' }),
      ],
    }),
  )
  expect(model.bars.filter(({ isOpen }) => isOpen).map(({ hour }) => hour)).toEqual([14])
  expect(model.open?.name).toBe('14 时，还没过完')
  expect(model.peak).toMatchObject({ hour: 12, text: '¥19.1 万' })
  expect(model.slots[15]).toMatchObject({ now: null, before: '¥0.00', change: null })
  expect(model.slots[12]).toMatchObject({ now: '¥191,000.00', before: '¥1.00' })
  expect(model.beforeName).toBe('上周二')
  expect(model.ticks.length).toBeGreaterThanOrEqual(2)
  expect(model.ticks.length).toBeLessThanOrEqual(5)
})

test('an hour that gave back more than it took hangs below zero', () => {
  const model = prepareHours(
    tileOf('hours'),
    settingOf({
      hours: [hourRows('sales', 'sales.revenue_cents', '2026-11-24', { 3: '-5000', 4: '10000' })],
    }),
  )
  const [below, above] = model.bars
  const zero = model.ticks.find(({ isZero }) => isZero)?.y ?? -1
  expect(below?.bottom).toBeLessThan(zero)
  expect((below?.bottom ?? 0) + (below?.height ?? 0)).toBeCloseTo(zero, 1)
  expect(above?.bottom).toBeCloseTo(zero, 1)
})

const profit = {
  'profit.gross_sales_cents': '141286050',
  'profit.discount_cents': '12841150',
  'profit.refund_cents': '4413058',
  'profit.revenue_cents': '124031842',
  'profit.cogs_cents': '70391250',
  'profit.gross_profit_cents': '53640592',
  'profit.commission_cents': '14883850',
  'profit.fee_cents': '6201550',
  'profit.net_profit_cents': '32555192',
}

test('what the waterfall prints adds up on the screen, to the unit', () => {
  const { rows } = prepareWaterfall(tileOf('waterfall'), settingOf({ 'totals:profit': [[profit]] }))
  const printed = rows.map(({ amount }) => Number(amount.replace('−', '-').replaceAll(',', '')))
  expect((printed[0] ?? 0) + (printed[1] ?? 0) + (printed[2] ?? 0)).toBe(printed[3])
  expect((printed[3] ?? 0) + (printed[4] ?? 0)).toBe(printed[5])
  expect((printed[5] ?? 0) + (printed[6] ?? 0) + (printed[7] ?? 0)).toBe(printed[8])
  expect(rows[3]?.share).toBe('100.0%')
  expect(rows[1]).toMatchObject({ exact: '−¥128,411.50', isSum: false, isBeforeSum: false })
})

test('a deduction hangs where the one before it ended, and small sums keep their cents', () => {
  const small = Object.fromEntries(
    Object.entries(profit).map(([name, value]) => [name, value.slice(0, -4)]),
  )
  const { rows } = prepareWaterfall(tileOf('waterfall'), settingOf({ 'totals:profit': [[small]] }))
  expect(rows[0]?.amount).toBe('141.28')
  const [gross, discount, refund] = rows
  expect((discount?.left ?? 0) + (discount?.width ?? 0)).toBeCloseTo(
    (gross?.left ?? 0) + (gross?.width ?? 0),
    1,
  )
  expect((refund?.left ?? 0) + (refund?.width ?? 0)).toBeCloseTo(discount?.left ?? 0, 1)
})

test('a loss is drawn on the other side of zero', () => {
  const loss = {
    ...profit,
    'profit.cogs_cents': '200000000',
    'profit.gross_profit_cents': '-75968158',
    'profit.net_profit_cents': '-97053558',
  }
  const { rows } = prepareWaterfall(tileOf('waterfall'), settingOf({ 'totals:profit': [[loss]] }))
  const zero = rows[0]?.left ?? 0
  expect(zero).toBeGreaterThan(0)
  expect((rows[8]?.left ?? 0) + (rows[8]?.width ?? 0)).toBeCloseTo(zero, 1)
  expect(rows[8]?.amount).toBe('−970,536')
})

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
      true,
      1286,
    ),
  )
  expect(model.rows.map(({ team, own }) => [team, own])).toEqual([
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
        [{ 'sales.product_id': '7', 'sales.units': '1000' }],
        [
          {
            'sales.product_id': '7',
            'sales.at.day': '2026-11-23T00:00:00.000',
            'sales.units': '5',
          },
        ],
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
  const model = prepareAlerts(tileOf('alerts'), settingOf({ alerts: [rows] }))
  expect(model.rows.map(({ reason }) => reason)).toEqual([
    '已断货',
    '2 小时 40 分后断货',
    '还剩 33 · 到了补货点 40',
    '还剩 8 · 近 14 天没有出库',
  ])
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
