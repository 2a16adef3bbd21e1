import { redirect, type RequestHandler } from '@sveltejs/kit'
import { logOut } from '#lib/server/core.ts'
import { log } from '#lib/server/log.ts'
import { dropViewAs, viewAsOf } from '#lib/server/session.ts'

/** Ends looking on as a distributor; the administrator's own session goes on. */
export const POST: RequestHandler = async ({ cookies }) => {
  const token = viewAsOf(cookies)
  if (token !== null) {
    // It runs out by itself if core-api cannot be told, and that is written down too.
    await logOut(token).catch((error: unknown) =>
      log('warn', 'a view could not be ended in core-api', { error: String(error) }),
    )
  }
  dropViewAs(cookies)
  redirect(303, '/audit?ended')
}
