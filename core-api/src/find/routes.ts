import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import { EVERYONE } from '../lib/roles.ts'
import { readAs, userOf } from '../lib/session.ts'
import * as queries from './queries.ts'
import { FindQuery, Found } from './schema.ts'

export const find: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/find',
    {
      config: { roles: EVERYONE },
      schema: {
        operationId: 'find',
        summary:
          'Orders, distributors, products and customers by name or number, as the reader may',
        tags: ['find'],
        querystring: FindQuery,
        response: { 200: Type.Object({ items: Type.Array(Found) }) },
      },
    },
    async (request) => {
      const user = userOf(request)
      const words = request.query.q.trim()
      if (words === '') return { items: [] }

      const items = await readAs(app.sql, user, (sql) =>
        Promise.all([
          queries.findOrders(sql, words),
          queries.findDistributors(sql, words),
          queries.findProducts(sql, words),
          // A warehouse packs by order; it does not need the list of people.
          user.role === 'warehouse' ? [] : queries.findCustomers(sql, words, user.distributor_id),
        ]),
      )
      return { items: items.flat() }
    },
  )
}
