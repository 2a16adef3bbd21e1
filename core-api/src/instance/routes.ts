import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import { PUBLIC } from '../lib/roles.ts'
import { Refusal } from '../lib/refusal.ts'
import * as queries from './queries.ts'
import { Instance } from './schema.ts'

export const instance: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/instance',
    {
      config: { roles: PUBLIC },
      schema: {
        operationId: 'getInstance',
        summary: 'Whose numbers these are, in which currency and time zone',
        tags: ['instance'],
        response: { 200: Instance },
      },
    },
    async () => {
      const row = await queries.findInstance(app.sql)
      if (row === undefined) {
        throw new Refusal(503, 'NOT_SET_UP', 'This instance has not been set up yet')
      }
      return row
    },
  )

  app.get(
    '/health',
    {
      config: { roles: PUBLIC },
      schema: {
        operationId: 'health',
        summary: 'Answers 200 when requests can be served',
        tags: ['instance'],
        response: { 200: Type.Object({ status: Type.Literal('ok') }) },
      },
    },
    async () => {
      await queries.ping(app.sql)
      return { status: 'ok' as const }
    },
  )
}
