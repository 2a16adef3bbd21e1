import Type, { type Static } from 'typebox'
import { Lsn } from '../lib/position.ts'
import { Cents, Id, Nullable, Text, Timestamp } from '../lib/schema.ts'

export const QUANTITY_MAX = 1_000_000
const REASON_LETTERS_MAX = 500

export const RequestTransfer = Type.Object(
  {
    sku_id: Id,
    from_warehouse_id: Id,
    to_warehouse_id: Id,
    quantity: Type.Integer({ minimum: 1, maximum: QUANTITY_MAX }),
    reason: Type.Optional(Nullable(Text(REASON_LETTERS_MAX))),
    /** The alert this answers: it links here, and closes when the goods count. */
    alert_id: Type.Optional(Nullable(Id)),
  },
  { additionalProperties: false },
)

export const Arrival = Type.Object(
  { quantity: Type.Integer({ minimum: 1, maximum: QUANTITY_MAX }) },
  { additionalProperties: false },
)

export const Transfer = Type.Object({
  id: Id,
  sku_id: Id,
  sku: Type.String(),
  from_warehouse_id: Id,
  from_warehouse: Type.String(),
  to_warehouse_id: Id,
  to_warehouse: Type.String(),
  quantity: Type.Integer(),
  received_quantity: Type.Integer(),
  lost_quantity: Type.Integer(),
  state: Type.Union([
    Type.Literal('requested'),
    Type.Literal('shipped'),
    Type.Literal('received'),
    Type.Literal('cancelled'),
  ]),
  cost_cents: Cents,
  lost_cost_cents: Cents,
  reason: Nullable(Type.String()),
  alert_id: Nullable(Id),
  requested_by: Type.String(),
  requested_at: Timestamp,
  shipped_at: Nullable(Timestamp),
  closed_at: Nullable(Timestamp),
})

export const TransferDone = Type.Object({ transfer: Transfer, lsn: Lsn })
export const Transfers = Type.Object({ items: Type.Array(Transfer) })

export type RequestTransfer = Static<typeof RequestTransfer>
export type Transfer = Static<typeof Transfer>
