/** Turns one row of a file into one line that waits for posting, or says why it cannot. */
import { amountReader, type Amounts, decimalReader } from './amount.ts'
import { type Columns, reader } from './expression.ts'
import { headReader, refuse } from './head.ts'
import { toWhole, type NumberFormat } from './decimal.ts'
import type { ImportMap } from './map-schema.ts'
import { classifier, type Verdict } from './rules.ts'
import { settle } from './settle.ts'

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
export type ToLine = (row: string[]) => Line | Refused

export type Head = Omit<
  Line,
  'kind' | 'role' | 'external_id' | 'is_service' | 'account' | 'quantity' | keyof Amounts
>

const KEY_LENGTH_MAX = 400

export function isRefused(result: Line | Refused): result is Refused {
  return 'problem' in result
}

/** Compiled once per file, so that a missing column is told before the first line is read. */
export function lineMaker(map: ImportMap, columns: Columns, instance: Instance): ToLine {
  const format = numberFormat(map)
  const document = reader(map.document, columns, '/document')
  const readHead = headReader(map, columns, instance, format)
  const sku = reader(map.sku.code, columns, '/sku/code')
  const quantity = decimalReader(reader(map.quantity, columns, '/quantity'), format)
  const amounts = amountReader(map, columns, instance.minor_digits, format)
  const classify = classifier(map.rules ?? [], columns)

  return (row) => {
    const number = document(row, '')
    if (number === null || number.length > KEY_LENGTH_MAX) {
      return refuse(null, 'document', 'MISSING', 'the line names no order')
    }
    const code = sku(row, number)
    if (code === null) return refuse(number, 'sku', 'MISSING', 'the line names no sku')
    const pieces = quantity(row, number)
    const whole = pieces ? toWhole(pieces) : undefined
    if (whole === undefined) {
      return refuse(number, 'quantity', 'NO_NUMBER', 'the quantity is no whole number')
    }
    const worth = amounts(row, number, whole)
    if (typeof worth === 'string') {
      return refuse(number, worth, 'NO_NUMBER', `${worth} is missing or no number`)
    }
    const verdict = classify({
      row,
      document: number,
      sku: code,
      quantity: whole,
      price: worth.price,
    })
    const head = readHead(row, number, code)
    if ('problem' in head) return head
    return settle(head, verdict, whole, worth)
  }
}

function numberFormat({ format }: ImportMap): NumberFormat | undefined {
  if (
    format?.decimal === undefined &&
    format?.group === undefined &&
    format?.symbols === undefined
  ) {
    return undefined
  }
  return {
    decimal: format.decimal ?? '.',
    group: format.group ?? '',
    symbols: format.symbols ?? '',
  }
}
