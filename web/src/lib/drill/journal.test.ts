import { expect, test } from 'vitest'
import { vouchersOf } from './journal.ts'

function entry(id: number, txn_id: number, account: string, amount_cents: string) {
  const none = null
  return {
    ...{ id, txn_id, account, amount_cents, kind: 'sale', at: '2026-11-24T06:00:00Z' },
    ...{ business_day: '2026-11-24', quantity: 0, order_line_id: none, sku_id: none },
    ...{ product_id: none, channel_id: none, distributor_id: none, customer_id: none },
    warehouse_id: none,
  }
}

test('entries stand under the voucher they were posted with, debits and credits apart', () => {
  const items = [
    entry(1, 7, 'cash', '1000'),
    entry(2, 7, 'sales', '-1000'),
    entry(3, 8, 'cogs', '5'),
  ]
  const [sale, cost] = vouchersOf({ items })
  expect(sale?.entries.map(({ debit, credit }) => [debit, credit])).toEqual([
    [1000n, null],
    [null, 1000n],
  ])
  expect(sale?.apart).toBe(0n)
  expect(cost?.apart).toBe(5n)
})
