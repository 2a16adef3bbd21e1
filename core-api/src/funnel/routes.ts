import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import * as queries from './queries.ts'
import { FunnelEvents, Written } from './schema.ts'

export const funnel: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/funnel-events',
    {
      config: { roles: ['admin', 'operations'] },
      schema: {
        operationId: 'recordFunnelEvents',
        summary: 'Steps of visits, as the shop reports them; a step told twice counts once',
        tags: ['funnel'],
        body: FunnelEvents,
        response: { 202: Written },
      },
    },
    async (request, reply) =>
      reply.code(202).send({ written: await queries.insertEvents(app.sql, request.body.events) }),
  )
}
