import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import { STAFF, type Role } from '../lib/roles.ts'
import { IdempotencyHeaders, IdParams } from '../lib/schema.ts'
import * as queries from './queries.ts'
import { Annotation, AnnotationQuery, NewAnnotation } from './schema.ts'
import { removeAnnotation, writeAnnotation } from './service.ts'

const WRITERS = ['admin', 'executive', 'analyst', 'operations'] as const satisfies Role[]
/** A chart with more notes than this could not show them. */
const ANNOTATIONS_MAX = 200

export const annotations: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/annotations',
    {
      config: { roles: STAFF },
      schema: {
        operationId: 'listAnnotations',
        summary: 'What happened between two business days, in the order it did',
        tags: ['annotations'],
        querystring: AnnotationQuery,
        response: { 200: Type.Object({ items: Type.Array(Annotation) }) },
      },
    },
    async (request) => ({
      items: await queries.listAnnotations(app.sql, { ...request.query, limit: ANNOTATIONS_MAX }),
    }),
  )

  app.post(
    '/annotations',
    {
      config: { roles: WRITERS },
      schema: {
        operationId: 'writeAnnotation',
        summary: 'A note on a moment; every series that holds the moment shows it',
        tags: ['annotations'],
        headers: IdempotencyHeaders,
        body: NewAnnotation,
        response: { 200: Annotation },
      },
    },
    async (request) => writeAnnotation(app.sql, request, request.body),
  )

  app.post(
    '/annotations/:id/remove',
    {
      config: { roles: WRITERS },
      schema: {
        operationId: 'removeAnnotation',
        summary: 'Off the charts; the audit log keeps what it said',
        tags: ['annotations'],
        headers: IdempotencyHeaders,
        params: IdParams,
        response: { 200: Annotation },
      },
    },
    async (request) => removeAnnotation(app.sql, request, request.params.id),
  )
}
