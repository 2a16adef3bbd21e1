import Type, { type Static } from 'typebox'
import { Cents, CentsInput, Id, Nullable, PageQuery, Text, Timestamp } from '../lib/schema.ts'

const LINES_MAX = 500
const QUANTITY_MAX = 1_000_000

export const State = Type.Union([
  Type.Literal('placed'),
  Type.Literal('paid'),
  Type.Literal('shipped'),
  Type.Literal('completed'),
  Type.Literal('cancelled'),
])

export const PlaceOrder = Type.Object(
  {
    channel_id: Id,
    customer_id: Type.Optional(Nullable(Id)),
    distributor_id: Type.Optional(Nullable(Id)),
    warehouse_id: Type.Optional(Nullable(Id)),
    visit_id: Type.Optional(Nullable(Text(64))),
    external_id: Type.Optional(Nullable(Text(128))),
    discount_cents: Type.Optional(CentsInput),
    shipping_cents: Type.Optional(CentsInput),
    lines: Type.Array(
      Type.Object(
        { sku_id: Id, quantity: Type.Integer({ minimum: 1, maximum: QUANTITY_MAX }) },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: LINES_MAX },
    ),
  },
  { additionalProperties: false },
)

export const PayOrder = Type.Object(
  { method: Type.Optional(Text(64)), channel_txn: Type.Optional(Text(128)) },
  { additionalProperties: false },
)

export const OrderHeader = Type.Object({
  id: Id,
  order_no: Type.String(),
  kind: Type.Union([Type.Literal('sale'), Type.Literal('return')]),
  state: State,
  source: Type.Union([Type.Literal('api'), Type.Literal('import')]),
  channel_id: Id,
  external_id: Nullable(Type.String()),
  distributor_id: Nullable(Id),
  ancestor_ids: Type.Array(Id),
  customer_id: Nullable(Id),
  warehouse_id: Id,
  visit_id: Nullable(Type.String()),
  list_cents: Cents,
  discount_cents: Cents,
  shipping_cents: Cents,
  total_cents: Cents,
  placed_at: Timestamp,
  paid_at: Nullable(Timestamp),
  shipped_at: Nullable(Timestamp),
  completed_at: Nullable(Timestamp),
  cancelled_at: Nullable(Timestamp),
})

export const OrderLine = Type.Object({
  id: Id,
  line_no: Type.Integer(),
  sku_id: Id,
  quantity: Type.Integer(),
  unit_price_cents: Cents,
  list_cents: Cents,
  discount_cents: Cents,
  total_cents: Cents,
  /** What the goods cost, known once they are shipped; never told to a distributor. */
  cost_cents: Nullable(Cents),
})

export const Order = Type.Object({ ...OrderHeader.properties, lines: Type.Array(OrderLine) })

export const OrderQuery = Type.Object(
  { ...PageQuery.properties, state: Type.Optional(State) },
  { additionalProperties: false },
)

/** One line's sku with what it costs at this quantity. */
export const PricedSku = Type.Object({
  sku_id: Id,
  sku: Type.String(),
  is_service: Type.Boolean(),
  is_sold: Type.Boolean(),
  price_cents: Nullable(Cents),
})

export const Seller = Type.Object({
  id: Id,
  status: Type.String(),
  ancestor_ids: Type.Array(Id),
})

export const Availability = Type.Object({
  warehouse_id: Id,
  sku_id: Nullable(Id),
  sku: Nullable(Type.String()),
  wanted: Nullable(Type.Integer()),
  available: Type.Integer(),
})

export type State = Static<typeof State>
export type PlaceOrder = Static<typeof PlaceOrder>
export type PayOrder = Static<typeof PayOrder>
export type OrderHeader = Static<typeof OrderHeader>
export type OrderLine = Static<typeof OrderLine>
export type Order = Static<typeof Order>
export type PricedSku = Static<typeof PricedSku>
export type Seller = Static<typeof Seller>
export type Availability = Static<typeof Availability>
