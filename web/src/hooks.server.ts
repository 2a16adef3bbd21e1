import { redirect } from '@sveltejs/kit'
import type { Handle, HandleFetch, HandleServerError, ServerInit } from '@sveltejs/kit/hooks'
import { randomBytes } from 'node:crypto'
import { analyticsToken, userOf } from '#lib/server/core.ts'
import { followIngest, stopLive } from '#lib/server/live.ts'
import { log } from '#lib/server/log.ts'
import { isForeignWrite } from '#lib/server/origin.ts'
import { langOf, themeOf } from '#lib/server/preferences.ts'
import { problem } from '#lib/server/problem.ts'
import {
  dropSession,
  dropViewAs,
  homeOf,
  mayVisit,
  sessionOf,
  viewAsOf,
} from '#lib/server/session.ts'
import { serverTiming, startTiming, timed } from '#lib/server/timing.ts'

export const init: ServerInit = () => {
  // adapter-node announces its address on stdout, which belongs to whoever started this process.
  console.log = console.error
  void followIngest()
  // Open event streams would hold the server back from stopping.
  process.once('SIGTERM', stopLive)
  process.once('SIGINT', stopLive)
  // All is answered; idle connections to the services behind would keep the process for seconds.
  process.once('sveltekit:shutdown', () => process.exit(0))
}

/** Reachable without a session: the door, what paints it, and what watches over this server. */
const OPEN_ROUTES = new Set([
  '/login',
  '/preferences',
  '/health',
  '/live',
  '/offline',
  '/manifest.webmanifest',
  '/r/[code]',
  '/r/[code]/qr.png',
])
/** Answers for programs: they get a problem document where a page gets a redirect. */
const PROGRAM_ROUTES = new Set([
  '/api/[...path]',
  '/cube/[...path]',
  '/proof',
  '/alert-counts',
  '/(portal)/portal/api/[...path]',
  '/(portal)/portal/cube/[...path]',
])

export const handle: Handle = async ({ event, resolve }) => {
  const { cookies, request, locals, route } = event
  if (!event.isSubRequest && isForeignWrite(request)) {
    return problem(403, 'FOREIGN_ORIGIN', 'Writes come from a page of this site only')
  }

  const viewAs = viewAsOf(cookies)
  locals.session = viewAs ?? sessionOf(cookies)
  locals.theme = themeOf(cookies)
  locals.user = null
  locals.is_core_down = false
  locals.timing = startTiming()
  locals.lang = langOf(cookies, undefined, request.headers.get('accept-language'))
  if (route.id === '/health') return await resolve(event)

  // What its first question will need is asked for beside who asks it; a refusal is found out there.
  if (locals.session) analyticsToken(locals.session).catch(() => {})
  locals.user = await timed(locals.timing, 'user', () => findUser(event))
  locals.lang = langOf(cookies, locals.user?.locale, request.headers.get('accept-language'))
  const refusal = viewAs !== null && hasEnded(event) ? leaveViewAs(event) : guard(event)
  if (refusal) return refusal

  const response = await timed(locals.timing, 'page', () =>
    resolve(event, {
      preload: ({ type, path }) =>
        type === 'js' || type === 'css' || (type === 'font' && path.includes('inter-latin-opsz')),
      transformPageChunk: ({ html }) =>
        html
          .replace('%lang%', locals.lang === 'zh' ? 'zh-CN' : 'en')
          .replace('%theme%', locals.theme ? `data-theme="${locals.theme}"` : ''),
    }),
  )
  protect(response)
  response.headers.set('server-timing', serverTiming(locals.timing))
  return response
}

/** What a page asks while it is rendered is named in its `server-timing`. */
export const handleFetch: HandleFetch = ({ event, request, fetch }) =>
  timed(event.locals.timing, new URL(request.url).pathname, () => fetch(request))

type Event = Parameters<Handle>[0]['event']

/** Without core-api nobody can be told apart; then open routes still work and others say so. */
async function findUser({ locals, cookies }: Event) {
  if (!locals.session) return null
  try {
    const user = await userOf(locals.session)
    if (!user && viewAsOf(cookies) === null) dropSession(cookies)
    return user
  } catch (error) {
    log('warn', 'core-api did not say who this is', { error: String(error) })
    locals.is_core_down = true
    return null
  }
}

function hasEnded({ locals }: Event) {
  return locals.user === null && !locals.is_core_down
}

/** Half an hour is over, or somebody ended it: back to the page it was begun from. */
function leaveViewAs({ cookies, route }: Event): Response {
  dropViewAs(cookies)
  if (route.id !== null && PROGRAM_ROUTES.has(route.id)) {
    return problem(401, 'VIEW_AS_ENDED', 'Viewing as a distributor has ended')
  }
  redirect(303, '/audit?ended')
}

function guard({ locals, route, url }: Event): Response | undefined {
  if (route.id === null || OPEN_ROUTES.has(route.id)) return undefined
  if (PROGRAM_ROUTES.has(route.id)) {
    if (locals.is_core_down) return problem(503, 'SERVICE_DOWN', 'Core-api did not answer')
    return locals.user ? undefined : problem(401, 'NOT_SIGNED_IN', 'Sign in first')
  }
  if (locals.is_core_down) return undefined
  if (!locals.user) redirect(303, url.pathname === '/' ? '/login' : `/login?next=${here(url)}`)
  if (url.pathname === '/') redirect(303, homeOf(locals.user))
  if (!mayVisit(locals.user, url.pathname)) redirect(303, homeOf(locals.user))
  return undefined
}

function here(url: URL) {
  return encodeURIComponent(url.pathname + url.search)
}

/** Pages hold one reader's numbers: no cache between keeps them, no frame shows them. */
function protect(response: Response) {
  const { headers } = response
  if (!headers.has('cache-control')) headers.set('cache-control', 'private, no-store')
  headers.set('x-content-type-options', 'nosniff')
  headers.set('referrer-policy', 'same-origin')
  headers.set('permissions-policy', 'camera=(), microphone=(), geolocation=()')
}

export const handleError: HandleServerError = ({ kind, error, event }) => {
  if (kind === 'framework') return
  const trace = randomBytes(4).toString('hex')
  const said = error instanceof Error ? (error.stack ?? error.message) : JSON.stringify(error)
  log('error', 'request failed', { trace, path: event.url.pathname, error: said })
  return { trace }
}
