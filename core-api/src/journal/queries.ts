import type { Queryable } from '../lib/postgres.ts'
import type { JournalEntry } from './schema.ts'

export async function listEntriesOfOrder(sql: Queryable, orderId: number) {
  return sql<JournalEntry[]>`
    select id, txn_id, kind, at, business_day, account, amount_cents, quantity, order_line_id, sku_id,
      product_id, channel_id, distributor_id, customer_id, warehouse_id
    from journal_entry
    where order_id = ${orderId}
    order by txn_id, id
  `
}
