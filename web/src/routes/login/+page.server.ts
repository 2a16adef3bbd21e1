import { fail, redirect } from '@sveltejs/kit'
import type { User } from '#lib/api/client.ts'
import { CoreError, logIn } from '#lib/server/core.ts'
import { currentWatermark } from '#lib/server/live.ts'
import { log } from '#lib/server/log.ts'
import { homeOf, keepSession, mayVisit } from '#lib/server/session.ts'
import type { Actions, PageServerLoad } from './$types'

const LOGIN_CHARS_MAX = 200
const RETRY_SECONDS = 60

export const load: PageServerLoad = ({ locals, url }) => {
  if (locals.user) redirect(303, homeOf(locals.user))
  return {
    watermark: currentWatermark(null),
    rendered_at: new Date().toISOString(),
    is_expired: locals.session !== null && !locals.is_core_down,
    next: url.searchParams.get('next'),
  }
}

export const actions: Actions = {
  default: async ({ cookies, getClientAddress, request, url }) => {
    const form = await request.formData()
    const login = text(form.get('login')).trim()
    const password = text(form.get('password'))
    if (login === '' || password === '') return fail(400, { login, why: 'missing' as const })

    let user: User
    try {
      const session = await logIn(login, password, getClientAddress())
      keepSession(cookies, session)
      user = session.user
    } catch (error) {
      if (!(error instanceof CoreError)) {
        log('warn', 'core-api did not answer a log-in', { error: String(error) })
        return fail(503, { login, why: 'down' as const })
      }
      if (error.status === 429) {
        const seconds = error.retry_after_seconds ?? RETRY_SECONDS
        return fail(429, { login, why: 'slow_down' as const, seconds })
      }
      const isDown = error.status >= 500
      return fail(error.status, { login, why: isDown ? ('down' as const) : ('wrong' as const) })
    }
    redirect(303, after(url.searchParams.get('next'), user))
  },
}

function text(value: FormDataEntryValue | null) {
  return typeof value === 'string' ? value.slice(0, LOGIN_CHARS_MAX) : ''
}

/** Where the reader was going, if it is a page of this site that he may see. */
function after(next: string | null, user: User) {
  const isOurs = next !== null && /^\/(?![/\\])/.test(next)
  return isOurs && mayVisit(user, next.replace(/[?#].*/, '')) && next !== '/' ? next : homeOf(user)
}
