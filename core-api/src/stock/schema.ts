import Type, { type Static } from 'typebox'
import { Cents, CentsInput, Id } from '../lib/schema.ts'

const RECEIPTS_MAX = 500
const QUANTITY_MAX = 100_000_000

export const Receipts = Type.Object(
  {
    receipts: Type.Array(
      Type.Object(
        {
          sku_id: Id,
          warehouse_id: Id,
          quantity: Type.Integer({ minimum: 1, maximum: QUANTITY_MAX }),
          /** What all of them cost together. */
          cost_cents: CentsInput,
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: RECEIPTS_MAX },
    ),
  },
  { additionalProperties: false },
)

export const Received = Type.Object({ received: Type.Integer() })

export const StockLevel = Type.Object({
  sku_id: Id,
  warehouse_id: Id,
  on_hand: Type.Integer(),
  reserved: Type.Integer(),
  available: Type.Integer(),
  value_cents: Cents,
})

export const StockLevels = Type.Object({ items: Type.Array(StockLevel) })

export const StockQuery = Type.Object(
  { sku_id: Type.Optional(Id), warehouse_id: Type.Optional(Id) },
  { additionalProperties: false },
)

export type Receipts = Static<typeof Receipts>
export type StockLevel = Static<typeof StockLevel>
