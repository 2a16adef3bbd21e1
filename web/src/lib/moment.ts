import type { Language } from './format.ts'

/** An instant as the clock on the company's wall shows it. */
export type Wall = { day: string; clock: string; hour: number }

const HOURS = 24
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** Clocks are changed by half an hour at least, and on one. */
const STEP_MS = 30 * MINUTE_MS

const clocks = new Map<string, Intl.DateTimeFormat>()

export function wallOf(instant: Date, timeZone: string): Wall {
  const parts = new Map(
    clockOf(timeZone)
      .formatToParts(instant)
      .map((part) => [part.type, part.value]),
  )
  const hour = parts.get('hour') ?? '00'
  return {
    day: `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`,
    clock: `${hour}:${parts.get('minute')}:${parts.get('second')}`,
    hour: Number(hour),
  }
}

/** The instant that a wall clock shows as `2026-11-24T14:23`. Of two in the hour a clock repeats it is the earlier or the later; of none in the hour it skips, one close by. */
export function instantOf(wall: string, timeZone: string): Date {
  const wanted = Date.parse(`${wall}Z`)
  let instant = wanted
  // The zone's distance from Greenwich is that of the instant, which the first guess may miss by a change of clocks.
  for (let guess = 0; guess < 2; guess++) {
    const { day, clock } = wallOf(new Date(instant), timeZone)
    instant += wanted - Date.parse(`${day}T${clock}Z`)
  }
  return new Date(instant)
}

/**
 * Hours of a day that are longer or shorter because the clock is changed in them, as `2026-11-01T01:00:00.000` and the
 * minutes that it shows them for; 0 for one that it skips. Of nearly every day there are none.
 */
export function oddHours(day: string, timeZone: string): [hour: string, minutes: number][] {
  const [from, to] = [`${day}T00:00`, `${dayAfter(day, 1)}T00:00`].map((wall) =>
    instantOf(wall, timeZone).getTime(),
  )
  if (from === undefined || to === undefined) return []
  const hasMidnight = wallOf(new Date(from), timeZone).hour === 0
  if (hasMidnight && to - from === HOURS * HOUR_MS) return []
  const shown = Array<number>(HOURS).fill(0)
  // Wider than the day, because it may begin or end where the clock is changed.
  for (let instant = from - 2 * HOUR_MS; instant < to + 2 * HOUR_MS; instant += STEP_MS) {
    const wall = wallOf(new Date(instant), timeZone)
    if (wall.day === day) shown[wall.hour] = (shown[wall.hour] ?? 0) + STEP_MS / MINUTE_MS
  }
  return shown.flatMap((minutes, hour) =>
    minutes === 60 ? [] : [[`${day}T${String(hour).padStart(2, '0')}:00:00.000`, minutes]],
  )
}

/** The calendar day so many days away; days are counted on the calendar, so a clock change loses none. */
export function dayAfter(day: string, days: number) {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + days)
  return date.toISOString().slice(0, 10)
}

/** 11 月 24 日 / 24 Nov */
export function dayName(day: string, language: Language) {
  const date = new Date(`${day}T00:00:00Z`)
  if (language === 'zh') return `${date.getUTCMonth() + 1} 月 ${date.getUTCDate()} 日`
  return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
}

/** 周二 / Tue, or 星期二 / Tuesday where there is room for it. */
export function weekdayName(day: string, language: Language, weekday: 'short' | 'long' = 'short') {
  const locale = language === 'zh' ? 'zh-CN' : 'en-GB'
  return new Date(`${day}T00:00:00Z`).toLocaleDateString(locale, { weekday, timeZone: 'UTC' })
}

/** How old a number is: 0.4 秒 / 0.4 s, 12 秒, 3 分钟, 2 小时. */
export function ageText(seconds: number, language: Language) {
  const units = durationUnits[language]
  if (seconds < 9.95) return `${Math.max(0, seconds).toFixed(1)}${units.second}`
  if (seconds < 59.5) return `${Math.round(seconds)}${units.second}`
  if (seconds < 3570) return `${Math.round(seconds / 60)}${units.minute}`
  if (seconds < 86_000) return `${Math.round(seconds / 3600)}${units.hour}`
  return `${Math.round(seconds / 86_400)}${units.day}`
}

/** How long stock lasts, in a column: 2.7 时, 9.2 天, 31 天. */
export function coverText(days: number, language: Language) {
  const units = durationUnits[language]
  if (days < 0.995) return `${(days * 24).toFixed(1)}${units.shortHour}`
  if (days < 9.95) return `${days.toFixed(1)}${units.day}`
  return days > coverDaysMax ? `${coverDaysMax}+${units.day}` : `${Math.round(days)}${units.day}`
}

/** Beyond this, how long stock lasts is a guess that helps nobody. */
const coverDaysMax = 365

/** How long stock lasts, in a sentence: 2 小时 40 分, 1 天 4 小时, 3 天. Never rounded up: it is a warning. */
export function durationText(days: number, language: Language) {
  const units = durationUnits[language]
  const minutes = Math.floor(days * 24 * 60)
  const hours = Math.floor(minutes / 60)
  if (hours < 1) return `${minutes}${units.shortMinute}`
  if (hours < 24)
    return hours >= 6
      ? `${hours}${units.hour}`
      : joined(hours, units.hour, minutes % 60, units.shortMinute)
  const whole = Math.floor(hours / 24)
  return whole >= 3 ? `${whole}${units.day}` : joined(whole, units.day, hours % 24, units.hour)
}

function joined(large: number, largeUnit: string, small: number, smallUnit: string) {
  return small ? `${large}${largeUnit} ${small}${smallUnit}` : `${large}${largeUnit}`
}

const durationUnits = {
  zh: {
    second: ' 秒',
    minute: ' 分钟',
    shortMinute: ' 分',
    hour: ' 小时',
    shortHour: ' 时',
    day: ' 天',
  },
  en: { second: ' s', minute: ' min', shortMinute: ' min', hour: ' h', shortHour: ' h', day: ' d' },
} as const

function clockOf(timeZone: string) {
  const known = clocks.get(timeZone)
  if (known) return known

  const clock = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  })
  clocks.set(timeZone, clock)
  return clock
}
