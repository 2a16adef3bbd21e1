import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { EVERYONE } from '../lib/roles.ts'
import { IdempotencyHeaders, IdParams, Page, PageQuery, pageOf, toPage } from '../lib/schema.ts'
import { readAs, userOf } from '../lib/session.ts'
import * as queries from './queries.ts'
import { Distributor, DistributorChange, NewDistributor } from './schema.ts'
import { addDistributor, changeDistributor } from './service.ts'

export const distributors: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/distributors',
    {
      config: { roles: EVERYONE },
      schema: {
        operationId: 'listDistributors',
        summary: 'In order of id; a distributor sees his subtree',
        tags: ['distributors'],
        querystring: PageQuery,
        response: { 200: Page(Distributor) },
      },
    },
    async (request) => {
      const page = pageOf(request.query)
      const items = await readAs(app.sql, userOf(request), (sql) =>
        queries.listDistributors(sql, page),
      )
      return toPage(items, page.limit)
    },
  )

  app.post(
    '/distributors',
    {
      config: { roles: ['admin'] },
      schema: {
        operationId: 'addDistributor',
        summary: 'A new node of the tree',
        tags: ['distributors'],
        headers: IdempotencyHeaders,
        body: NewDistributor,
        response: { 201: Distributor },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await addDistributor(app.sql, request, request.body)),
  )

  app.patch(
    '/distributors/:id',
    {
      config: { roles: ['admin'] },
      schema: {
        operationId: 'changeDistributor',
        summary:
          'Moves, renames or suspends; a move takes the subtree along, orders keep their tree',
        tags: ['distributors'],
        headers: IdempotencyHeaders,
        params: IdParams,
        body: DistributorChange,
        response: { 200: Distributor },
      },
    },
    async (request) => changeDistributor(app.sql, request, request.params.id, request.body),
  )
}
