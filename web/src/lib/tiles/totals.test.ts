import { expect, test } from 'vitest'
import { periodAt } from '#lib/period.ts'
import { hourRows, settingOf, tileOf } from './given.ts'
import { prepareNumber } from './prepare/number.ts'
import { prepareSeries } from './prepare/series.ts'
import { prepareWaterfall } from './prepare/waterfall.ts'

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
  expect(model.than).toBe('上周二 ¥110.3 万')
})

test('without a comparison nothing is compared, and nothing pretends to be 0', () => {
  const model = prepareNumber(
    tileOf('number', 'revenue'),
    settingOf({ 'totals:sales': [[{ 'sales.revenue_cents': '5' }]] }, 'off'),
  )
  expect(model.change).toBeNull()
  expect(model.than).toBeNull()
  expect(prepareNumber(tileOf('number', 'conversion'), settingOf({})).value.text).toBe('—')
})

test('an hour without orders sold nothing, but has no average order', () => {
  const results = {
    'series:sales': [
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

test('an hour that the clock skips has nothing, not a zero; one that it shows twice is one', () => {
  const inSpring = { from: '2026-03-08', to: '2026-03-08' }
  const setting = settingOf({
    'series:sales': [hourRows('sales', 'sales.revenue_cents', '2026-03-08', { 1: '2000' })],
  })
  const { asOf } = setting
  const period = periodAt(asOf, 'America/New_York', inSpring)
  const { table } = prepareNumber(tileOf('number', 'revenue'), { ...setting, period })
  expect(table.rows).toHaveLength(24)
  expect(table.rows.slice(1, 4).map((row) => row[1])).toEqual(['¥20.00', '—', '¥0.00'])
})

test('the hour that the watermark stands in is not over, and later ones have not begun', () => {
  const model = prepareSeries(
    tileOf('series'),
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
  expect(model.bars.filter(({ isOpen }) => isOpen).map(({ index }) => index)).toEqual([14])
  expect(model.open?.name).toBe('14 时，还没过完')
  expect(model.peak).toMatchObject({ index: 12, text: '¥19.1 万' })
  expect(model.slots[15]).toMatchObject({ now: null, before: '¥0.00', change: null })
  expect(model.slots[12]).toMatchObject({ now: '¥191,000.00', before: '¥1.00' })
  expect(model.beforeName).toBe('上周二')
  expect(model.ticks.length).toBeGreaterThanOrEqual(2)
  expect(model.ticks.length).toBeLessThanOrEqual(5)
})

test('an hour that gave back more than it took hangs below zero', () => {
  const model = prepareSeries(
    tileOf('series'),
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
