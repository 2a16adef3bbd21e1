import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Page, PageQuery, pageOf, toPage } from '../lib/schema.ts'
import { readAs, userOf } from '../lib/session.ts'
import * as queries from './queries.ts'
import { Customer } from './schema.ts'

/** A warehouse packs by order; it does not need the list of people. */
const WHO_KNOWS_CUSTOMERS = ['admin', 'executive', 'analyst', 'operations', 'distributor'] as const

export const customers: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/customers',
    {
      config: { roles: WHO_KNOWS_CUSTOMERS },
      schema: {
        operationId: 'listCustomers',
        summary: 'In order of id; a distributor sees the customers of his subtree',
        tags: ['customers'],
        querystring: PageQuery,
        response: { 200: Page(Customer) },
      },
    },
    async (request) => {
      const page = pageOf(request.query)
      const items = await readAs(app.sql, userOf(request), (sql) =>
        queries.listCustomers(sql, page),
      )
      return toPage(items, page.limit)
    },
  )
}
