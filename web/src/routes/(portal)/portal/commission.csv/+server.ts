import type { RequestHandler } from './$types'
import { messages } from '#lib/i18n/index.ts'
import { commissionCsv } from '#lib/server/commission-csv.ts'
import { instance } from '#lib/server/core.ts'
import { log } from '#lib/server/log.ts'
import { problem } from '#lib/server/problem.ts'
import { STATES } from '../prepare.ts'

export const GET: RequestHandler = async ({ locals, url }) => {
  const state = STATES.find((one) => one === url.searchParams.get('state'))
  if (!state || !locals.session) return problem(404, 'NOT_FOUND', 'There is no such file')
  try {
    const setting = await instance()
    const text = await commissionCsv(locals.session, state, messages[locals.lang], setting)
    return new Response(text, {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="commission-${state}.csv"`,
        'cache-control': 'private, no-store',
      },
    })
  } catch (cause) {
    log('warn', 'core-api did not list the lines of a commission', { error: String(cause) })
    return problem(503, 'SERVICE_DOWN', 'Core-api did not answer')
  }
}
