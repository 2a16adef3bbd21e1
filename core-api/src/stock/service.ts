import type { FastifyRequest } from 'fastify'
import { once } from '../lib/idempotency.ts'
import type { Queryable, Sql } from '../lib/postgres.ts'
import { unknownReference } from '../lib/refusal.ts'
import * as queries from './queries.ts'
import { Received, type Receipts } from './schema.ts'

/** Goods received: all of them, or none. */
export async function receiveStock(sql: Sql, request: FastifyRequest, { receipts }: Receipts) {
  return once(sql, request, Received, async (transaction) => {
    const withoutShelf = await queries.listWithoutShelf(
      transaction,
      receipts.map(({ sku_id }) => sku_id),
    )
    const errors = receipts.flatMap(({ sku_id }, index) =>
      withoutShelf.has(sku_id)
        ? [{ field: `receipts/${index}/sku_id`, message: 'does not exist or is a service' }]
        : [],
    )
    if (errors.length > 0) throw unknownReference(errors)

    const sorted = receipts.toSorted(
      (left, right) => left.sku_id - right.sku_id || left.warehouse_id - right.warehouse_id,
    )
    await queries.receive(transaction, sorted)
    return { received: receipts.length }
  })
}

/** Only goods lie on a shelf, and can be moved or bought for one. */
export async function refuseService(transaction: Queryable, skuId: number): Promise<void> {
  const withoutShelf = await queries.listWithoutShelf(transaction, [skuId])
  if (!withoutShelf.has(skuId)) return
  throw unknownReference([{ field: 'sku_id', message: 'does not exist or is a service' }])
}
