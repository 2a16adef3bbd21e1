import Type, { type Static } from 'typebox'
import { Cents, Id, Nullable } from '../lib/schema.ts'

export const Product = Type.Object({
  id: Id,
  code: Type.String(),
  name: Type.String(),
  category: Nullable(Type.String()),
  subcategory: Nullable(Type.String()),
  status: Type.Union([Type.Literal('active'), Type.Literal('retired')]),
})

export const Sku = Type.Object({
  id: Id,
  product_id: Id,
  code: Type.String(),
  name: Type.String(),
  unit: Type.String(),
  is_service: Type.Boolean(),
  reorder_point: Nullable(Type.Integer()),
  lead_time_days: Type.Integer(),
  /** What one costs now; null when nobody has set a price: it cannot be sold. */
  price_cents: Nullable(Cents),
})

export const Channel = Type.Object({
  id: Id,
  code: Type.String(),
  name: Type.String(),
  kind: Type.Union([
    Type.Literal('web'),
    Type.Literal('store'),
    Type.Literal('marketplace'),
    Type.Literal('distributor'),
  ]),
})

export const Warehouse = Type.Object({
  id: Id,
  code: Type.String(),
  name: Type.String(),
  region: Nullable(Type.String()),
  priority: Type.Integer(),
})

export type Product = Static<typeof Product>
export type Sku = Static<typeof Sku>
export type Channel = Static<typeof Channel>
export type Warehouse = Static<typeof Warehouse>
