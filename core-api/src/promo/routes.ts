import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import { PUBLIC, STAFF } from '../lib/roles.ts'
import { IdempotencyHeaders, IdParams, Page, pageOf, toPage } from '../lib/schema.ts'
import { readAs, userOf } from '../lib/session.ts'
import { addVisitLimits } from './limits.ts'
import * as queries from './queries.ts'
import {
  ChannelShop,
  ChannelShopChange,
  NewPromoLink,
  PromoLink,
  PromoLinkChange,
  PromoLinkQuery,
  PromoTarget,
  PromoVisit,
} from './schema.ts'
import { addLink, changeLink, changeShop, visitLink } from './service.ts'

export const promo: FastifyPluginAsyncTypebox = async (app) => {
  const limits = await addVisitLimits(app)

  app.get(
    '/promo-links',
    {
      config: { roles: ['admin', 'executive', 'analyst', 'operations', 'distributor'] },
      schema: {
        operationId: 'listPromoLinks',
        summary: 'In order of id; a distributor sees his own',
        tags: ['promo'],
        querystring: PromoLinkQuery,
        response: { 200: Page(PromoLink) },
      },
    },
    async (request) => {
      const page = { ...pageOf(request.query), distributorId: request.query.distributor_id ?? null }
      const items = await readAs(app.sql, userOf(request), (sql) => queries.listLinks(sql, page))
      return toPage(items, page.limit)
    },
  )

  app.post(
    '/promo-links',
    {
      config: { roles: ['admin', 'distributor'] },
      schema: {
        operationId: 'addPromoLink',
        summary: 'A new link to a channel, or to one product in it, with a code of its own',
        tags: ['promo'],
        headers: IdempotencyHeaders,
        body: NewPromoLink,
        response: { 201: PromoLink },
      },
    },
    async (request, reply) => reply.code(201).send(await addLink(app.sql, request, request.body)),
  )

  app.patch(
    '/promo-links/:id',
    {
      config: { roles: ['admin', 'distributor'] },
      schema: {
        operationId: 'changePromoLink',
        summary: 'Disables a link, or takes it into use again; what it brought stays counted',
        tags: ['promo'],
        headers: IdempotencyHeaders,
        params: IdParams,
        body: PromoLinkChange,
        response: { 200: PromoLink },
      },
    },
    async (request) => changeLink(app.sql, request, request.params.id, request.body),
  )

  app.post(
    '/promo-visits',
    {
      ...limits,
      config: { roles: PUBLIC },
      schema: {
        operationId: 'visitPromoLink',
        summary: 'A visitor followed a link: counted once per visit, and told where the shop is',
        tags: ['promo'],
        body: PromoVisit,
        response: { 201: PromoTarget },
      },
    },
    async (request, reply) => reply.code(201).send(await visitLink(app.sql, request.body)),
  )

  app.get(
    '/channel-shops',
    {
      config: { roles: STAFF },
      schema: {
        operationId: 'listChannelShops',
        summary: 'Where the links of each channel lead',
        tags: ['promo'],
        response: { 200: Type.Object({ items: Type.Array(ChannelShop) }) },
      },
    },
    async () => ({ items: await queries.listShops(app.sql) }),
  )

  app.patch(
    '/channel-shops/:id',
    {
      config: { roles: ['admin'] },
      schema: {
        operationId: 'changeChannelShop',
        summary: "Sets the address of a channel's shop",
        tags: ['promo'],
        headers: IdempotencyHeaders,
        params: IdParams,
        body: ChannelShopChange,
        response: { 200: ChannelShop },
      },
    },
    async (request) => changeShop(app.sql, request, request.params.id, request.body.url),
  )
}
