import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import { EVERYONE, PUBLIC } from '../lib/roles.ts'
import { sessionOf, userOf } from '../lib/session.ts'
import { createAttempts } from './attempts.ts'
import * as queries from './queries.ts'
import { AnalyticsToken, Credentials, NewSession, StartViewAs, User } from './schema.ts'
import { issueAnalyticsToken, logIn } from './service.ts'
import { startViewAs } from './view-as.ts'

export const identity: FastifyPluginAsyncTypebox<{ tokenSecret: string }> = async (
  app,
  { tokenSecret },
) => {
  const attempts = createAttempts()

  app.post(
    '/sessions',
    {
      config: { roles: PUBLIC },
      schema: {
        operationId: 'logIn',
        summary: 'Logs in; the token goes into the Authorization header of every other request',
        tags: ['identity'],
        body: Credentials,
        response: { 201: NewSession },
      },
    },
    async (request, reply) => reply.code(201).send(await logIn(app.sql, attempts, request.body)),
  )

  app.delete(
    '/sessions/current',
    {
      config: { roles: EVERYONE, isAllowedInViewAs: true },
      schema: {
        operationId: 'logOut',
        summary: 'Ends the session at once',
        tags: ['identity'],
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await queries.deleteSession(app.sql, sessionOf(request).token_hash)
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/view-as',
    {
      config: { roles: ['admin'] },
      schema: {
        operationId: 'startViewAs',
        summary:
          'A session of half an hour that sees what a distributor sees and changes nothing; its start, reason and end are audited',
        tags: ['identity'],
        body: StartViewAs,
        response: { 201: NewSession },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await startViewAs(app.sql, sessionOf(request), request.body)),
  )

  app.get(
    '/me',
    {
      config: { roles: EVERYONE },
      schema: {
        operationId: 'me',
        summary: 'Who is logged in',
        tags: ['identity'],
        response: { 200: User },
      },
    },
    async (request) => userOf(request),
  )

  app.post(
    '/analytics-tokens',
    {
      config: { roles: EVERYONE, isAllowedInViewAs: true },
      schema: {
        operationId: 'issueAnalyticsToken',
        summary:
          'A short-lived token for the semantic layer, with the role and the distributor in it',
        tags: ['identity'],
        response: { 201: AnalyticsToken },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await issueAnalyticsToken(tokenSecret, userOf(request))),
  )
}
