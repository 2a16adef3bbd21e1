import Type, { type Static } from 'typebox'
import { BusinessDay, Cents, Id, Nullable, Timestamp } from '../lib/schema.ts'

export const JournalEntry = Type.Object({
  id: Id,
  txn_id: Id,
  kind: Type.String(),
  at: Timestamp,
  business_day: BusinessDay,
  account: Type.String(),
  /** Debit positive, credit negative. */
  amount_cents: Cents,
  quantity: Type.Integer(),
  order_line_id: Nullable(Id),
  sku_id: Nullable(Id),
  product_id: Nullable(Id),
  channel_id: Nullable(Id),
  distributor_id: Nullable(Id),
  customer_id: Nullable(Id),
  warehouse_id: Nullable(Id),
})

export const Journal = Type.Object({ items: Type.Array(JournalEntry) })

export type JournalEntry = Static<typeof JournalEntry>
