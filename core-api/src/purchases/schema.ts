import Type, { type Static } from 'typebox'
import { Lsn } from '../lib/position.ts'
import { BusinessDay, Cents, CentsInput, Id, Nullable, Text, Timestamp } from '../lib/schema.ts'

const QUANTITY_MAX = 1_000_000
const REASON_LETTERS_MAX = 500

const Quantity = Type.Integer({ minimum: 1, maximum: QUANTITY_MAX })

export const RequestPurchase = Type.Object(
  {
    sku_id: Id,
    warehouse_id: Id,
    quantity: Quantity,
    /** What all of it is expected to cost. */
    cost_cents: CentsInput,
    reason: Type.Optional(Nullable(Text(REASON_LETTERS_MAX))),
    /** The alert this answers: it links here, and closes when the goods count. */
    alert_id: Type.Optional(Nullable(Id)),
  },
  { additionalProperties: false },
)

export const Receipt = Type.Object(
  {
    quantity: Quantity,
    /** What these cost; by default their share of what was expected. */
    cost_cents: Type.Optional(CentsInput),
  },
  { additionalProperties: false },
)

export const Purchase = Type.Object({
  id: Id,
  sku_id: Id,
  sku: Type.String(),
  warehouse_id: Id,
  warehouse: Type.String(),
  quantity: Type.Integer(),
  received_quantity: Type.Integer(),
  state: Type.Union([
    Type.Literal('draft'),
    Type.Literal('approved'),
    Type.Literal('received'),
    Type.Literal('closed'),
    Type.Literal('cancelled'),
  ]),
  cost_cents: Cents,
  received_cost_cents: Cents,
  /** Whether only an administrator may approve so much money. */
  needs_admin: Type.Boolean(),
  expected_on: BusinessDay,
  reason: Nullable(Type.String()),
  alert_id: Nullable(Id),
  requested_by: Type.String(),
  requested_at: Timestamp,
  approved_by: Nullable(Type.String()),
  approved_at: Nullable(Timestamp),
  closed_at: Nullable(Timestamp),
})

export const PurchaseDone = Type.Object({ purchase: Purchase, lsn: Lsn })
export const Purchases = Type.Object({ items: Type.Array(Purchase) })

export type RequestPurchase = Static<typeof RequestPurchase>
export type Receipt = Static<typeof Receipt>
export type Purchase = Static<typeof Purchase>
