import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { FLOOR, type Role, STAFF } from '../lib/roles.ts'
import { IdempotencyHeaders, IdParams } from '../lib/schema.ts'
import * as queries from './queries.ts'
import { Purchase, PurchaseDone, Purchases, Receipt, RequestPurchase } from './schema.ts'
import * as service from './service.ts'

const DESK = ['admin', 'operations'] as const satisfies Role[]

export const purchases: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/purchase-requests',
    {
      config: { roles: FLOOR },
      schema: {
        operationId: 'requestPurchase',
        summary: 'Goods from a supplier: a draft that counts as incoming from now on',
        tags: ['purchases'],
        headers: IdempotencyHeaders,
        body: RequestPurchase,
        response: { 201: PurchaseDone },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await service.requestPurchase(app.sql, request, request.body)),
  )

  app.post(
    '/purchase-requests/:id/receive',
    {
      config: { roles: FLOOR },
      schema: {
        operationId: 'receivePurchase',
        summary: 'So many have arrived, in parts or at once, with the journal beside it',
        tags: ['purchases'],
        headers: IdempotencyHeaders,
        params: IdParams,
        body: Receipt,
        response: { 200: PurchaseDone },
      },
    },
    async (request) => service.receive(app.sql, request, request.params.id, request.body),
  )

  step('approve', 'It is bought; beyond the limit only by an administrator', DESK, service.approve)
  step('close', 'The rest will not come, and no longer counts as incoming', FLOOR, service.close)
  step('cancel', 'A draft that nobody wants any more', FLOOR, service.cancel)

  app.get(
    '/purchase-requests',
    {
      config: { roles: STAFF },
      schema: {
        operationId: 'listOpenPurchases',
        summary: 'Purchases that wait for approval or delivery, newest first',
        tags: ['purchases'],
        response: { 200: Purchases },
      },
    },
    async () => ({ items: await queries.listOpenPurchases(app.sql) }),
  )

  app.get(
    '/purchase-requests/:id',
    {
      config: { roles: STAFF },
      schema: {
        operationId: 'getPurchase',
        summary: 'One purchase request, whatever became of it',
        tags: ['purchases'],
        params: IdParams,
        response: { 200: Purchase },
      },
    },
    async (request) => service.getPurchase(app.sql, request.params.id),
  )

  function step(
    verb: 'approve' | 'close' | 'cancel',
    summary: string,
    roles: readonly Role[],
    move: (
      sql: typeof app.sql,
      request: FastifyRequest,
      id: number,
    ) => ReturnType<typeof service.approve>,
  ) {
    app.post(
      `/purchase-requests/:id/${verb}`,
      {
        config: { roles },
        schema: {
          operationId: `${verb}Purchase`,
          summary,
          tags: ['purchases'],
          headers: IdempotencyHeaders,
          params: IdParams,
          response: { 200: PurchaseDone },
        },
      },
      async (request) => move(app.sql, request, request.params.id),
    )
  }
}
