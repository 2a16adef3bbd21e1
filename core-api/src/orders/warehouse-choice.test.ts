import { expect, test } from 'vitest'
import { chooseWarehouse } from './warehouse-choice.ts'

function row(warehouse_id: number, sku_id: number, wanted: number, available: number) {
  return { warehouse_id, sku_id, sku: `S${sku_id}`, wanted, available }
}

test('the first that has every line ships, not the first that has some', () => {
  const rows = [row(1, 1, 2, 5), row(1, 2, 2, 1), row(2, 1, 2, 2), row(2, 2, 2, 2), row(3, 1, 2, 9)]
  expect(chooseWarehouse(rows)).toEqual({ warehouse_id: 2, short: [] })
})

test('when none has everything, every line that is short is named', () => {
  const rows = [row(1, 1, 5, 1), row(1, 2, 5, 2), row(1, 3, 5, 5)]
  expect(chooseWarehouse(rows)?.short.map(({ sku_id }) => sku_id)).toEqual([1, 2])
})

test('when none has everything, the one that lacks least is named', () => {
  const rows = [row(1, 1, 30, 0), row(2, 1, 30, 7)]
  expect(chooseWarehouse(rows)?.short).toEqual([{ sku_id: 1, sku: 'S1', wanted: 30, available: 7 }])
})

test('services ship from the first warehouse, whatever lies there', () => {
  const none = { sku_id: null, sku: null, wanted: null, available: 0 }
  expect(chooseWarehouse([{ warehouse_id: 4, ...none }])).toEqual({ warehouse_id: 4, short: [] })
})

test('without a warehouse there is nothing to choose', () => {
  expect(chooseWarehouse([])).toBeUndefined()
})
