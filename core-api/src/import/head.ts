/** What a line says beside its goods and amounts: when, what, to whom, through whom, from where. */
import { decimalReader } from './amount.ts'
import { type NumberFormat, toMinor } from './decimal.ts'
import { type Columns, momentReader, optionalReader, type Read, reader } from './expression.ts'
import type { Expression, ImportMap } from './map-schema.ts'
import { type Head, type Instance, type Refused, refuse } from './staged.ts'

export type ReadHead = (row: string[], document: string, sku: string) => Head | Refused
type Optional = (expression: Expression | undefined, path: string) => Read
/** A part of the head, or what is wrong with it. */
type ReadPart<T> = (row: string[], document: string) => T | Refused

export function headReader(
  map: ImportMap,
  columns: Columns,
  instance: Instance,
  format: NumberFormat | undefined,
): ReadHead {
  const optional: Optional = (expression, path) => optionalReader(expression, columns, path)
  const times = timesReader(map, columns)
  const places = placesReader(map, columns)
  const extras = extrasReader(map, optional, instance.minor_digits, format)
  const money = reader(map.currency, columns, '/currency')
  const product = productReader(map, optional)
  const buyer = buyerReader(map, optional)
  const levels = (map.distributor?.levels ?? []).map((level, index) =>
    reader(level, columns, `/distributor/levels/${index}`),
  )

  return (row, document, sku) => {
    const currency = money(row, document)
    if (currency !== instance.currency) {
      const message = `${currency ?? 'no currency'} in an instance of ${instance.currency}`
      return refuse(document, 'currency', 'OTHER_CURRENCY', message)
    }
    const when = times(row, document)
    if ('problem' in when) return when
    const where = places(row, document)
    if ('problem' in where) return where
    const extra = extras(row, document)
    if ('problem' in extra) return extra
    return {
      document,
      sku,
      ...when,
      ...where,
      ...extra,
      ...product(row, document, sku),
      ...buyer(row, document),
      distributor: pathOf(levels, row, document),
    }
  }
}

function timesReader(map: ImportMap, columns: Columns): ReadPart<Pick<Head, 'at' | 'shipped_at'>> {
  const at = momentReader(map.at, columns, '/at', map.spread_time)
  const shipped = map.shipped_at
    ? momentReader(map.shipped_at, columns, '/shipped_at', map.spread_time)
    : () => null
  return (row, document) => {
    const placed_at = at(row, document)
    if (placed_at === null || placed_at === undefined) {
      return refuse(document, 'at', 'NO_DATE', `no date of the form ${map.at.format}`)
    }
    const shipped_at = shipped(row, document)
    if (shipped_at === undefined) {
      const message = `no date of the form ${map.shipped_at?.format ?? ''}`
      return refuse(document, 'shipped_at', 'NO_DATE', message)
    }
    return { at: placed_at, shipped_at }
  }
}

function placesReader(
  map: ImportMap,
  columns: Columns,
): ReadPart<Pick<Head, 'channel' | 'warehouse'>> {
  const channelOf = reader(map.channel, columns, '/channel')
  const warehouseOf = reader(map.warehouse, columns, '/warehouse')
  const channels = new Set(map.channels.map(({ code }) => code))
  const warehouses = new Set(map.warehouses.map(({ code }) => code))
  return (row, document) => {
    const channel = channelOf(row, document)
    if (channel === null || !channels.has(channel)) {
      return refuse(document, 'channel', 'UNKNOWN', `the map declares no channel ${channel}`)
    }
    const warehouse = warehouseOf(row, document)
    if (warehouse === null || !warehouses.has(warehouse)) {
      return refuse(document, 'warehouse', 'UNKNOWN', `the map declares no warehouse ${warehouse}`)
    }
    return { channel, warehouse }
  }
}

function extrasReader(
  map: ImportMap,
  optional: Optional,
  digits: number,
  format: NumberFormat | undefined,
): ReadPart<Pick<Head, 'shipping_cents' | 'order_discount_cents'>> {
  const shippingOf = decimalReader(optional(map.shipping, '/shipping'), format)
  const discountOf = decimalReader(optional(map.order_discount, '/order_discount'), format)
  return (row, document) => {
    const shipping = shippingOf(row, document)
    const discount = discountOf(row, document)
    if (shipping === undefined || (shipping && shipping.units < 0n)) {
      return refuse(document, 'shipping', 'NO_NUMBER', 'the freight is no number, or negative')
    }
    if (discount === undefined || (discount && discount.units < 0n)) {
      return refuse(
        document,
        'order_discount',
        'NO_NUMBER',
        'the discount is no number, or negative',
      )
    }
    return {
      shipping_cents: shipping && toMinor(shipping, digits),
      order_discount_cents: discount && toMinor(discount, digits),
    }
  }
}

function productReader({ sku }: ImportMap, optional: Optional) {
  const name = optional(sku.name, '/sku/name')
  const product = optional(sku.product, '/sku/product')
  const category = optional(sku.category, '/sku/category')
  const subcategory = optional(sku.subcategory, '/sku/subcategory')
  return (row: string[], document: string, code: string) => ({
    sku_name: name(row, document),
    product: product(row, document) ?? code,
    category: category(row, document),
    subcategory: subcategory(row, document),
  })
}

/** A line without a customer is the unknown customer's: its money is as real as any. */
function buyerReader({ customer }: ImportMap, optional: Optional) {
  const codeOf = optional(customer?.code, '/customer/code')
  const name = optional(customer?.name, '/customer/name')
  const segment = optional(customer?.segment, '/customer/segment')
  const country = optional(customer?.country, '/customer/country')
  const region = optional(customer?.region, '/customer/region')
  const city = optional(customer?.city, '/customer/city')
  const nobody = {
    customer: customer?.unknown?.code ?? null,
    customer_name: customer?.unknown?.name ?? null,
    segment: null,
    country: null,
    region: null,
    city: null,
  }
  return (row: string[], document: string) => {
    const code = codeOf(row, document)
    if (code === null) return nobody
    return {
      customer: code,
      customer_name: name(row, document),
      segment: segment(row, document),
      country: country(row, document),
      region: region(row, document),
      city: city(row, document),
    }
  }
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
