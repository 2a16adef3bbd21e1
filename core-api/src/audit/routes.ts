import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Page, pageOf, toPage } from '../lib/schema.ts'
import * as queries from './queries.ts'
import { AuditEvent, AuditQuery } from './schema.ts'

export const audit: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/audit-events',
    {
      config: { roles: ['admin'] },
      schema: {
        operationId: 'listAuditEvents',
        summary: 'Who did what and why, newest first; `action` may be the beginning of one',
        tags: ['audit'],
        querystring: AuditQuery,
        response: { 200: Page(AuditEvent) },
      },
    },
    async (request) => {
      const page = pageOf(request.query)
      const action = request.query.action ?? null
      return toPage(await queries.listEvents(app.sql, { ...page, action }), page.limit)
    },
  )
}
