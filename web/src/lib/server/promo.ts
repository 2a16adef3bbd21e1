/** Links that are followed: who brought the visitor is remembered here and told to core-api. */
import type { Cookies } from '@sveltejs/kit'
import { randomUUID } from 'node:crypto'
import { config } from './config.ts'
import { bodyOf, core, patience } from './core.ts'

const VISIT_COOKIE = 'visit'
const PROMO_COOKIE = 'promo'
/** As web analytics count: who comes back sooner is still on the same visit. */
const VISIT_SECONDS = 30 * 60
const PROMO_SECONDS = 30 * 24 * 3600
const CODE = /^[0-9A-HJKMNP-TV-Z]{6,12}$/
const VISIT = /^([0-9A-Z]{6,12})\.([0-9a-f-]{36})$/

/** What may be a code at all, as it is printed; null for anything else. */
export function codeOf(text: string): string | null {
  const code = text.toUpperCase()
  return CODE.test(code) ? code : null
}

export function linkTo(code: string): string {
  return new URL(`/r/${code}`, config.ORIGIN).href
}

/** Following the same link again soon is the same visit; another link is another. */
export async function visitLink(code: string, cookies: Cookies, address: string) {
  const [, knownCode, knownVisit] = VISIT.exec(cookies.get(VISIT_COOKIE) ?? '') ?? []
  const visit_id = knownCode === code && knownVisit ? knownVisit : randomUUID()
  const answer = await core().POST('/promo-visits', {
    body: { code, visit_id },
    headers: { 'x-forwarded-for': address },
    signal: patience(),
  })
  if (answer.response.status === 404) return null
  const target = bodyOf(answer)
  remember(cookies, VISIT_COOKIE, `${code}.${visit_id}`, VISIT_SECONDS)
  remember(cookies, PROMO_COOKIE, code, PROMO_SECONDS)
  return target
}

function remember(cookies: Cookies, name: string, value: string, maxAge: number) {
  const secure = config.ORIGIN.startsWith('https:')
  cookies.set(name, value, { path: '/', httpOnly: true, sameSite: 'lax', secure, maxAge })
}
