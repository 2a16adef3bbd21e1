import type { Cookies } from '@sveltejs/kit'
import type { User } from '#lib/api/client.ts'
import { config } from './config.ts'

const COOKIE = 'session'
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

function options(): { path: string; httpOnly: true; sameSite: 'lax'; secure: boolean } {
  return {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: config.ORIGIN.startsWith('https:'),
  }
}

/** Where a role starts from. */
export function homeOf(user: User): '/portal' | '/today' {
  return user.role === 'distributor' ? '/portal' : '/today'
}

/** A distributor has the portal and nothing else; the portal is nobody else's. */
export function mayVisit(user: User, path: string): boolean {
  const isPortal = path === '/portal' || path.startsWith('/portal/')
  return (user.role === 'distributor') === isPortal
}
