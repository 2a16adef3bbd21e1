import { expect, test } from 'vitest'
import { products } from '../../../../dashboards/index.ts'
import type { KindTile } from '../../../../dashboards/kinds.ts'
import { zh } from '#lib/i18n/kinds.zh.ts'
import { settingOf } from './given.ts'
import { preparePareto } from './prepare/pareto.ts'
import { prepareScatter } from './prepare/scatter.ts'

function tileOf<Show extends 'pareto' | 'scatter'>(show: Show) {
  for (const tile of products.tiles) if (isShow(tile, show)) return tile
  throw new Error(`no ${show} tile`)
}

function isShow<Show extends string>(
  tile: { show: string },
  show: Show,
): tile is Extract<KindTile, { show: Show }> {
  return tile.show === show
}

function sold(sku: string, cents: string) {
  return {
    'product_velocity.sku_id': sku,
    'product_velocity.sku': `SKU ${sku}`,
    'product_velocity.revenue_cents': cents,
  }
}

test('a class takes rows until it is full, as the model parts them, and what sold nothing is in the last', () => {
  const rows = [sold('1', '7900'), sold('2', '1000'), sold('3', '700'), sold('4', '400')]
  const model = preparePareto(
    tileOf('pareto'),
    settingOf({ pareto: [[...rows, sold('5', '0'), sold('6', '-300')]] }),
    zh,
  )
  expect(model.slots.map((slot) => slot.class)).toEqual(['A', 'A', 'B', 'C', 'C', 'C'])
  expect(model.slots.map(({ cumulated }) => cumulated)).toEqual([
    ...['79.0%', '89.0%', '96.0%'],
    ...['100.0%', '100.0%', '100.0%'],
  ])
  expect(model.classes.map(({ count }) => count)).toEqual(['2', '1', '3'])
  expect(model.current).toBe(1)
  expect(model.table.rows[5]).toEqual(['6', 'SKU 6', '−¥3.00', '0.00%', '100.0%', 'C'])
  expect(model.line).toMatch(/^M0 100L0\.5 21/)
})

test('a list that was cut short is a share of the whole, not of what is listed', () => {
  const setting = settingOf(
    {
      pareto: [[sold('1', '5000')]],
      'pareto:total': [[{ 'product_velocity.revenue_cents': '10000' }]],
    },
    'previous',
    3,
  )
  const model = preparePareto(tileOf('pareto'), setting, zh)
  expect(model.slots[0]?.cumulated).toBe('50.0%')
  expect(model.footer).toContain('3')
})

test('nothing sold is no curve', () => {
  expect(preparePareto(tileOf('pareto'), settingOf({ pareto: [[]] }), zh).isEmpty).toBe(true)
  const none = settingOf({ pareto: [[sold('1', '0')]] })
  expect(preparePareto(tileOf('pareto'), none, zh).isEmpty).toBe(true)
})

function moved(sku: string, units: number, days: number | null) {
  return {
    'product_velocity.sku_id': sku,
    'product_velocity.sku': `SKU ${sku}`,
    'product_velocity.units': String(units),
    'product_velocity.days_of_cover': days === null ? null : String(days),
  }
}

test('each row stands in one corner, the corner it is told in, and a row without a figure in none', () => {
  const rows = [moved('1', 200, 5), moved('2', 13, 30), moved('3', 2, 400), moved('4', 1, 3)]
  const model = prepareScatter(
    tileOf('scatter'),
    settingOf({ cover: [[...rows, moved('5', 0, null)]] }),
    zh,
  )
  expect(model.points.map(({ id, corner }) => [id, corner])).toEqual([
    ['4', '慢，剩得少'],
    ['3', '慢，压着钱'],
    ['2', '快，够卖'],
    ['1', '快，该补货'],
  ])
  expect(model.corners.map(({ count }) => count)).toEqual(['1', '1', '1', '1'])
  expect(model.footer).toContain('1 个缺一项数据')
  expect(model.rising.map((index) => model.points[index]?.id)).toEqual(['4', '1', '2', '3'])
  const { ticks, split } = model.across
  expect(ticks.map(({ text }) => text)).toEqual(['0', '1', '10', '100'])
  expect(split).toBeGreaterThan(ticks[2]?.at ?? 0)
  expect(split).toBeLessThan(ticks[3]?.at ?? 0)
})

test('more rows than dots can tell apart are counted in squares, and none is lost', () => {
  const rows = Array.from({ length: 1_500 }, (_, index) =>
    moved(String(index), index % 40, (index * 7) % 90),
  )
  const model = prepareScatter(tileOf('scatter'), settingOf({ cover: [rows] }), zh)
  expect(model.dots).toBe('')
  expect(model.cells.reduce((sum, { count }) => sum + count, 0)).toBe(1_500)
  expect(model.cells.every(({ shade }) => shade >= 1 && shade <= 5)).toBe(true)
  expect(model.points).toHaveLength(1_500)
  expect(model.footer).toContain('方格')
})
