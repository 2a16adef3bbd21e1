import type { Cookies } from '@sveltejs/kit'
import type { User } from '#lib/api/client.ts'
import { config } from './config.ts'

const COOKIE = 'session'

export function sessionOf(cookies: Cookies): string | null {
  return cookies.get(COOKIE) ?? null
}

export function keepSession(cookies: Cookies, session: { token: string; expires_at: string }) {
  cookies.set(COOKIE, session.token, { ...options(), expires: new Date(session.expires_at) })
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
