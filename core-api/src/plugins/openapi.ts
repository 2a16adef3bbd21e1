/** The routes' own schemas, served as OpenAPI 3.1. */
import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { Problem } from '../lib/schema.ts'

const VERSION = '0.1.0'

const PROBLEM = {
  description: 'A problem document (RFC 9457)',
  content: { 'application/problem+json': { schema: { $ref: 'Problem#' } } },
}

export async function addOpenApi(app: FastifyInstance): Promise<void> {
  app.addSchema({ ...Problem, $id: 'Problem' })
  app.addHook('onRoute', (route) => {
    const roles = route.config?.roles
    if (roles === undefined || route.schema === undefined) return

    const isPublic = roles === 'public'
    Object.assign(route.schema, {
      'x-roles': isPublic ? ['public'] : [...roles],
      security: isPublic ? [] : [{ session: [] }],
      response: { ...responsesOf(route.schema.response), '4xx': PROBLEM, '5xx': PROBLEM },
    })
  })

  await app.register(swagger, {
    refResolver: {
      // Otherwise a shared schema is called def-0, and so is its type in every client.
      buildLocalReference: (schema, _base, _fragment, index) =>
        typeof schema.$id === 'string' ? schema.$id : `def-${index}`,
    },
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Tributary core',
        version: VERSION,
        description:
          'The operational core. Ids and quantities are numbers; amounts (`*_cents`) are strings of minor units; moments are ISO 8601 in UTC. Errors are RFC 9457 problem documents with a stable `code`.',
      },
      components: { securitySchemes: { session: { type: 'http', scheme: 'bearer' } } },
    },
  })

  app.get('/openapi.json', { config: { roles: 'public' }, schema: { hide: true } }, async () =>
    app.swagger(),
  )
}

function responsesOf(response: unknown): object {
  return typeof response === 'object' && response !== null ? response : {}
}
