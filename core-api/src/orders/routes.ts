import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { EVERYONE, type Role } from '../lib/roles.ts'
import { IdempotencyHeaders, IdParams, Page, pageOf, toPage } from '../lib/schema.ts'
import { readAs, userOf } from '../lib/session.ts'
import * as queries from './queries.ts'
import { Order, OrderHeader, OrderQuery, PayOrder, PlaceOrder } from './schema.ts'
import * as service from './service.ts'

const DESK = ['admin', 'operations'] as const satisfies Role[]

export const orders: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/orders',
    {
      config: { roles: [...DESK, 'distributor'] },
      schema: {
        operationId: 'placeOrder',
        summary:
          'Reserves the goods and fixes who earns what; a distributor orders in his own name',
        tags: ['orders'],
        headers: IdempotencyHeaders,
        body: PlaceOrder,
        response: { 201: Order },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await service.place(app.sql, request, request.body)),
  )

  app.post(
    '/orders/:id/pay',
    {
      config: { roles: DESK },
      schema: {
        operationId: 'payOrder',
        summary:
          'Recognises the revenue, the fee and the commission; the same channel_txn counts once',
        tags: ['orders'],
        headers: IdempotencyHeaders,
        params: IdParams,
        body: PayOrder,
        response: { 200: Order },
      },
    },
    async (request) => service.pay(app.sql, request, request.params.id, request.body),
  )

  step('ship', 'Issues the goods at moving-average cost', [...DESK, 'warehouse'], service.ship)
  step('complete', 'The customer has the goods; the return window begins', DESK, service.complete)
  step(
    'cancel',
    'Before shipping: frees the goods and pays back what was paid',
    DESK,
    service.cancel,
  )

  app.get(
    '/orders/:id',
    {
      config: { roles: EVERYONE },
      schema: {
        operationId: 'getOrder',
        summary: 'With its lines; a distributor finds the orders of his subtree',
        tags: ['orders'],
        params: IdParams,
        response: { 200: Order },
      },
    },
    async (request) => service.readOrder(app.sql, userOf(request), request.params.id),
  )

  app.get(
    '/orders',
    {
      config: { roles: EVERYONE },
      schema: {
        operationId: 'listOrders',
        summary: 'Newest first; `after` is the last id of the page before',
        tags: ['orders'],
        querystring: OrderQuery,
        response: { 200: Page(OrderHeader) },
      },
    },
    async (request) => {
      const page = pageOf(request.query)
      const state = request.query.state ?? null
      const items = await readAs(app.sql, userOf(request), (sql) =>
        queries.listOrders(sql, { ...page, state }),
      )
      return toPage(items, page.limit)
    },
  )

  function step(
    verb: 'ship' | 'complete' | 'cancel',
    summary: string,
    roles: readonly Role[],
    move: (sql: typeof app.sql, request: FastifyRequest, id: number) => Promise<Order>,
  ) {
    app.post(
      `/orders/:id/${verb}`,
      {
        config: { roles },
        schema: {
          operationId: `${verb}Order`,
          summary,
          tags: ['orders'],
          headers: IdempotencyHeaders,
          params: IdParams,
          response: { 200: Order },
        },
      },
      async (request) => move(app.sql, request, request.params.id),
    )
  }
}
