import { expect, test } from 'vitest'
import { type Link, type Market, planMarket, type Visit, VISITS_PER_ORDER } from './plan.ts'
import { growing, rhythmOf } from './rhythm.ts'

const market: Market = {
  time_zone: 'America/New_York',
  skus: Array.from({ length: 400 }, (_, index) => ({
    id: index + 1,
    price_cents: 500 + index * 30,
  })),
  channels: [
    { id: 1, kind: 'web' },
    { id: 2, kind: 'marketplace' },
    { id: 3, kind: 'store' },
  ],
  customers: Array.from({ length: 200 }, (_, index) => ({
    id: index + 1,
    distributor_id: (index % 50) + 1,
  })),
  distributors: Array.from({ length: 50 }, (_, index) => ({
    id: index + 1,
    region: index % 2 ? 'East' : 'West',
  })),
  warehouses: [
    { id: 1, region: 'East' },
    { id: 2, region: 'West' },
  ],
  links: [],
}
/** Two of distributors that have others below them, one of a distributor at the end of the tree. */
const links: Link[] = [
  { code: 'AAAAAA', distributor_id: 101, channel_id: 1, region: 'East' },
  { code: 'BBBBBB', distributor_id: 102, channel_id: 2, region: 'West' },
  { code: 'CCCCCC', distributor_id: 7, channel_id: 2, region: 'West' },
]
const startsAt = new Date('2026-11-24T14:00:00Z')

function visits(count: number, seed = 7, ordersPerSecond = 2): Visit[] {
  return planMarket({ seed, ordersPerSecond, startsAt, market }).take(count).toArray()
}

/** Beside the visits of the same market, those that came by a link, each with the link it followed. */
function followed(count: number) {
  const planned = planMarket({
    seed: 7,
    ordersPerSecond: 2,
    startsAt,
    market: { ...market, links },
  })
    .take(count)
    .toArray()
  const byLink = planned.flatMap((visit) => {
    const link = links.find(({ code }) => code === visit.promo_code)
    return link ? [{ visit, link }] : []
  })
  return { planned, byLink }
}

test('the same seed plans the same market, another seed another one', () => {
  expect(visits(500)).toEqual(visits(500))
  expect(visits(500, 8)).not.toEqual(visits(500))
})

test('orders come at the rate that was asked for, as the hour of the day has it', () => {
  const planned = visits(100_000)
  const seconds = (planned.at(-1)?.at_ms ?? 0) / 1000
  const orders = planned.filter(({ order }) => order !== null).length
  // From 9 in the morning New York works through its busier hours.
  expect(orders / seconds).toBeGreaterThan(2 * 1.05)
  expect(orders / seconds).toBeLessThan(2 * 1.35)
  expect(planned.length / orders).toBeGreaterThan(VISITS_PER_ORDER * 0.8)
})

test('no hour of the week is dead, none is far busier than another, and the mean is one', () => {
  const rhythm = rhythmOf('Asia/Shanghai')
  const hours = Array.from({ length: 7 * 24 }, (_, hour) =>
    rhythm(new Date(Date.UTC(2026, 10, 24, hour))),
  )
  expect(hours.reduce((sum, hour) => sum + hour) / hours.length).toBeCloseTo(1, 5)
  expect(Math.min(...hours)).toBeGreaterThan(0.5)
  expect(Math.max(...hours) / Math.min(...hours)).toBeLessThan(3)
})

test('a company that grows is at its full rhythm at the end, and a little below it a week before', () => {
  const end = new Date('2026-11-24T14:00:00Z')
  const before = new Date(end.getTime() - 7 * 86_400_000)
  const rhythm = rhythmOf('Asia/Shanghai')
  const grown = growing(rhythm, end, 0.02)
  expect(grown(end)).toBe(rhythm(end))
  expect(grown(before)).toBeCloseTo(rhythm(before) / 1.02, 10)
})

test('a tenth of the products makes most of the sales', () => {
  const pieces = new Map<number, number>()
  for (const { order } of visits(60_000)) {
    for (const { sku_id, quantity } of order?.lines ?? []) {
      pieces.set(sku_id, (pieces.get(sku_id) ?? 0) + quantity)
    }
  }
  const sorted = [...pieces.values()].toSorted((a, b) => b - a)
  const whole = sorted.reduce((sum, count) => sum + count, 0)
  const top = sorted.slice(0, market.skus.length / 10).reduce((sum, count) => sum + count, 0)
  expect(top / whole).toBeGreaterThan(0.3)
  expect(pieces.size).toBeGreaterThan(market.skus.length * 0.9)
})

test('an order is what its visitor looked at, from the warehouse of his region, and never discounted away', () => {
  const ordered = visits(20_000).flatMap((visit) =>
    visit.order ? [{ visit, order: visit.order }] : [],
  )
  for (const { visit, order } of ordered) {
    const region = market.distributors.find(({ id }) => id === order.distributor_id)?.region
    expect(order.warehouse_id).toBe(region === 'East' ? 1 : 2)
    if (visit.isCounted)
      expect(order.lines.map(({ sku_id }) => sku_id)).toContain(visit.viewed_sku_id)
    const worth = order.lines.reduce(
      (sum, { sku_id, quantity }) => sum + quantity * (500 + (sku_id - 1) * 30),
      0,
    )
    expect(order.discount_cents).toBeLessThan(worth)
    expect(new Set(order.lines.map(({ sku_id }) => sku_id)).size).toBe(order.lines.length)
  }
  const fates = Map.groupBy(ordered, ({ order }) => order.fate)
  expect([...fates.keys()].toSorted()).toEqual(['cancelled', 'completed', 'unpaid'])
})

test('goods leave one to three minutes after they are paid', () => {
  for (const { order } of visits(5_000)) {
    if (order === null) continue
    expect(order.ship_ms).toBeGreaterThanOrEqual(60_000)
    expect(order.ship_ms).toBeLessThanOrEqual(180_000)
  }
})

test('a visit to a store is an order and no step of a funnel', () => {
  const inStore = visits(20_000).filter(({ channel_id }) => channel_id === 3)
  expect(inStore.length).toBeGreaterThan(0)
  for (const visit of inStore) {
    expect(visit).toMatchObject({ isCounted: false, viewed_sku_id: null, cart_ms: null })
    expect(visit.order).not.toBeNull()
  }
})

test('newcomers by promotion follow a link: a fiftieth of the visits, each link its part, and they buy like others', () => {
  const { planned, byLink } = followed(100_000)
  const counted = planned.filter(({ isCounted }) => isCounted)
  const share = byLink.length / counted.length
  expect(share).toBeGreaterThan(0.015)
  expect(share).toBeLessThan(0.021)
  for (const link of links) {
    const own = byLink.filter((each) => each.link === link)
    expect(own.length / byLink.length).toBeGreaterThan(0.25)
  }
  const rate = byLink.filter(({ visit }) => visit.order).length / byLink.length
  const usual = counted.filter(({ order }) => order).length / counted.length
  expect(rate / usual).toBeGreaterThan(0.75)
  expect(rate / usual).toBeLessThan(1.25)
})

test('a visit by a link and its order are in the channel and of the distributor of the link, from his region', () => {
  const { planned, byLink } = followed(60_000)
  const ordered = byLink.filter(({ visit }) => visit.order !== null)
  expect(ordered.length).toBeGreaterThan(30)
  for (const { visit, link } of byLink) {
    const { channel_id, distributor_id } = link
    expect(visit).toMatchObject({ channel_id, distributor_id, isCounted: true })
  }
  for (const { visit, link } of ordered) {
    expect(visit.order).toMatchObject({
      customer_id: null,
      distributor_id: link.distributor_id,
      warehouse_id: link.region === 'East' ? 1 : 2,
    })
  }
  // Nobody else buys from those who have others below them.
  const above = planned.filter(({ distributor_id }) => (distributor_id ?? 0) > 100)
  expect(above.every(({ promo_code }) => promo_code?.match(/^[AB]{6}$/))).toBe(true)
})

test('a company without links plans what it planned before there were any', () => {
  const orders = visits(5_000).flatMap(({ order }) => order ?? [])
  const pieces = orders.flatMap(({ lines }) => lines.map(({ quantity }) => quantity))
  expect({ orders: orders.length, pieces: pieces.reduce((sum, each) => sum + each) }).toEqual({
    orders: 426,
    pieces: 1312,
  })
})
