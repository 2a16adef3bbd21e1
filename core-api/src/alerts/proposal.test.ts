import fc from 'fast-check'
import { expect, test } from 'vitest'
import { propose, targetOf } from './proposal.ts'

const buying = {
  pack_size: 20,
  unit_cost_cents: '1000',
  price_cents: '1900',
  expected_on: '2026-12-02',
  approval_cents: '10000000',
}
const shelf = { available: 64, incoming: 0, sold_14d: 140, lead_time_days: 7, reorder_point: 96 }
const source = {
  warehouse_id: 2,
  warehouse: 'Two',
  available: 500,
  sold_14d: 14,
  lead_time_days: 7,
  reorder_point: 96,
}

test('demand over the lead time and safety stock, less what is there and coming, in whole packs', () => {
  // 70 are sold until new goods come; a fifth above the reorder point is kept: 116.
  expect(propose(shelf, [], buying)).toMatchObject({
    demand: 70,
    safety: 116,
    quantity: 140,
    transfer: null,
    suggested: 'purchase',
    lost_per_day_cents: '19000',
  })
  expect(propose({ ...shelf, incoming: 122 }, [], buying).quantity).toBe(0)
})

test('a warehouse gives only what it can spare and the one that can give most is asked; where none has all of it, buying is suggested', () => {
  const near = propose(shelf, [{ ...source, available: 200 }, source], buying)
  expect(near).toMatchObject({
    suggested: 'transfer',
    transfer: { quantity: 140, source_available: 500 },
  })
  const short = propose(shelf, [{ ...source, available: 200 }], buying)
  expect(short).toMatchObject({ suggested: 'purchase', transfer: { quantity: 60 } })
  expect(propose(shelf, [{ ...source, available: 130 }], buying).transfer).toBeNull()
})

test('what is proposed always calms the alert: it is clear of the reorder point and of one and a half lead times', () => {
  fc.assert(
    fc.property(
      fc.record({
        available: fc.nat(500),
        incoming: fc.nat(500),
        sold_14d: fc.nat(2_000),
        lead_time_days: fc.nat(60),
        reorder_point: fc.option(fc.nat(500)),
      }),
      fc.integer({ min: 1, max: 50 }),
      (risk, pack_size) => {
        const { quantity, demand, safety } = propose(risk, [], { ...buying, pack_size })
        const after = risk.available + risk.incoming + quantity
        expect(quantity % pack_size).toBe(0)
        expect(after).toBeGreaterThanOrEqual(demand + safety)
        expect(after * 2_800).toBeGreaterThanOrEqual(risk.sold_14d * risk.lead_time_days * 3 * 110)
        if (risk.reorder_point !== null) {
          const margin = Math.max(1, Math.ceil(risk.reorder_point / 10))
          expect(after).toBeGreaterThan(risk.reorder_point + margin)
        }
        expect(targetOf(risk)).toEqual({ demand, safety })
      },
    ),
  )
})
