/** What a line is worth and what it cost, by the map, in whole minor units. */
import {
  type Decimal,
  divideToMinor,
  multiply,
  type NumberFormat,
  parseDecimal,
  subtract,
  toMinor,
} from './decimal.ts'
import { type Columns, optionalReader, type Read, reader } from './expression.ts'
import type { ImportMap } from './map-schema.ts'

export type Amounts = {
  /** The sign of the price, or of the line where there is no price. */
  price: bigint
  unit_price_cents: bigint
  list_cents: bigint
  discount_cents: bigint
  total_cents: bigint
  cost_cents: bigint | null
}

export type ReadAmounts = (row: string[], document: string, quantity: bigint) => Amounts | string
export type ReadDecimal = (row: string[], document: string) => Decimal | null | undefined

const ONE: Decimal = { units: 1n, scale: 0 }
const NONE: Decimal = { units: 0n, scale: 0 }

/** Null when the column is empty, undefined when it holds something that is no number. */
export function decimalReader(read: Read, format: NumberFormat | undefined): ReadDecimal {
  return (row, document) => {
    const text = read(row, document)
    return text === null ? null : parseDecimal(text, format)
  }
}

/** A text is the name of the field that is missing or no number. */
export function amountReader(
  { amount, cost }: ImportMap,
  columns: Columns,
  digits: number,
  format: NumberFormat | undefined,
): ReadAmounts {
  const isPriced = 'unit_price' in amount
  const field = isPriced ? 'unit_price' : 'total'
  const readValue = decimalReader(
    reader(isPriced ? amount.unit_price : amount.total, columns, `/amount/${field}`),
    format,
  )
  const discount = optional(amount.discount, '/amount/discount')
  const rate = optional(amount.discount_rate, '/amount/discount_rate')
  const readCost = costReader(cost, columns, digits, format)

  return (row, document, quantity) => {
    const value = readValue(row, document)
    if (value === null || value === undefined) return `amount/${field}`
    const off = discount(row, document) ?? NONE
    const share = rate(row, document) ?? NONE
    if (off === undefined) return 'amount/discount'
    if (share === undefined || !isShare(share)) return 'amount/discount_rate'

    const pieces: Decimal = { units: quantity, scale: 0 }
    const worth = isPriced
      ? fromList(toMinor(multiply(value, pieces), digits), off, share, digits)
      : fromTotal(value, off, share, digits)
    const unit_price_cents = isPriced
      ? toMinor(value, digits)
      : quantity === 0n
        ? 0n
        : divideToMinor({ units: worth.list_cents, scale: digits }, pieces, digits)
    const cost_cents = readCost(row, document, pieces, worth.total_cents)
    if (typeof cost_cents === 'string') return cost_cents
    return { price: value.units, unit_price_cents, ...worth, cost_cents }
  }

  function optional(expression: Parameters<typeof optionalReader>[0], path: string): ReadDecimal {
    return decimalReader(optionalReader(expression, columns, path), format)
  }
}

function fromList(list_cents: bigint, off: Decimal, share: Decimal, digits: number) {
  const byRate = toMinor(multiply({ units: list_cents, scale: digits }, share), digits)
  const discount_cents = byRate + toMinor(off, digits)
  return { list_cents, discount_cents, total_cents: list_cents - discount_cents }
}

/** The total is the source's own figure and stays; the list price is worked out from it. */
function fromTotal(total: Decimal, off: Decimal, share: Decimal, digits: number) {
  const total_cents = toMinor(total, digits)
  const kept = subtract(ONE, share)
  const beforeRate = kept.units === 0n ? total_cents : divideToMinor(total, kept, digits)
  const list_cents = beforeRate + toMinor(off, digits)
  return { list_cents, discount_cents: list_cents - total_cents, total_cents }
}

function isShare(share: Decimal): boolean {
  return share.units >= 0n && subtract(ONE, share).units >= 0n
}

function costReader(
  cost: ImportMap['cost'],
  columns: Columns,
  digits: number,
  format: NumberFormat | undefined,
): (
  row: string[],
  document: string,
  pieces: Decimal,
  total_cents: bigint,
) => bigint | null | string {
  if (cost === undefined) return () => null
  const [field, expression] =
    'unit' in cost
      ? ['unit', cost.unit]
      : 'total' in cost
        ? ['total', cost.total]
        : ['profit', cost.profit]
  const read = decimalReader(reader(expression, columns, `/cost/${field}`), format)
  return (row, document, pieces, total_cents) => {
    const value = read(row, document)
    if (value === null || value === undefined) return `cost/${field}`
    if (field === 'unit') return toMinor(multiply(value, pieces), digits)
    if (field === 'total') return toMinor(value, digits)
    return total_cents - toMinor(value, digits)
  }
}
