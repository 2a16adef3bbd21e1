import type { FastifyRequest } from 'fastify'
import { once } from '../lib/idempotency.ts'
import { type Queryable, type Sql, violates } from '../lib/postgres.ts'
import { notFound } from '../lib/refusal.ts'
import { readAs, type User, userOf } from '../lib/session.ts'
import { channelTransactionUsed, externalIdUsed, outOfStock, wrongState } from './errors.ts'
import { demandOf, placeOrder } from './placement.ts'
import * as queries from './queries.ts'
import { Order, type PayOrder, type PlaceOrder } from './schema.ts'
import * as transitions from './transition-queries.ts'
import { chooseWarehouse } from './warehouse-choice.ts'

const OVERSELL_GUARD = 'stock_level_no_oversell'
const EXPIRED_ORDERS_MAX = 200

/**
 * Between looking at the shelf and reserving, another order may have taken the goods. The database then
 * refuses, and the order is placed anew against what is left: elsewhere, or not at all.
 */
export async function place(sql: Sql, request: FastifyRequest, wanted: PlaceOrder): Promise<Order> {
  const user = userOf(request)
  try {
    return await once(
      sql,
      request,
      Order,
      (transaction) => placeOrder(transaction, user, wanted),
      (error) => violates(error, OVERSELL_GUARD),
    )
  } catch (error) {
    if (violates(error, 'sales_order_channel_id_external_id_key')) throw externalIdUsed()
    if (!violates(error, OVERSELL_GUARD)) throw error
    const warehouseId = wanted.warehouse_id ?? null
    const rows = await queries.listAvailability(sql, demandOf(wanted.lines), warehouseId)
    throw outOfStock(chooseWarehouse(rows)?.short ?? [])
  }
}

/** The same payment told twice is one payment; a payment for an order that is gone changes nothing. */
export async function pay(sql: Sql, request: FastifyRequest, id: number, payment: PayOrder) {
  try {
    return await once(sql, request, Order, async (transaction) => {
      if (await transitions.markPaid(transaction, id)) {
        const [, , order] = await Promise.all([
          queries.insertPayment(transaction, { orderId: id, kind: 'pay', payment }),
          transitions.postPaid(transaction, id),
          getOrder(transaction, id, true),
        ])
        return order
      }
      const order = await getOrder(transaction, id, true)
      const { channel_txn } = payment
      const isRepeated =
        channel_txn !== undefined && (await queries.hasPayment(transaction, id, channel_txn))
      if (isRepeated) return order
      throw wrongState(
        `Order ${order.order_no} is ${order.state}; ` +
          `this payment was not recorded: refund it where it was made`,
      )
    })
  } catch (error) {
    throw violates(error, 'payment_channel_txn_key') ? channelTransactionUsed() : error
  }
}

export async function ship(sql: Sql, request: FastifyRequest, id: number) {
  return once(sql, request, Order, async (transaction) => {
    const isMoved = await transitions.markShipped(transaction, id)
    if (!isMoved) throw await refusalOf(transaction, id, 'shipped', 'paid')
    await transitions.postShipped(transaction, id)
    return getOrder(transaction, id, true)
  })
}

export async function complete(sql: Sql, request: FastifyRequest, id: number) {
  return once(sql, request, Order, async (transaction) => {
    const isMoved = await transitions.markCompleted(transaction, id)
    if (!isMoved) throw await refusalOf(transaction, id, 'completed', 'shipped')
    await transitions.postCompleted(transaction, id)
    return getOrder(transaction, id, true)
  })
}

/** Before it is shipped: the goods are free again, and what was paid is paid back. */
export async function cancel(sql: Sql, request: FastifyRequest, id: number) {
  return once(sql, request, Order, async (transaction) => {
    const moved = await transitions.markCancelled(transaction, id)
    if (moved === undefined) throw await refusalOf(transaction, id, 'cancelled', 'placed or paid')
    if (moved.is_paid) {
      await queries.insertPayment(transaction, { orderId: id, kind: 'refund', payment: {} })
    }
    await transitions.postCancelled(transaction, [id])
    return getOrder(transaction, id, true)
  })
}

/** One batch of orders unpaid for too long; returns how many gave their goods back. */
export async function cancelUnpaid(transaction: Queryable, minutes: number): Promise<number> {
  const ids = await transitions.markExpired(transaction, minutes, EXPIRED_ORDERS_MAX)
  if (ids.length > 0) await transitions.postCancelled(transaction, ids)
  return ids.length
}

export async function readOrder(sql: Sql, user: User, id: number): Promise<Order> {
  return readAs(sql, user, (queryable) => getOrder(queryable, id, user.role !== 'distributor'))
}

async function getOrder(sql: Queryable, id: number, withCost: boolean): Promise<Order> {
  const [header, lines] = await Promise.all([
    queries.findOrder(sql, id),
    queries.listLines(sql, id, withCost),
  ])
  if (header === undefined) throw notFound('order')
  return { ...header, lines }
}

async function refusalOf(transaction: Queryable, id: number, into: string, from: string) {
  const order = await queries.findOrder(transaction, id)
  if (order === undefined) return notFound('order')
  return wrongState(
    `Order ${order.order_no} is ${order.state}; only one that is ${from} can be ${into}`,
  )
}
