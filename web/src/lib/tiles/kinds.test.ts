import { expect, test } from 'vitest'
import { conversion, customers, products } from '../../../../dashboards/index.ts'
import type { Dashboard } from '../../../../dashboards/define.ts'
import type { KindTile } from '../../../../dashboards/kinds.ts'
import { zh } from '#lib/i18n/kinds.zh.ts'
import { isKind } from './ask-kinds.ts'
import { settingOf } from './given.ts'
import { prepareCohort, prepareSteps } from './prepare/heat.ts'
import { prepareLeague } from './prepare/league.ts'
import { prepareMatrix } from './prepare/matrix.ts'
import { prepareMix } from './prepare/mix.ts'
import { prepareStack } from './prepare/stack.ts'

function tileOf<Show extends KindTile['show']>({ tiles }: Dashboard, show: Show, key?: string) {
  for (const tile of tiles) {
    if (isKind(tile) && isShow(tile, show) && (!key || tile.key === key)) return tile
  }
  throw new Error(`no ${show} tile`)
}

function isShow<Show extends KindTile['show']>(
  tile: KindTile,
  show: Show,
): tile is Extract<KindTile, { show: Show }> {
  return tile.show === show
}

function cohort(month: string, age: number, size: string, retention: string) {
  return {
    'customer_cohorts.cohort_month': month,
    'customer_cohorts.months_since': String(age),
    'customer_cohorts.cohort_customers': size,
    'customer_cohorts.retention': retention,
  }
}

test('a cohort is followed to the running month, which is not over; what has not come yet is empty, not zero', () => {
  const model = prepareCohort(
    tileOf(customers, 'cohort'),
    settingOf({
      cohorts: [
        [
          cohort('2026-10', 0, '40', '1.000000'),
          cohort('2026-10', 1, '40', '0.250000'),
          cohort('2026-09', 0, '20', '1.000000'),
          cohort('2026-09', 1, '20', '0'),
          cohort('2026-09', 2, '20', '0.500000'),
        ],
      ],
    }),
    zh,
  )
  expect(model.rows.map(({ name, size }) => [name, size])).toEqual([
    ['2026 年 9 月', '20'],
    ['2026 年 10 月', '40'],
  ])
  const [september, october] = model.rows.map(({ cells }) => cells.slice(0, 4))
  expect(september?.map((cell) => cell?.text ?? null)).toEqual(['100.0%', '0.0%', '50.0%', null])
  expect(october?.map((cell) => cell?.isOpen ?? null)).toEqual([false, true, null, null])
  // Where everyone still is tells nothing, and nobody is no shade either.
  expect(september?.map((cell) => cell?.shade ?? null)).toEqual([0, 0, 5, null])
})

test('every hour until now has its row of steps, each step shaded on its own scale', () => {
  const row = (hour: string, visits: string, view: string, cart: string) => ({
    'conversion_cohort.at.hour': `2026-11-24T${hour}:00:00.000`,
    'conversion_cohort.visits': visits,
    'conversion_cohort.view_rate': view,
    'conversion_cohort.cart_rate': cart,
  })
  const model = prepareSteps(
    tileOf(conversion, 'steps'),
    settingOf({
      days: [[row('13', '100', '0.6', '0.1'), row('14', '10', '0.9', '0.3')]],
      'days:total': [
        [{ 'conversion_cohort.visits': '110', 'conversion_cohort.view_rate': '0.627' }],
      ],
    }),
  )
  expect(model.rows).toHaveLength(15)
  expect(model.rows.at(-1)).toMatchObject({ name: '14 时，还没过完', isOpen: true, size: '10' })
  expect(model.rows.at(-2)?.cells.map((cell) => cell?.text)).toEqual([
    '60.0%',
    '10.0%',
    '—',
    '—',
    '—',
  ])
  expect(
    model.rows
      .at(-1)
      ?.cells.slice(0, 2)
      .map((cell) => cell?.shade),
  ).toEqual([5, 5])
  expect(model.rows[0]?.size).toBe('0')
  expect(model.total?.cells[0]).toBe('62.7%')
})

test('a matrix has a cell for every pair, and shares of what stands in it', () => {
  const model = prepareMatrix(
    tileOf(products, 'matrix'),
    settingOf({
      matrix: [
        [
          {
            'product_velocity.abc': 'A',
            'product_velocity.xyz': 'X',
            'product_velocity.sku_count': '3',
            'product_velocity.revenue_cents': '750',
          },
          {
            'product_velocity.abc': 'C',
            'product_velocity.xyz': 'Z',
            'product_velocity.sku_count': '9',
            'product_velocity.revenue_cents': '250',
          },
        ],
      ],
    }),
  )
  const cells = model.rows.flatMap(({ cells: row }) => row)
  expect(cells).toHaveLength(9)
  expect(cells.map(({ text }) => text)).toEqual(['3', '0', '0', '0', '0', '0', '0', '0', '9'])
  expect([cells[0]?.beside, cells.at(-1)?.beside]).toEqual(['75.0%', '25.0%'])
  expect([cells[0]?.shade, cells[1]?.shade, cells.at(-1)?.shade]).toEqual([1, 0, 5])
})

test('parts of each whole add up to a hundred per cent', () => {
  const row = (id: string, count: string) => ({
    'product_velocity.abc': id,
    'product_velocity.sku_count': count,
    'product_velocity.revenue_cents': '1',
    'product_velocity.stock_value_cents': '0',
  })
  const model = prepareMix(
    tileOf(products, 'mix'),
    settingOf({ abc: [[row('A', '1'), row('B', '1'), row('C', '1')]] }),
  )
  expect(model.rows.map(({ cells }) => cells[0]?.rate)).toEqual(['33.4%', '33.3%', '33.3%'])
  expect(model.rows.map(({ cells }) => cells[2]?.rate)).toEqual(['—', '—', '—'])
})

test('months stand one upon the other up to the running one, which is not over', () => {
  const row = (month: string, type: string, cents: string) => ({
    'customer_cohorts.month': month,
    'customer_cohorts.customer_type': type,
    'customer_cohorts.revenue_cents': cents,
  })
  const model = prepareStack(
    tileOf(customers, 'stack'),
    settingOf({
      'new-returning': [
        [
          row('2026-10', 'new', '100000'),
          row('2026-10', 'returning', '300000'),
          row('2026-11', 'returning', '200000'),
        ],
      ],
    }),
  )
  expect(model.count).toBe(13)
  expect(model.columns.map(({ index, isOpen }) => [index, isOpen])).toEqual([
    [11, false],
    [12, true],
  ])
  const [returning, fresh] = model.columns[0]?.parts ?? []
  expect(returning?.height).toBeCloseTo((fresh?.height ?? 0) * 3, 1)
  expect(fresh?.bottom).toBe(returning?.height)
  expect(model.table.rows.at(-1)?.[0]).toContain('还没过完')
})

test('a ranking is in the order it was asked in, classes in their own; each row says what it is', () => {
  const segment = (id: string, count: string) => ({
    'customers.rfm_segment': id,
    'customers.customer_count': count,
    'customers.recent_revenue_cents': '100',
  })
  const rows = [segment('lost', '9'), segment('champions', '3')]
  const model = prepareLeague(
    tileOf(customers, 'league', 'segments'),
    settingOf({ segments: [rows], 'segments:total': [[segment('', '12')]] }),
    zh,
  )
  expect(model.rows.map(({ name }) => name)).toEqual(['冠军客户', '流失客户'])
  expect(model.rows.map(({ cells }) => cells[0]?.bar)).toEqual([33.33, 100])
  expect(model.total?.[0]?.text).toBe('12')
  expect(model.isRanked).toBe(false)
})

test('a product carries its classes in words, its last days, and how long it lasts', () => {
  const model = prepareLeague(
    tileOf(products, 'league', 'velocity'),
    settingOf(
      {
        velocity: [
          [
            {
              'product_velocity.sku_id': '7',
              'product_velocity.sku': 'Tea',
              'product_velocity.abc': 'A',
              'product_velocity.xyz': 'Z',
              'product_velocity.turnover': '2.345',
              'product_velocity.days_of_cover': '9.2',
            },
          ],
        ],
        'velocity:before': [
          [
            {
              'sales.sku_id': '7',
              'sales.at.day': '2026-11-23T00:00:00.000',
              'sales.units': '5',
            },
          ],
        ],
      },
      'previous',
      40,
    ),
    zh,
  )
  expect(model.rows[0]?.marks.map(({ text, note }) => `${text} ${note}`)).toEqual([
    'A 前 80% 的收入',
    'Z Z：难预计',
  ])
  expect(model.rows[0]?.trend?.words.endsWith('0 5 0')).toBe(true)
  expect(model.rows[0]?.cells.slice(3).map(({ text }) => text)).toEqual(['2.35', '9.2 天'])
  expect(model.footer).toBe('前 1 行，共 40 行')
})
