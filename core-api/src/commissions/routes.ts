import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { pageOf } from '../lib/schema.ts'
import { userOf } from '../lib/session.ts'
import { Explanation, ExplanationQuery } from './schema.ts'
import { explain } from './service.ts'

export const commissions: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/commissions/explanation',
    {
      config: { roles: ['admin', 'executive', 'analyst', 'operations', 'distributor'] },
      schema: {
        operationId: 'explainCommissions',
        summary:
          'What stands in each state, and each line it comes from; a distributor sees his own',
        tags: ['commissions'],
        querystring: ExplanationQuery,
        response: { 200: Explanation },
      },
    },
    async (request) => {
      const { state, distributor_id } = request.query
      return explain(app.sql, userOf(request), {
        ...pageOf(request.query),
        state: state ?? null,
        distributorId: distributor_id ?? null,
      })
    },
  )
}
