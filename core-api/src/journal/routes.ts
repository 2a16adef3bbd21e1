import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { IdParams } from '../lib/schema.ts'
import { userOf } from '../lib/session.ts'
import { readOrder } from '../orders/service.ts'
import * as queries from './queries.ts'
import { Journal } from './schema.ts'

export const journal: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/orders/:id/journal',
    {
      config: { roles: ['admin', 'executive', 'analyst'] },
      schema: {
        operationId: 'listJournalOfOrder',
        summary: 'Every entry the order has posted; debits and credits of each txn_id are equal',
        tags: ['journal'],
        params: IdParams,
        response: { 200: Journal },
      },
    },
    async (request) => {
      const { id } = await readOrder(app.sql, userOf(request), request.params.id)
      return { items: await queries.listEntriesOfOrder(app.sql, id) }
    },
  )
}
