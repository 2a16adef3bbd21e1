import { expect, test } from 'vitest'
import { receiptsFor } from './operations.ts'

const prices = new Map([
  [1, 1_000],
  [2, 2_000],
])

function level(sku_id: number, available: number, value_cents = '0') {
  return { sku_id, warehouse_id: 9, available, on_hand: available, value_cents }
}

test('a shelf that sold more than it has left is filled, at the cost of what lies there', () => {
  const sold = new Map([['1 9', 100]])
  expect(receiptsFor([level(1, 60, '42000'), level(2, 60)], sold, prices, 1_000)).toEqual([
    { sku_id: 1, warehouse_id: 9, quantity: 148, cost_cents: 103_600 },
  ])
})

test('an empty shelf is filled at a share of the price, one that nobody buys from stays empty', () => {
  const sold = new Map([['1 9', 3]])
  const [receipt, ...others] = receiptsFor([level(1, 0), level(2, 0)], sold, prices, 1_000)
  expect(receipt).toMatchObject({ sku_id: 1, quantity: 14, cost_cents: 9_800 })
  expect(others).toEqual([])
})

test('no more comes than was sold, and the fastest movers are filled first', () => {
  const many = Array.from({ length: 50 }, (_, index) => ({ ...level(1, 0), warehouse_id: index }))
  const sold = new Map(many.map(({ warehouse_id }) => [`1 ${warehouse_id}`, warehouse_id]))
  const receipts = receiptsFor(many, sold, prices, 300)
  expect(receipts.map(({ warehouse_id }) => warehouse_id).slice(0, 2)).toEqual([49, 48])
  const pieces = receipts.reduce((sum, { quantity }) => sum + quantity, 0)
  expect(pieces).toBeLessThanOrEqual(300)
  expect(receiptsFor(many, sold, prices, 0)).toEqual([])
})
