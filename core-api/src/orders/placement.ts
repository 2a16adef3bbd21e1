import { randomBytes } from 'node:crypto'
import type { Queryable } from '../lib/postgres.ts'
import { forbidden, Refusal, unknownReference } from '../lib/refusal.ts'
import type { User } from '../lib/session.ts'
import type { FieldError } from '../lib/schema.ts'
import { outOfStock } from './errors.ts'
import { type PricedOrder, priceOrder } from './pricing.ts'
import * as queries from './queries.ts'
import type { Order, PlaceOrder, PricedSku } from './schema.ts'
import * as transitions from './transition-queries.ts'
import { chooseWarehouse } from './warehouse-choice.ts'

const ORDER_NO_LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const ORDER_NO_LENGTH = 10

/** The order, its prices, who earns on it and the reservation of its goods happen together, or not at all. */
export async function placeOrder(
  transaction: Queryable,
  user: User,
  wanted: PlaceOrder,
): Promise<Order> {
  refuseToDistributor(user, wanted)
  const customerId = wanted.customer_id ?? null
  const distributorId =
    user.role === 'distributor' ? user.distributor_id : (wanted.distributor_id ?? null)

  // Sent at once and answered in order: one round trip.
  const [customer, seller, skus, availability] = await Promise.all([
    customerId === null ? undefined : queries.findCustomerSeller(transaction, customerId),
    queries.findSeller(transaction, distributorId, customerId, wanted.visit_id ?? null),
    queries.listPricedSkus(transaction, wanted.lines),
    queries.listAvailability(transaction, demandOf(wanted.lines), wanted.warehouse_id ?? null),
  ])
  // Another distributor's customer is as good as none: saying more would tell who his customers are.
  const isCustomerKnown =
    customerId === null ||
    (customer !== undefined &&
      (user.role !== 'distributor' || customer.distributor_id === user.distributor_id))
  refuseUnknown([
    ...(isCustomerKnown ? [] : [{ field: 'customer_id', message: 'does not exist' }]),
    ...(distributorId === null || seller !== undefined
      ? []
      : [{ field: 'distributor_id', message: 'does not exist' }]),
    ...unknownSkus(wanted.lines, skus),
  ])
  if (user.role === 'distributor' && seller?.status !== 'active') {
    throw forbidden('Your distributorship is not active')
  }

  const priced = priceLines(wanted, skus)
  const choice = chooseWarehouse(availability)
  if (choice === undefined) throw noWarehouse(wanted)
  if (choice.short.length > 0) throw outOfStock(choice.short)

  const id = await queries.insertOrder(transaction, {
    ...priced,
    order_no_suffix: orderNoSuffix(),
    channel_id: wanted.channel_id,
    external_id: wanted.external_id ?? null,
    distributor_id: seller?.id ?? null,
    ancestor_ids: seller?.ancestor_ids ?? [],
    customer_id: customerId,
    warehouse_id: choice.warehouse_id,
    visit_id: wanted.visit_id ?? null,
  })
  const [, , , header, lines] = await Promise.all([
    queries.insertLines(transaction, id, priced.lines),
    queries.attributeLines(transaction, id),
    transitions.postPlaced(transaction, id),
    queries.findOrder(transaction, id),
    queries.listLines(transaction, id, true),
  ])
  if (header === undefined) throw new Error(`order ${id} vanished in its own transaction`)
  return { ...header, lines }
}

/** Two lines of one sku are one demand: each alone might pass where both together do not. */
export function demandOf(lines: PlaceOrder['lines']) {
  const quantities = new Map<number, number>()
  for (const { sku_id, quantity } of lines) {
    quantities.set(sku_id, (quantities.get(sku_id) ?? 0) + quantity)
  }
  return [...quantities].map(([sku_id, quantity]) => ({ sku_id, quantity }))
}

function refuseToDistributor(user: User, wanted: PlaceOrder): void {
  if (user.role !== 'distributor') return
  const { distributor_id, discount_cents } = wanted
  if (distributor_id !== undefined && distributor_id !== user.distributor_id) {
    throw forbidden('A distributor orders in his own name only')
  }
  if (discount_cents !== undefined && BigInt(discount_cents) > 0n) {
    throw forbidden('Discounts are given by staff')
  }
}

function unknownSkus(lines: PlaceOrder['lines'], skus: PricedSku[]): FieldError[] {
  const known = new Set(skus.map(({ sku_id }) => sku_id))
  return lines.flatMap(({ sku_id }, index) =>
    known.has(sku_id) ? [] : [{ field: `lines/${index}/sku_id`, message: 'does not exist' }],
  )
}

function refuseUnknown(errors: FieldError[]): void {
  if (errors.length > 0) throw unknownReference(errors)
}

function priceLines(wanted: PlaceOrder, skus: PricedSku[]): PricedOrder {
  const unsold: FieldError[] = []
  const lines = wanted.lines.map(({ sku_id, quantity }, index) => {
    // Both are in the order of the lines, and every sku is known by now.
    const sku = skus[index]
    if (sku === undefined || sku.price_cents === null || !sku.is_sold) {
      const message = sku?.is_sold === false ? 'is no longer sold' : 'has no price'
      unsold.push({ field: `lines/${index}/sku_id`, message })
    }
    return { sku_id, quantity, price_cents: BigInt(sku?.price_cents ?? 0) }
  })
  if (unsold.length > 0) {
    const detail = unsold.map(({ field, message }) => `${field} ${message}`).join('; ')
    throw new Refusal(422, 'NOT_FOR_SALE', 'Something on the order is not for sale', detail, {
      errors: unsold,
    })
  }
  return priceOrder({
    lines,
    discount_cents: BigInt(wanted.discount_cents ?? 0),
    shipping_cents: BigInt(wanted.shipping_cents ?? 0),
  })
}

function noWarehouse({ warehouse_id }: PlaceOrder): Refusal {
  if (warehouse_id !== undefined && warehouse_id !== null) {
    return unknownReference([{ field: 'warehouse_id', message: 'does not exist' }])
  }
  return new Refusal(409, 'NO_WAREHOUSE', 'There is no warehouse to ship from')
}

/** Random, so that an order number says nothing about how many orders there are. */
function orderNoSuffix(): string {
  return Array.from(
    randomBytes(ORDER_NO_LENGTH),
    (byte) => ORDER_NO_LETTERS[byte % ORDER_NO_LETTERS.length],
  ).join('')
}
