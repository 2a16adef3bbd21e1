import { expect, test } from 'vitest'
import { pastOf } from './past.ts'
import type { PlannedOrder, Visit } from './plan.ts'

const startsAt = Date.parse('2026-11-01T00:00:00Z')
const prices = new Map([
  [1, 1_000],
  [2, 333],
])
const order: PlannedOrder = {
  customer_id: 5,
  distributor_id: 6,
  warehouse_id: 7,
  lines: [
    { sku_id: 1, quantity: 1 },
    { sku_id: 2, quantity: 3 },
  ],
  discount_cents: 100,
  shipping_cents: 499,
  fate: 'completed',
  ...{ place_ms: 1_000, pay_ms: 1_000, ship_ms: 60_000, complete_ms: 300_000, cancel_ms: 20_000 },
}
const visit: Visit = {
  ...{ number: 3, at_ms: 0, channel_id: 1, distributor_id: 6, promo_code: null, isCounted: true },
  ...{ viewed_sku_id: 1, view_ms: 4_000, cart_ms: 5_000, order },
}
// Seen, viewed, in the cart, told to the funnel: then it is placed.
const PLACED_MS = 4_000 + 5_000 + 2_000 + 1_000

function past(after_ms: number, fate: PlannedOrder['fate'] = 'completed') {
  const moment = { startsAt, until: startsAt + after_ms, run: 'h1' }
  return pastOf({ ...visit, order: { ...order, fate } }, prices, moment)
}

test('what lies after the moment has not happened', () => {
  expect(past(4_500).steps.map(({ step }) => step)).toEqual(['visit', 'view'])
  expect(past(PLACED_MS - 1).order).toBeNull()
  expect(past(PLACED_MS).order).toMatchObject({ state: 'placed', paid_at: null })
  expect(past(PLACED_MS + 1_000).order).toMatchObject({ state: 'paid', shipped_at: null })
  expect(past(PLACED_MS + 61_000).order).toMatchObject({ state: 'shipped', completed_at: null })
  const { order: done } = past(PLACED_MS + 361_000)
  expect(done).toMatchObject({ state: 'completed', cancelled_at: null })
  expect(done?.completed_at).toBe(startsAt + PLACED_MS + 361_000)
})

test('an order that is left unpaid or called off ends so, when its time has come', () => {
  expect(past(PLACED_MS + 19_000, 'unpaid').order).toMatchObject({ state: 'placed' })
  expect(past(PLACED_MS + 20_000, 'unpaid').order).toMatchObject({
    state: 'cancelled',
    paid_at: null,
  })
  expect(past(PLACED_MS + 90_000, 'cancelled').order).toMatchObject({
    ...{ state: 'cancelled', shipped_at: null },
    paid_at: startsAt + PLACED_MS + 1_000,
  })
})

test('a discount falls on the lines in whole cents that add up to it', () => {
  const { order: placed } = past(PLACED_MS)
  expect(placed?.list_cents).toBe(1_999)
  expect(placed?.lines.map(({ discount_cents }) => discount_cents)).toEqual([50, 50])
})
