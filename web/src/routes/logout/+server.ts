import { redirect, type RequestHandler } from '@sveltejs/kit'
import { logOut } from '#lib/server/core.ts'
import { log } from '#lib/server/log.ts'
import { dropSession, dropViewAs } from '#lib/server/session.ts'

export const POST: RequestHandler = async ({ cookies, locals }) => {
  if (locals.session) {
    // The cookie goes even when core-api cannot be told: the reader wants out.
    await logOut(locals.session).catch((error: unknown) =>
      log('warn', 'a session could not be ended in core-api', { error: String(error) }),
    )
  }
  dropSession(cookies)
  dropViewAs(cookies)
  redirect(303, '/login')
}
