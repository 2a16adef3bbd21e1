import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { IdParams, pageOf } from '../lib/schema.ts'
import { userOf } from '../lib/session.ts'
import { readOrder } from '../orders/service.ts'
import { EarnedOnOrder, Explanation, ExplanationQuery } from './schema.ts'
import { explain, explainOrder } from './service.ts'

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

  app.get(
    '/orders/:id/commissions',
    {
      config: { roles: ['admin', 'executive', 'analyst', 'operations'] },
      schema: {
        operationId: 'explainOrderCommissions',
        summary: 'Who earns on each line of an order: base, rate, rule and the way up the tree',
        tags: ['commissions'],
        params: IdParams,
        response: { 200: EarnedOnOrder },
      },
    },
    async (request) => {
      const { id } = await readOrder(app.sql, userOf(request), request.params.id)
      return explainOrder(app.sql, id)
    },
  )
}
