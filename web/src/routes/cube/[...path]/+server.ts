import type { RequestHandler } from './$types'
import { config } from '#lib/server/config.ts'
import { analyticsToken } from '#lib/server/core.ts'
import { log } from '#lib/server/log.ts'
import { problem } from '#lib/server/problem.ts'
import { forward } from '#lib/server/proxy.ts'

/** What browsers may reach of the semantic layer. */
const UPSTREAM: Record<string, string> = {
  batch: '/batch',
  'cubejs-api/v1/load': '/cubejs-api/v1/load',
  'cubejs-api/v1/meta': '/cubejs-api/v1/meta',
}

const handler: RequestHandler = async ({ locals, params, request, url }) => {
  const path = UPSTREAM[params.path]
  if (!locals.session || path === undefined) {
    return problem(404, 'NOT_FOUND', 'There is no such path')
  }
  try {
    const token = await analyticsToken(locals.session)
    return await forward(request, config.SEMANTIC_URL + path + url.search, token)
  } catch (error) {
    log('warn', 'no token for the semantic layer', { error: String(error) })
    return problem(503, 'SERVICE_DOWN', 'A service behind this page did not answer')
  }
}

export const GET = handler
export const POST = handler
