import type { Cookies } from '@sveltejs/kit'
import type { Lang } from '#lib/i18n/index.ts'
import { config } from './config.ts'

export type Theme = 'light' | 'dark'

const YEAR_SECONDS = 365 * 24 * 60 * 60

export function themeOf(cookies: Cookies): Theme | null {
  const theme = cookies.get('theme')
  return theme === 'light' || theme === 'dark' ? theme : null
}

/** The reader's choice, then the account's, then the browser's, then Chinese. */
export function langOf(cookies: Cookies, locale: string | undefined, accepts: string | null): Lang {
  const chosen = cookies.get('lang')
  if (chosen === 'zh' || chosen === 'en') return chosen
  if (locale) return locale.startsWith('zh') ? 'zh' : 'en'
  const wanted = (accepts ?? '').split(',').map((part) => part.trim().slice(0, 2).toLowerCase())
  return wanted.find((tag) => tag === 'zh' || tag === 'en') === 'en' ? 'en' : 'zh'
}

/** Not HttpOnly and no secret: what the page looks like may be read by the page. */
export function remember(cookies: Cookies, name: 'theme' | 'lang', value: string) {
  cookies.set(name, value, {
    path: '/',
    maxAge: YEAR_SECONDS,
    sameSite: 'lax',
    httpOnly: false,
    secure: config.ORIGIN.startsWith('https:'),
  })
}
