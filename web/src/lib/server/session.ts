import type { Cookies } from '@sveltejs/kit'
import type { User } from '#lib/api/client.ts'
import { placeAt, placesOf } from '#lib/places.ts'
import { config } from './config.ts'

const COOKIE = 'session'
const VIEW_AS_COOKIE = 'view_as'
/** Core-api extends a session that is used, for at most a week: it decides, the cookie only waits. */
const SESSION_SECONDS_MAX = 7 * 24 * 60 * 60

export function sessionOf(cookies: Cookies): string | null {
  return cookies.get(COOKIE) ?? null
}

export function keepSession(cookies: Cookies, { token }: { token: string }) {
  cookies.set(COOKIE, token, { ...options(), maxAge: SESSION_SECONDS_MAX })
}

export function dropSession(cookies: Cookies) {
  cookies.delete(COOKIE, options())
}

/**
 * What an administrator looks on with. The browser sends it to the portal alone, so his other tabs stay
 * his own: no page can show him another's numbers without saying so.
 */
export function viewAsOf(cookies: Cookies): string | null {
  return cookies.get(VIEW_AS_COOKIE) ?? null
}

export function keepViewAs(
  cookies: Cookies,
  { token, expires_at }: { token: string; expires_at: string },
) {
  cookies.set(VIEW_AS_COOKIE, token, {
    ...options(),
    path: '/portal',
    expires: new Date(expires_at),
  })
}

export function dropViewAs(cookies: Cookies) {
  cookies.delete(VIEW_AS_COOKIE, { ...options(), path: '/portal' })
}

function options(): { path: string; httpOnly: true; sameSite: 'lax'; secure: boolean } {
  return {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: config.ORIGIN.startsWith('https:'),
  }
}

/** Where a role starts from: the first place of its rail. */
export function homeOf(user: User): string {
  if (user.role === 'distributor') return '/portal'
  return placesOf(user)[0]?.path ?? '/today'
}

/** A distributor has the portal and nothing else, the portal is nobody else's, and a place is for its roles. */
export function mayVisit(user: User, path: string): boolean {
  const isPortal = path === '/portal' || path.startsWith('/portal/')
  if ((user.role === 'distributor') !== isPortal) return false
  return placeAt(path)?.roles.includes(user.role) ?? true
}
