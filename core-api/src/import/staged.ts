/** What a row becomes: a line that waits for posting, or the reason why it does not. */
import type { Amounts } from './amount.ts'
import type { Verdict } from './rules.ts'

export type Instance = { currency: string; minor_digits: number; time_zone: string }

/** In the order of import_stage's columns. */
export type Line = {
  document: string
  kind: Verdict['kind']
  role: 'goods' | 'shipping' | 'discount'
  external_id: string
  at: string
  shipped_at: string | null
  sku: string
  sku_name: string | null
  product: string
  category: string | null
  subcategory: string | null
  is_service: boolean
  quantity: bigint
  unit_price_cents: bigint
  list_cents: bigint
  discount_cents: bigint
  total_cents: bigint
  cost_cents: bigint | null
  customer: string | null
  customer_name: string | null
  segment: string | null
  country: string | null
  region: string | null
  city: string | null
  distributor: string | null
  channel: string
  warehouse: string
  shipping_cents: bigint | null
  order_discount_cents: bigint | null
  account: string | null
}

export type LineProblem = { field: string; code: string; message: string }
/** What is known of a refused line: its document, so that the rest of it is held back as well. */
export type Refused = { document: string | null; problem: LineProblem }

export type Head = Omit<
  Line,
  'kind' | 'role' | 'external_id' | 'is_service' | 'account' | 'quantity' | keyof Amounts
>

export function isRefused(result: Line | Refused): result is Refused {
  return 'problem' in result
}

export function refuse(
  document: string | null,
  field: string,
  code: string,
  message: string,
): Refused {
  return { document, problem: { field, code, message } }
}
