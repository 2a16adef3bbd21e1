import type { Messages } from './i18n/index.ts'

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** 0.4 s, 12 s, 3 min, 5 h, 2 d: the younger, the finer; never rounded up to look older. */
export function ageText(seconds: number, t: Messages): string {
  if (seconds < 10) return t.age.seconds((Math.floor(seconds * 10) / 10).toFixed(1))
  if (seconds < MINUTE) return t.age.seconds(String(Math.floor(seconds)))
  if (seconds < HOUR) return t.age.minutes(String(Math.floor(seconds / MINUTE)))
  if (seconds < DAY) return t.age.hours(String(Math.floor(seconds / HOUR)))
  return t.age.days(String(Math.floor(seconds / DAY)))
}
