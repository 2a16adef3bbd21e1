import type { FastifyRequest } from 'fastify'
import { linkAction } from '../alerts/service.ts'
import { tooMany, wrongStep } from '../lib/document.ts'
import { once } from '../lib/idempotency.ts'
import { type Queryable, type Sql, violates } from '../lib/postgres.ts'
import { positionAfter } from '../lib/position.ts'
import { invalid, notFound, Refusal } from '../lib/refusal.ts'
import { userOf } from '../lib/session.ts'
import { refuseService } from '../stock/service.ts'
import * as queries from './queries.ts'
import { type RequestTransfer, Transfer } from './schema.ts'

const OVERSELL_GUARD = 'stock_level_no_oversell'

/** The goods are reserved at once: what is to leave is not sold meanwhile. */
export async function requestTransfer(sql: Sql, request: FastifyRequest, wanted: RequestTransfer) {
  if (wanted.from_warehouse_id === wanted.to_warehouse_id) {
    throw invalid('to_warehouse_id', 'is the warehouse the goods are in already')
  }
  const user = userOf(request)
  try {
    return await done(sql, request, async (transaction) => {
      await refuseService(transaction, wanted.sku_id)
      const id = await queries.insertTransfer(transaction, user.id, wanted)
      if (typeof wanted.alert_id === 'number') {
        await linkAction(transaction, user.id, wanted.alert_id, {
          skuId: wanted.sku_id,
          warehouseId: wanted.to_warehouse_id,
          transferId: id,
        })
      }
      return id
    })
  } catch (error) {
    if (!violates(error, OVERSELL_GUARD)) throw error
    throw await notEnough(sql, wanted)
  }
}

export async function ship(sql: Sql, request: FastifyRequest, id: number) {
  return done(sql, request, async (transaction) => {
    const { state } = await getLocked(transaction, id)
    if (state !== 'requested') throw wrongStep(`Transfer ${id}`, state, 'requested')
    await queries.shipTransfer(transaction, id)
    return id
  })
}

/** In parts or at once; what is missing stays in transit. */
export async function receive(sql: Sql, request: FastifyRequest, id: number, quantity: number) {
  return done(sql, request, async (transaction) => {
    const transfer = await getLocked(transaction, id)
    if (transfer.state !== 'shipped') throw wrongStep(`Transfer ${id}`, transfer.state, 'shipped')
    const open = transfer.quantity - transfer.received_quantity
    if (quantity > open) throw tooMany(`transfer ${id}`, open)
    await queries.receiveTransfer(transaction, id, quantity)
    return id
  })
}

/** What is still in transit will not come: it is lost, and so is its value. */
export async function close(sql: Sql, request: FastifyRequest, id: number) {
  return done(sql, request, async (transaction) => {
    const { state } = await getLocked(transaction, id)
    if (state !== 'shipped') throw wrongStep(`Transfer ${id}`, state, 'shipped')
    await queries.loseTransfer(transaction, id)
    return id
  })
}

export async function cancel(sql: Sql, request: FastifyRequest, id: number) {
  return done(sql, request, async (transaction) => {
    const { state } = await getLocked(transaction, id)
    if (state !== 'requested') throw wrongStep(`Transfer ${id}`, state, 'requested')
    await queries.cancelTransfer(transaction, id)
    return id
  })
}

export async function getTransfer(sql: Queryable, id: number): Promise<Transfer> {
  const transfer = await queries.findTransfer(sql, id)
  if (transfer === undefined) throw notFound('transfer')
  return transfer
}

/** The document as the step left it, and how far the stream must come to show it. */
async function done(
  sql: Sql,
  request: FastifyRequest,
  step: (transaction: Queryable) => Promise<number>,
) {
  const transfer = await once(sql, request, Transfer, async (transaction) =>
    getTransfer(transaction, await step(transaction)),
  )
  return { transfer, lsn: await positionAfter(sql) }
}

async function getLocked(transaction: Queryable, id: number): Promise<Transfer> {
  const transfer = await queries.lockTransfer(transaction, id)
  if (transfer === undefined) throw notFound('transfer')
  return transfer
}

async function notEnough(sql: Sql, wanted: RequestTransfer): Promise<Refusal> {
  const shelf = await queries.findAvailable(sql, wanted.sku_id, wanted.from_warehouse_id)
  const line = {
    sku_id: wanted.sku_id,
    sku: shelf?.sku ?? String(wanted.sku_id),
    wanted: wanted.quantity,
    available: shelf?.available ?? 0,
  }
  return new Refusal(
    409,
    'OUT_OF_STOCK',
    'There is not enough in stock',
    `${line.sku}: wanted ${line.wanted}, available ${line.available}; transfer at most that`,
    { short: [line] },
  )
}
