import type { FastifyRequest } from 'fastify'
import { linkAction } from '../alerts/service.ts'
import { tooMany, wrongStep } from '../lib/document.ts'
import { once } from '../lib/idempotency.ts'
import { positionAfter } from '../lib/position.ts'
import type { Queryable, Sql } from '../lib/postgres.ts'
import { forbidden, notFound } from '../lib/refusal.ts'
import { userOf } from '../lib/session.ts'
import { refuseService } from '../stock/service.ts'
import * as queries from './queries.ts'
import { Purchase, type Receipt, type RequestPurchase } from './schema.ts'
import { shareOf } from './share.ts'

/** A draft already counts as incoming, so that nobody orders the same goods again while it waits for approval. */
export async function requestPurchase(sql: Sql, request: FastifyRequest, wanted: RequestPurchase) {
  const user = userOf(request)
  return done(sql, request, async (transaction) => {
    await refuseService(transaction, wanted.sku_id)
    const id = await queries.insertPurchase(transaction, user.id, wanted)
    if (typeof wanted.alert_id === 'number') {
      await linkAction(transaction, user.id, wanted.alert_id, {
        skuId: wanted.sku_id,
        warehouseId: wanted.warehouse_id,
        purchaseId: id,
      })
    }
    return id
  })
}

export async function approve(sql: Sql, request: FastifyRequest, id: number) {
  const user = userOf(request)
  return step(sql, request, { id, from: 'draft' }, async (transaction, { needs_admin }) => {
    if (needs_admin && user.role !== 'admin') {
      throw forbidden('This costs more than may be bought without an administrator: ask one')
    }
    await queries.approvePurchase(transaction, id, user.id)
  })
}

/** In parts or at once, onto the shelf and into the books. */
export async function receive(sql: Sql, request: FastifyRequest, id: number, receipt: Receipt) {
  const user = userOf(request)
  return step(sql, request, { id, from: 'approved' }, async (transaction, purchase) => {
    const open = purchase.quantity - purchase.received_quantity
    if (receipt.quantity > open) throw tooMany(`purchase ${id}`, open)
    await queries.receivePurchase(transaction, id, {
      quantity: receipt.quantity,
      costCents: String(receipt.cost_cents ?? shareOf(purchase, receipt.quantity)),
      userId: user.id,
    })
  })
}

/** The rest will not come, and no longer counts as incoming. */
export async function close(sql: Sql, request: FastifyRequest, id: number) {
  return step(sql, request, { id, from: 'approved' }, (transaction) =>
    queries.endPurchase(transaction, id, 'closed'),
  )
}

export async function cancel(sql: Sql, request: FastifyRequest, id: number) {
  return step(sql, request, { id, from: 'draft' }, (transaction) =>
    queries.endPurchase(transaction, id, 'cancelled'),
  )
}

export async function getPurchase(sql: Queryable, id: number): Promise<Purchase> {
  const purchase = await queries.findPurchase(sql, id)
  if (purchase === undefined) throw notFound('purchase request')
  return purchase
}

/** Every step takes the document from one state, and nobody else moves it meanwhile. */
async function step(
  sql: Sql,
  request: FastifyRequest,
  { id, from }: { id: number; from: Purchase['state'] },
  move: (transaction: Queryable, purchase: Purchase) => Promise<unknown>,
) {
  return done(sql, request, async (transaction) => {
    const purchase = await getLocked(transaction, id)
    if (purchase.state !== from) throw wrongStep(`Purchase ${id}`, purchase.state, from)
    await move(transaction, purchase)
    return id
  })
}

/** The document as the step left it, and how far the stream must come to show it. */
async function done(
  sql: Sql,
  request: FastifyRequest,
  act: (transaction: Queryable) => Promise<number>,
) {
  const purchase = await once(sql, request, Purchase, async (transaction) =>
    getPurchase(transaction, await act(transaction)),
  )
  return { purchase, lsn: await positionAfter(sql) }
}

async function getLocked(transaction: Queryable, id: number): Promise<Purchase> {
  const purchase = await queries.lockPurchase(transaction, id)
  if (purchase === undefined) throw notFound('purchase request')
  return purchase
}
