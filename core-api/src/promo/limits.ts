/**
 * How often anybody may knock at the one door that is open to all. Counted by client, so that no machine fills the
 * funnel, and by link, so that many machines do not fill one distributor's. Memory is bounded: the library forgets
 * the oldest of five thousand counters, and an IPv6 client is his whole /64.
 */
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Value } from 'typebox/value'
import { Refusal } from '../lib/refusal.ts'
import { PromoVisit } from './schema.ts'

const WINDOW_MS = 60_000
/** A household or an office behind one address follows links; a program that counts itself up does not get far. */
export const CLIENT_VISITS_MAX = 60
/** Ten a second: more than a link in a broadcast brings, and what Postgres takes without noticing. */
export const LINK_VISITS_MAX = 600

/** Hooks of the route, in the order they are cheap: an address is known before a body is read. */
export async function addVisitLimits(app: FastifyInstance) {
  await app.register(rateLimit, { global: false })
  const ofClient = app.createRateLimit({ max: CLIENT_VISITS_MAX, timeWindow: WINDOW_MS })
  const ofLink = app.createRateLimit({
    max: LINK_VISITS_MAX,
    timeWindow: WINDOW_MS,
    keyGenerator: ({ body }) => (Value.Check(PromoVisit, body) ? body.code.toUpperCase() : ''),
  })
  return {
    onRequest: async (request: FastifyRequest) =>
      refuse(await ofClient(request), 'This address has followed links too often'),
    preHandler: async (request: FastifyRequest) =>
      refuse(await ofLink(request), 'This link is followed too often just now'),
  }
}

type Limit = Awaited<ReturnType<ReturnType<FastifyInstance['createRateLimit']>>>

function refuse(limit: Limit, reason: string) {
  if (limit.isAllowed || !limit.isExceeded) return
  const seconds = Math.max(1, limit.ttlInSeconds)
  throw new Refusal(
    429,
    'TOO_MANY_VISITS',
    'Too many visits',
    `${reason}; try again in ${seconds} s. The visit was not counted`,
    { retryAfterSeconds: seconds },
  )
}
