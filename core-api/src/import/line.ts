/** Turns one row of a file into one line that waits for posting, or says why it cannot. */
import { amountReader, type Amounts, decimalReader } from './amount.ts'
import { type NumberFormat, toMinor, toWhole } from './decimal.ts'
import {
  columnReader,
  type Columns,
  momentReader,
  optionalReader,
  type Read,
  reader,
} from './expression.ts'
import type { ImportMap } from './map.ts'
import { classifier, type Verdict } from './rules.ts'

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

type Base = Omit<
  Line,
  'kind' | 'role' | 'external_id' | 'is_service' | 'account' | 'quantity' | keyof Amounts
>

const CENTS_MAX = 9_000_000_000_000_000n
const QUANTITY_MAX = 1_000_000_000n
const TEXT_MAX = 400

export function isRefused(result: Line | Refused): result is Refused {
  return 'problem' in result
}

/** Compiled once per file, so that a missing column is told before the first line is read. */
export function lineMaker(map: ImportMap, columns: Columns, instance: Instance): ToLine {
  const format = numberFormat(map)
  const document = reader(map.document, columns, '/document')
  const readBase = baseReader(map, columns, instance, format)
  const sku = reader(map.sku.code, columns, '/sku/code')
  const quantity = decimalReader(reader(map.quantity, columns, '/quantity'), format)
  const amounts = amountReader(map, columns, instance.minor_digits, format)
  const classify = classifier(map.rules ?? [], columns)

  return (row) => {
    const number = document(row, '')
    if (number === null || number.length > TEXT_MAX) {
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
    const base = readBase(row, number, code)
    if ('problem' in base) return base
    return settle(base, verdict, whole, worth)
  }
}

function baseReader(
  map: ImportMap,
  columns: Columns,
  instance: Instance,
  format: NumberFormat | undefined,
): (row: string[], document: string, sku: string) => Base | Refused {
  const { customer, distributor } = map
  const optional = (expression: Parameters<typeof optionalReader>[0], path: string) =>
    optionalReader(expression, columns, path)
  const currency = reader(map.currency, columns, '/currency')
  const at = momentReader(map.at, columns, '/at', map.spread_time)
  const shipped =
    map.shipped_at && momentReader(map.shipped_at, columns, '/shipped_at', map.spread_time)
  const name = optional(map.sku.name, '/sku/name')
  const product = optional(map.sku.product, '/sku/product')
  const category = optional(map.sku.category, '/sku/category')
  const subcategory = optional(map.sku.subcategory, '/sku/subcategory')
  const buyer = optional(customer?.code, '/customer/code')
  const buyerName = optional(customer?.name, '/customer/name')
  const segment = optional(customer?.segment, '/customer/segment')
  const country = optional(customer?.country, '/customer/country')
  const region = optional(customer?.region, '/customer/region')
  const city = optional(customer?.city, '/customer/city')
  const channel = reader(map.channel, columns, '/channel')
  const warehouse = reader(map.warehouse, columns, '/warehouse')
  const levels = (distributor?.levels ?? []).map((level, index) =>
    reader(level, columns, `/distributor/levels/${index}`),
  )
  const channels = new Set(map.channels.map(({ code }) => code))
  const warehouses = new Set(map.warehouses.map(({ code }) => code))
  const shipping = decimalReader(optional(map.shipping, '/shipping'), format)
  const discount = decimalReader(optional(map.order_discount, '/order_discount'), format)

  return (row, document, sku) => {
    const money = currency(row, document)
    if (money !== instance.currency) {
      return refuse(
        document,
        'currency',
        'OTHER_CURRENCY',
        `${money ?? 'no currency'} in an instance of ${instance.currency}`,
      )
    }
    const placed_at = at(row, document)
    if (!placed_at)
      return refuse(document, 'at', 'NO_DATE', 'the date is missing or not of the form')
    const shipped_at = shipped?.(row, document) ?? null
    if (shipped?.(row, document) === undefined && shipped) {
      return refuse(document, 'shipped_at', 'NO_DATE', 'the date is not of the form')
    }
    const sold = channel(row, document)
    if (sold === null || !channels.has(sold)) {
      return refuse(document, 'channel', 'UNKNOWN', `the map declares no channel ${sold}`)
    }
    const from = warehouse(row, document)
    if (from === null || !warehouses.has(from)) {
      return refuse(document, 'warehouse', 'UNKNOWN', `the map declares no warehouse ${from}`)
    }
    const freight = shipping(row, document)
    const off = discount(row, document)
    if (freight === undefined || off === undefined) {
      const field = freight === undefined ? 'shipping' : 'order_discount'
      return refuse(document, field, 'NO_NUMBER', 'the amount is no number')
    }
    const code = buyer(row, document)
    const unknown = code === null ? customer?.unknown : undefined
    const known = (read: Read) => (unknown === undefined ? read(row, document) : null)
    return {
      document,
      at: placed_at,
      shipped_at,
      sku,
      sku_name: name(row, document),
      product: product(row, document) ?? sku,
      category: category(row, document),
      subcategory: subcategory(row, document),
      customer: unknown?.code ?? code,
      customer_name: unknown?.name ?? buyerName(row, document),
      segment: known(segment),
      country: known(country),
      region: known(region),
      city: known(city),
      distributor: pathOf(levels, row, document),
      channel: sold,
      warehouse: from,
      shipping_cents: freight && toMinor(freight, instance.minor_digits),
      order_discount_cents: off && toMinor(off, instance.minor_digits),
    }
  }
}

/** What the verdict makes of the line's signs. Every line that is not understood is refused, none is bent. */
function settle(base: Base, verdict: Verdict, quantity: bigint, worth: Amounts): Line | Refused {
  const { kind, role, amounts, isReturnByLine } = verdict
  const no = (field: string, code: string, message: string) =>
    refuse(base.document, field, code, message)
  if (verdict.refusal !== null) return no('rules', 'REFUSED', verdict.refusal)
  if (quantity > QUANTITY_MAX || quantity < -QUANTITY_MAX || tooMuch(worth)) {
    return no('amount', 'TOO_LARGE', 'the line is worth more than can be kept')
  }

  const flip = kind === 'return' && amounts === 'negative' ? -1n : 1n
  const sign = kind === 'write_off' ? -1n : flip
  // Freight for nothing is no income; it stays a line of the order.
  const isLine = role === 'shipping' && worth.total_cents === 0n
  const line: Line = {
    ...base,
    kind,
    role: isLine || role === 'service' ? 'goods' : role,
    is_service: role !== 'goods',
    // A return told by its line alone shares its number with the sale it undoes.
    external_id: isReturnByLine ? `${base.document}-R` : base.document,
    quantity: quantity * sign,
    unit_price_cents: worth.unit_price_cents,
    list_cents: worth.list_cents * flip,
    discount_cents: worth.discount_cents * flip,
    total_cents: worth.total_cents * flip,
    cost_cents: worth.cost_cents === null ? null : worth.cost_cents * flip,
    account: verdict.account,
  }
  return refusalOf(line) ?? line

  function refusalOf({ total_cents, list_cents, cost_cents }: Line): Refused | null {
    if (kind === 'adjustment') return null
    if (kind === 'write_off') {
      if (total_cents !== 0n)
        return no('amount', 'WRITE_OFF_WITH_VALUE', 'a write-off has no price')
      return line.quantity === 0n ? no('quantity', 'ZERO', 'nothing was written off') : null
    }
    if (role === 'discount') {
      return total_cents > 0n ? no('amount', 'SIGN', 'a discount line must be negative') : null
    }
    if (line.quantity <= 0n && role !== 'shipping') {
      return no('quantity', 'SIGN', `a ${kind} of ${quantity} pieces: no rule says what it is`)
    }
    if (total_cents < 0n || list_cents < 0n) {
      return no('amount', 'SIGN', `a ${kind} of ${worth.total_cents}: no rule says what it is`)
    }
    if (cost_cents !== null && cost_cents < 0n) return no('cost', 'SIGN', 'the cost is negative')
    return null
  }
}

function tooMuch({ list_cents, total_cents, cost_cents }: Amounts): boolean {
  return [list_cents, total_cents, cost_cents ?? 0n].some(
    (cents) => cents > CENTS_MAX || cents < -CENTS_MAX,
  )
}

/** From the root down; a level that is empty ends the path. */
function pathOf(levels: Read[], row: string[], document: string): string | null {
  const steps: string[] = []
  for (const level of levels) {
    const name = level(row, document)
    if (name === null) break
    steps.push(name.replaceAll('/', '-'))
  }
  return steps.length === 0 ? null : steps.join('/')
}

function refuse(document: string | null, field: string, code: string, message: string): Refused {
  return { document, problem: { field, code, message } }
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
