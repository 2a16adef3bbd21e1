/** The routes' own schemas, served as OpenAPI 3.1. */
import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { Problem } from '../lib/schema.ts'

const VERSION = '0.1.0'

export async function addOpenApi(app: FastifyInstance): Promise<void> {
  app.addHook('onRoute', (route) => {
    const roles = route.config?.roles
    if (roles === undefined || route.schema === undefined) return

    const isPublic = roles === 'public'
    Object.assign(route.schema, {
      'x-roles': isPublic ? ['public'] : [...roles],
      security: isPublic ? [] : [{ session: [] }],
      response: { ...responsesOf(route.schema.response), '4xx': Problem, '5xx': Problem },
    })
  })

  await app.register(swagger, {
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
