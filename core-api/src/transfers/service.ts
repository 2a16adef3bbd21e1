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
  return step(sql, request, { id, from: 'requested' }, (transaction) =>
    queries.shipTransfer(transaction, id),
  )
}

/** In parts or at once; what is missing stays in transit. */
export async function receive(sql: Sql, request: FastifyRequest, id: number, quantity: number) {
  return step(sql, request, { id, from: 'shipped' }, async (transaction, transfer) => {
    const open = transfer.quantity - transfer.received_quantity
    if (quantity > open) throw tooMany(`transfer ${id}`, open)
    await queries.receiveTransfer(transaction, id, quantity)
  })
}

/** What is still in transit will not come: it is lost, and so is its value. */
export async function close(sql: Sql, request: FastifyRequest, id: number) {
  return step(sql, request, { id, from: 'shipped' }, (transaction) =>
    queries.loseTransfer(transaction, id),
  )
}

export async function cancel(sql: Sql, request: FastifyRequest, id: number) {
  return step(sql, request, { id, from: 'requested' }, (transaction) =>
    queries.cancelTransfer(transaction, id),
  )
}

export async function getTransfer(sql: Queryable, id: number): Promise<Transfer> {
  const transfer = await queries.findTransfer(sql, id)
  if (transfer === undefined) throw notFound('transfer')
  return transfer
}

/** Every step takes the document from one state, and nobody else moves it meanwhile. */
async function step(
  sql: Sql,
  request: FastifyRequest,
  { id, from }: { id: number; from: Transfer['state'] },
  move: (transaction: Queryable, transfer: Transfer) => Promise<unknown>,
) {
  return done(sql, request, async (transaction) => {
    const transfer = await getLocked(transaction, id)
    if (transfer.state !== from) throw wrongStep(`Transfer ${id}`, transfer.state, from)
    await move(transaction, transfer)
    return id
  })
}

/** The document as the step left it, and how far the stream must come to show it. */
async function done(
  sql: Sql,
  request: FastifyRequest,
  act: (transaction: Queryable) => Promise<number>,
) {
  const transfer = await once(sql, request, Transfer, async (transaction) =>
    getTransfer(transaction, await act(transaction)),
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
