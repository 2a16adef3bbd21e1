import { error, fail, redirect } from '@sveltejs/kit'
import { CoreError } from '#lib/server/core.ts'
import { log } from '#lib/server/log.ts'
import { nodesOf } from '#lib/server/portal.ts'
import { keepViewAs } from '#lib/server/session.ts'
import { auditPage, startViewAs } from '#lib/server/view-as.ts'
import type { Actions, PageServerLoad } from './$types'

const EVENTS = 50
const REASON_CHARS_MIN = 3
const REASON_CHARS_MAX = 500

export const load: PageServerLoad = async ({ locals, url }) => {
  const session = adminSession(locals)
  const after = Number(url.searchParams.get('after')) || undefined
  try {
    const [nodes, events] = await Promise.all([nodesOf(session), auditPage(session, after, EVENTS)])
    return {
      events,
      distributors: nodes.map(({ code, name }) => ({ code, name })),
      wanted: url.searchParams.get('as'),
      is_ended: url.searchParams.has('ended'),
    }
  } catch (cause) {
    log('warn', 'core-api did not answer for the audit log', { error: String(cause) })
    error(503)
  }
}

export const actions: Actions = {
  start: async ({ cookies, locals, request }) => {
    const session = adminSession(locals)
    const form = await request.formData()
    const code = text(form.get('distributor'))
    const reason = text(form.get('reason'))
    const said = { code, reason }
    if (reason.length < REASON_CHARS_MIN) return fail(400, { ...said, why: 'short' as const })
    try {
      const nodes = await nodesOf(session)
      const distributor = nodes.find((node) => node.code === code)
      if (!distributor) return fail(400, { ...said, why: 'unknown' as const })
      keepViewAs(cookies, await startViewAs(session, distributor.id, reason))
    } catch (cause) {
      log('warn', 'viewing as a distributor did not start', { error: String(cause) })
      const status = cause instanceof CoreError ? cause.status : 503
      return fail(status, { ...said, why: 'failed' as const })
    }
    redirect(303, '/portal')
  },
}

function adminSession({ session, user }: App.Locals): string {
  if (user?.role !== 'admin' || session === null) error(403)
  return session
}

function text(value: FormDataEntryValue | null) {
  return typeof value === 'string' ? value.trim().slice(0, REASON_CHARS_MAX) : ''
}
