import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { TSchema } from 'typebox'
import type { Queryable } from '../lib/postgres.ts'
import { EVERYONE } from '../lib/roles.ts'
import { Page, PageQuery, pageOf, toPage } from '../lib/schema.ts'
import { readAs, userOf } from '../lib/session.ts'
import * as queries from './queries.ts'
import { Channel, Product, Sku, Warehouse } from './schema.ts'

type List = (sql: Queryable, page: PageQuery) => Promise<{ id: number }[]>

export const catalog: FastifyPluginAsyncTypebox = async (app) => {
  list('/products', 'listProducts', Product, queries.listProducts)
  list('/skus', 'listSkus', Sku, queries.listSkus)
  list('/channels', 'listChannels', Channel, queries.listChannels)
  list('/warehouses', 'listWarehouses', Warehouse, queries.listWarehouses)

  function list(url: string, operationId: string, item: TSchema, read: List) {
    app.get(
      url,
      {
        config: { roles: EVERYONE },
        schema: {
          operationId,
          summary: 'In order of id, a page at a time',
          tags: ['catalog'],
          querystring: PageQuery,
          response: { 200: Page(item) },
        },
      },
      async (request) => {
        const page = pageOf(request.query)
        const items = await readAs(app.sql, userOf(request), (sql) => read(sql, page))
        return toPage(items, page.limit)
      },
    )
  }
}
