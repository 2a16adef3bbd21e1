import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { STAFF } from '../lib/roles.ts'
import { IdempotencyHeaders } from '../lib/schema.ts'
import * as queries from './queries.ts'
import { Received, Receipts, StockLevels, StockQuery } from './schema.ts'
import { receiveStock } from './service.ts'

export const stock: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/stock/receipts',
    {
      config: { roles: ['admin', 'operations', 'warehouse'] },
      schema: {
        operationId: 'receiveStock',
        summary: 'Puts goods on the shelf at their cost, with the journal beside it; all or none',
        tags: ['stock'],
        headers: IdempotencyHeaders,
        body: Receipts,
        response: { 201: Received },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await receiveStock(app.sql, request, request.body)),
  )

  app.get(
    '/stock-levels',
    {
      config: { roles: STAFF },
      schema: {
        operationId: 'listStockLevels',
        summary: 'What lies where, and how much of it is free',
        tags: ['stock'],
        querystring: StockQuery,
        response: { 200: StockLevels },
      },
    },
    async (request) => ({
      items: await queries.listLevels(app.sql, {
        skuId: request.query.sku_id ?? null,
        warehouseId: request.query.warehouse_id ?? null,
      }),
    }),
  )
}
