import { json } from '@sveltejs/kit'
import { criticalAlerts } from '#lib/server/alerts.ts'
import { problem } from '#lib/server/problem.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = async ({ locals }) => {
  if (locals.user?.role === 'distributor' || locals.session === null) {
    return problem(403, 'FORBIDDEN', 'Alerts are for staff')
  }
  return json({ critical: await criticalAlerts(locals.session) })
}
