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
  expect(receiptsFor([level(1, 60, '42000'), level(2, 60)], sold, prices)).toEqual([
    { sku_id: 1, warehouse_id: 9, quantity: 220, cost_cents: 154_000 },
  ])
})

test('an empty shelf is filled at a share of the price, one that nobody buys from stays empty', () => {
  const sold = new Map([['1 9', 3]])
  const [receipt, ...others] = receiptsFor([level(1, 0), level(2, 0)], sold, prices)
  expect(receipt).toMatchObject({ sku_id: 1, quantity: 86, cost_cents: 60_200 })
  expect(others).toEqual([])
})

test('only a part of the low shelves is filled at a time, the fastest movers first', () => {
  const many = Array.from({ length: 500 }, (_, index) => ({ ...level(1, 0), warehouse_id: index }))
  const sold = new Map(many.map(({ warehouse_id }) => [`1 ${warehouse_id}`, warehouse_id]))
  const receipts = receiptsFor(many, sold, prices)
  expect(receipts).toHaveLength(50)
  expect(receipts.map(({ warehouse_id }) => warehouse_id)[0]).toBe(499)
})
