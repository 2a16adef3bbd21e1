import type { RequestHandler } from './$types'
import { config } from '#lib/server/config.ts'
import { problem } from '#lib/server/problem.ts'
import { forward } from '#lib/server/proxy.ts'

/** What browsers may reach of core-api. Sessions and tokens are made by this server alone. */
const OPEN_TO_BROWSERS =
  /^(me|instance|openapi\.json|products|skus|channels|warehouses|distributors|customers|orders|stock-levels|stock\/receipts|funnel-events|commissions|promo-links|alerts|alert-rules|alert-assignees|transfers|purchase-requests|goals|annotations|find)(\/|$)/

const handler: RequestHandler = ({ locals, params, request, url }) => {
  if (!locals.session || !OPEN_TO_BROWSERS.test(params.path)) {
    return problem(404, 'NOT_FOUND', 'There is no such path')
  }
  return forward(request, `${config.CORE_API_URL}/${params.path}${url.search}`, locals.session)
}

export const GET = handler
export const POST = handler
export const PATCH = handler
