import { daysBetween } from './calendar.ts'
import { dayAfter } from './moment.ts'

/** A span of time as a reader picks it: by a name that moves along with the days, or by its two ends. */
export const presets = [
  'today',
  'yesterday',
  'week',
  '7d',
  '28d',
  'month',
  'last-month',
  'quarter',
  'year',
  '12m',
] as const
export type Preset = (typeof presets)[number]
export type Choice = Preset | Span

/** Days of the calendar, both included; of a short span also its first hour and its last, which is whole. */
export type Span = { from: string; to: string; hours?: Hours }
export type Hours = readonly [first: number, last: number]

/** A span of one's own may be this long; a longer one is cut at its beginning. */
export const DAYS_MAX = 1_100
/** So many days are shown, and picked, by the hour. */
export const HOURS_FOR_DAYS = 2
const LAST_HOUR = 23
const END = /^((?:19|20|21)\d\d-\d\d-\d\d)(?:T([01]\d|2[0-3]))?$/

export function isPreset(text: string | null | undefined): text is Preset {
  return presets.some((preset) => preset === text)
}

/** Two ends in order, not too far apart, `2026-11-24` or `2026-11-24T09`; null when they are none. */
export function readSpan(from: string | null, to: string | null): Span | null {
  const [one, other] = [readEnd(from), readEnd(to)]
  if (!one || !other) return null
  const [first, last] = one.at <= other.at ? [one, other] : [other, one]
  const earliest = dayAfter(last.day, 1 - DAYS_MAX)
  return spanOf(
    first.day < earliest ? earliest : first.day,
    last.day,
    first.hour ?? 0,
    last.hour ?? LAST_HOUR,
  )
}

/** Hours from midnight to midnight are days. */
export function spanOf(from: string, to: string, first = 0, last = LAST_HOUR): Span {
  const isDays = first === 0 && last === LAST_HOUR
  const isLong = daysBetween(from, to) >= HOURS_FOR_DAYS
  return isDays || isLong ? { from, to } : { from, to, hours: [first, last] }
}

/** The two ends as the address holds them. */
export function endsOf({ from, to, hours }: Span): [string, string] {
  return hours ? [`${from}T${pad(hours[0])}`, `${to}T${pad(hours[1])}`] : [from, to]
}

export function pad(hour: number) {
  return String(hour).padStart(2, '0')
}

function readEnd(text: string | null) {
  const [at, day, hour] = END.exec(text ?? '') ?? []
  if (at === undefined || day === undefined) return null
  const time = Date.parse(`${day}T00:00:00Z`)
  if (Number.isNaN(time) || !new Date(time).toISOString().startsWith(day)) return null
  return { at, day, hour: hour === undefined ? null : Number(hour) }
}
