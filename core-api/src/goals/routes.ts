import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import type { Role } from '../lib/roles.ts'
import { IdempotencyHeaders, IdParams } from '../lib/schema.ts'
import { readAs, userOf } from '../lib/session.ts'
import * as queries from './queries.ts'
import { Goal, GoalQuery, NewGoal } from './schema.ts'
import { removeGoal, setGoal } from './service.ts'

const READERS = [
  'admin',
  'executive',
  'analyst',
  'operations',
  'distributor',
] as const satisfies Role[]
const SETTERS = ['admin', 'executive'] as const satisfies Role[]
/** More goals than a company sets for one day: what is past it was set by a script gone wrong. */
const GOALS_MAX = 500

export const goals: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/goals',
    {
      config: { roles: READERS },
      schema: {
        operationId: 'listGoals',
        summary:
          'What is to be reached in the periods that run on a day; a distributor sees his own',
        tags: ['goals'],
        querystring: GoalQuery,
        response: { 200: Type.Object({ items: Type.Array(Goal) }) },
      },
    },
    async (request) => {
      const { on = null, distributor_id: distributorId = null } = request.query
      const items = await readAs(app.sql, userOf(request), (sql) =>
        queries.listGoals(sql, { on, distributorId, limit: GOALS_MAX }),
      )
      return { items }
    },
  )

  app.post(
    '/goals',
    {
      config: { roles: SETTERS },
      schema: {
        operationId: 'setGoal',
        summary: 'Sets what a measure is to reach in a period, in place of what was set before',
        tags: ['goals'],
        headers: IdempotencyHeaders,
        body: NewGoal,
        response: { 200: Goal },
      },
    },
    async (request) => setGoal(app.sql, request, request.body),
  )

  app.post(
    '/goals/:id/remove',
    {
      config: { roles: SETTERS },
      schema: {
        operationId: 'removeGoal',
        summary: 'There is no such goal any more; answers with what it was',
        tags: ['goals'],
        headers: IdempotencyHeaders,
        params: IdParams,
        response: { 200: Goal },
      },
    },
    async (request) => removeGoal(app.sql, request, request.params.id),
  )
}
