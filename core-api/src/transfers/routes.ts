import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { FLOOR, STAFF } from '../lib/roles.ts'
import { IdempotencyHeaders, IdParams } from '../lib/schema.ts'
import * as queries from './queries.ts'
import { Arrival, RequestTransfer, Transfer, TransferDone, Transfers } from './schema.ts'
import * as service from './service.ts'

export const transfers: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/transfers',
    {
      config: { roles: FLOOR },
      schema: {
        operationId: 'requestTransfer',
        summary: 'Goods from another warehouse: reserved there at once, counted as incoming here',
        tags: ['transfers'],
        headers: IdempotencyHeaders,
        body: RequestTransfer,
        response: { 201: TransferDone },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await service.requestTransfer(app.sql, request, request.body)),
  )

  app.post(
    '/transfers/:id/receive',
    {
      config: { roles: FLOOR },
      schema: {
        operationId: 'receiveTransfer',
        summary: 'So many have arrived; what is missing stays in transit',
        tags: ['transfers'],
        headers: IdempotencyHeaders,
        params: IdParams,
        body: Arrival,
        response: { 200: TransferDone },
      },
    },
    async (request) => service.receive(app.sql, request, request.params.id, request.body.quantity),
  )

  step('ship', 'The goods leave, at what they cost where they were', service.ship)
  step('close', 'What has not arrived is lost, and written off', service.close)
  step('cancel', 'Before it is shipped: the goods are free again', service.cancel)

  app.get(
    '/transfers',
    {
      config: { roles: STAFF },
      schema: {
        operationId: 'listOpenTransfers',
        summary: 'Transfers that are requested or on their way, newest first',
        tags: ['transfers'],
        response: { 200: Transfers },
      },
    },
    async () => ({ items: await queries.listOpenTransfers(app.sql) }),
  )

  app.get(
    '/transfers/:id',
    {
      config: { roles: STAFF },
      schema: {
        operationId: 'getTransfer',
        summary: 'One transfer, whatever became of it',
        tags: ['transfers'],
        params: IdParams,
        response: { 200: Transfer },
      },
    },
    async (request) => service.getTransfer(app.sql, request.params.id),
  )

  function step(
    verb: 'ship' | 'close' | 'cancel',
    summary: string,
    move: (
      sql: typeof app.sql,
      request: FastifyRequest,
      id: number,
    ) => ReturnType<typeof service.ship>,
  ) {
    app.post(
      `/transfers/:id/${verb}`,
      {
        config: { roles: FLOOR },
        schema: {
          operationId: `${verb}Transfer`,
          summary,
          tags: ['transfers'],
          headers: IdempotencyHeaders,
          params: IdParams,
          response: { 200: TransferDone },
        },
      },
      async (request) => move(app.sql, request, request.params.id),
    )
  }
}
