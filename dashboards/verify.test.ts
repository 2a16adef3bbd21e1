import { expect, test } from 'vitest'
import { dimensions, measures, views } from '../semantic/members.ts'
import type { Dashboard } from './define.ts'
import { dashboards, products, today } from './index.ts'
import { violationsOf, type Model } from './verify.ts'

const model: Model = { views, measures, dimensions }

for (const dashboard of dashboards) {
  test(`${dashboard.slug}: says nothing that the model does not`, () => {
    expect(violationsOf(dashboard, model)).toEqual([])
  })
}

/** The page with its first tile changed: each kind of mistake is made once. */
function broken(change: object): Dashboard {
  const [first, ...others] = today.tiles
  return { ...today, tiles: [Object.assign({}, first, change), ...others] }
}

function saysOf(dashboard: Dashboard, other = model) {
  return violationsOf(dashboard, other).map(({ at, says }) => `${at}: ${says}`)
}

test('a member that the model does not have is named, with the tile it is in', () => {
  expect(saysOf(broken({ measure: 'sales.turnover' }))).toEqual([
    'today.tiles.revenue.measure: there is no member sales.turnover',
  ])
})

test('cents are not written as a count', () => {
  expect(saysOf(broken({ unit: 'count' }))).toEqual([
    'tiles.revenue: sales.revenue_cents is in cents, not count',
  ])
})

test('a tile that no role of the page may open is named; one that some may not, with them', () => {
  const shut = (roles: readonly string[]): Model => ({
    ...model,
    views: { ...views, conversion: { forbidden_to: roles } },
  })
  expect(saysOf(today, shut(today.roles))).toContain(
    'tiles.funnel: no role of the page may open conversion',
  )
  expect(saysOf(today, shut(['warehouse']))).toContain(
    'tiles.funnel: warehouse may not open conversion',
  )
})

test('a tile with a member that a role of the page may not read is named, though its view is open', () => {
  const shut = (member: string, roles: readonly string[]): Model => ({
    ...model,
    dimensions: { ...dimensions, [member]: { forbidden_to: roles } },
  })
  expect(saysOf(today, shut('sales.channel', ['warehouse']))).toContain(
    'tiles.channels: warehouse may not open sales.channel',
  )
  expect(saysOf(today, shut('sales.channel', today.roles))).toContain(
    'tiles.channels: no role of the page may open sales.channel',
  )
  expect(saysOf(today, shut('sales.channel', ['distributor']))).toEqual([])
})

test('a filter whose choices a role of the page may not read is named', () => {
  const [filter, ...others] = today.filters
  if (filter === undefined) throw new Error('the page has no filter')
  const choices = { ...filter.choices, name: 'sales.customer' as const }
  const asks = { ...today, filters: [{ ...filter, choices }, ...others] }
  const roles = { 'sales.customer': { forbidden_to: ['executive'] } }
  expect(saysOf(asks, { ...model, dimensions: { ...dimensions, ...roles } })).toContain(
    `filters.${filter.name}: executive may not open sales.customer`,
  )
})

test('the model says of a member that is shut to a role that it is', () => {
  expect(dimensions['sales.customer'].forbidden_to).toEqual(['distributor'])
})

test('a text that one language lacks is named', () => {
  expect(saysOf(broken({ title: { zh: '销售额', en: ' ' } }))).toEqual([
    'today.tiles.0.title: has no text in en',
  ])
})

test('a quotient has gaps, and bad news is not good', () => {
  expect(saysOf(broken({ measure: 'sales.average_order_cents' }))).toEqual([
    'tiles.revenue: sales.average_order_cents is a quotient: a time without any is a gap (gaps: true)',
  ])
  expect(saysOf(broken({ good: 'down' }))).toEqual([
    'tiles.revenue: sales.revenue_cents is good when it goes up',
  ])
})

test('a key that two tiles have, and a row that is not full, are named', () => {
  expect(saysOf(broken({ key: 'orders' }))).toEqual(['tiles.orders: another tile has this key'])
  const [tile, ...others] = today.tiles.toReversed()
  const wider = Object.assign({}, tile, { width: 3 })
  expect(saysOf({ ...today, tiles: [...others, wider] })).toEqual([
    'tiles: the rows of 12 columns are not full',
  ])
})

test('shares of what does not add up, and classes that leave a rest or overlap, are named', () => {
  const says = (change: object) =>
    saysOf({
      ...products,
      tiles: products.tiles.map((tile) =>
        tile.show === 'pareto' ? Object.assign({}, tile, change) : tile,
      ),
    })
  const title = { zh: 'A', en: 'A' }
  const turnover = {
    figure: { title, measure: 'product_velocity.turnover', unit: 'decimal' },
  }
  expect(says(turnover)).toEqual(['tiles.pareto: product_velocity.turnover does not add up'])
  for (const until of [[80, 95], [80, 80, 100], []])
    expect(says({ classes: until.map((each) => ({ title, until: each })) })).toEqual([
      'tiles.pareto: classes do not rise to 100',
    ])
})
