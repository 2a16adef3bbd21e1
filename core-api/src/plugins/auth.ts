/** Every route says who may call it; here that is enforced, for all of them in one place. */
import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { forbidden, Refusal } from '../lib/refusal.ts'
import { type Session, unauthenticated } from '../lib/session.ts'

const TOKEN_LENGTH_MAX = 128

export type FindSession = (tokenHash: Buffer) => Promise<Session | undefined>

export function addAuth(app: FastifyInstance, findSession: FindSession): void {
  app.decorateRequest('session', null)

  app.addHook('onRoute', (route) => {
    if (route.config?.roles === undefined) {
      throw new Error(`${String(route.method)} ${route.url} does not say who may call it`)
    }
  })

  app.addHook('onRequest', async (request) => {
    const { roles } = request.routeOptions.config
    // A path without a route has no roles; it ends as not found.
    if (roles === undefined || roles === 'public') return

    const token = bearerToken(request.headers.authorization)
    const session = token === undefined ? undefined : await findSession(hashToken(token))
    if (session === undefined) throw unauthenticated()
    if (session.user.viewed_by !== null && !isAllowedInViewAs(request)) {
      throw new Refusal(
        403,
        'VIEW_AS_READ_ONLY',
        'Viewing as another changes nothing',
        'You are looking on as a distributor; end it to act in your own name',
      )
    }
    if (!roles.includes(session.user.role)) {
      throw forbidden(
        `This needs one of the roles ${roles.join(', ')}; you are ${session.user.role}`,
      )
    }
    request.session = session
  })
}

function isAllowedInViewAs({ method, routeOptions }: FastifyRequest): boolean {
  return method === 'GET' || routeOptions.config.isAllowedInViewAs === true
}

/** Only this is stored: whoever reads the session table cannot log in with what he finds there. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

function bearerToken(header: string | undefined): string | undefined {
  const match = /^Bearer ([A-Za-z0-9_-]+)$/i.exec(header ?? '')
  const token = match?.[1]
  return token !== undefined && token.length <= TOKEN_LENGTH_MAX ? token : undefined
}
