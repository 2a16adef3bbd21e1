import {
  bucketsOf,
  daysBetween,
  type Grain,
  monthAfter,
  quarterAfter,
  sameDayLastYear,
  startOf,
} from './calendar.ts'
import { dayAfter, wallOf } from './moment.ts'

export type { Grain }
export { daysBetween }

/** A span of time as a reader picks it: by a name that moves along with the days, or by two days of the calendar. */
export const presets = [
  'today',
  'yesterday',
  '7d',
  '28d',
  'month',
  'last-month',
  'quarter',
  'year',
  '12m',
] as const
export type Preset = (typeof presets)[number]
export type Choice = Preset | { from: string; to: string }

/** What stands beside it: what came just before, the same days a year ago, or nothing. */
export const comparisons = ['previous', 'year', 'off'] as const
export type Comparison = (typeof comparisons)[number]

/** Wall clock of the company, both ends included. */
export type Range = [string, string]

export type Period = {
  choice: Choice
  /** The business day that the moment stands in. */
  day: string
  /** First and last day. */
  from: string
  to: string
  range: Range
  grain: Grain
  /** Where each bucket begins, to the end of the period. */
  buckets: string[]
  /** The bucket the moment stands in, which is not over; null when the period is. */
  open: number | null
  /** How far the period is, from 0 to 1. */
  passed: number
  before: Before | null
}

export type Before = {
  /** As much of it as has passed of the period itself. */
  range: Range
  whole: Range
  buckets: string[]
}

/** A custom range may be this long; a longer one is cut at its beginning. */
export const DAYS_MAX = 1_100
const HOURS_FOR_DAYS = 2
const DAYS_FOR_DAYS = 62
const WEEKS_FOR_DAYS = 190
const DAYS_OF_WEEKS_A_YEAR = 364

/** Every range of every question comes from here, so no two tiles disagree about where a month ends. */
export function periodAt(
  now: Date,
  timeZone: string,
  choice: Choice = 'today',
  comparison: Comparison = 'previous',
): Period {
  const { day, clock } = wallOf(now, timeZone)
  const [from, to] = daysOf(choice, day)
  const grain = grainOf(choice, from, to)
  const buckets = bucketsOf(from, to, grain)
  const isOpen = to >= day && from <= day
  return {
    choice,
    day,
    from,
    to,
    range: rangeOf(from, to),
    grain,
    buckets,
    open: isOpen ? placeOf(buckets, `${day}T${clock}.000`) : null,
    passed: isOpen ? passedOf(from, to, day, clock) : 1,
    before:
      comparison === 'off'
        ? null
        : beforeOf({ choice, from, to, grain, isOpen, day, clock }, comparison),
  }
}

/** The last buckets of a kind, the running one among them: for a chart with a span of its own. */
export function spanAt(now: Date, timeZone: string, grain: Grain, count: number): Period {
  const { day, clock } = wallOf(now, timeZone)
  const from = startOf(grain, day, 1 - count)
  const to = dayAfter(startOf(grain, day, 1), -1)
  const buckets = bucketsOf(from, to, grain)
  return {
    choice: { from, to },
    day,
    from,
    to,
    range: rangeOf(from, to),
    grain,
    buckets,
    open: placeOf(buckets, `${day}T${clock}.000`),
    passed: passedOf(from, to, day, clock),
    before: null,
  }
}

/** The last months up to the day's own, as `2026-11`. */
export function monthsUntil(day: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => monthAfter(day, index + 1 - count).slice(0, 7))
}

/** One bucket of a period as a range of its own, for what is made of it. */
export function bucketRange(period: Period, bucket: string): Range {
  if (period.grain === 'hour') return [bucket, `${bucket.slice(0, 13)}:59:59.000`]
  const from = bucket.slice(0, 10)
  const last = dayAfter(startOf(period.grain, from, 1), -1)
  return rangeOf(from < period.from ? period.from : from, last > period.to ? period.to : last)
}

/** The bucket that a moment of the wall clock falls into; null before the first. */
export function placeOf(buckets: readonly string[], moment: string): number | null {
  const place = buckets.findLastIndex((bucket) => bucket <= moment)
  return place < 0 ? null : place
}

export function isPreset(text: string | null | undefined): text is Preset {
  return presets.some((preset) => preset === text)
}

export function isComparison(text: string | null | undefined): text is Comparison {
  return comparisons.some((comparison) => comparison === text)
}

/** Two days of the calendar in order, not too far apart; null when they are none. */
export function readDays(
  from: string | null,
  to: string | null,
): { from: string; to: string } | null {
  if (!isDay(from) || !isDay(to)) return null
  const [first, last] = from <= to ? [from, to] : [to, from]
  const earliest = dayAfter(last, 1 - DAYS_MAX)
  return { from: first < earliest ? earliest : first, to: last }
}

function isDay(text: string | null): text is string {
  if (!text || !/^(19|20|21)\d\d-\d\d-\d\d$/.test(text)) return false
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

function daysOf(choice: Choice, day: string): [string, string] {
  if (typeof choice !== 'string') return [choice.from, choice.to]
  switch (choice) {
    case 'today':
      return [day, day]
    case 'yesterday':
      return [dayAfter(day, -1), dayAfter(day, -1)]
    case '7d':
      return [dayAfter(day, -6), day]
    case '28d':
      return [dayAfter(day, -27), day]
    case 'month':
      return [monthAfter(day, 0), dayAfter(monthAfter(day, 1), -1)]
    case 'last-month':
      return [monthAfter(day, -1), dayAfter(monthAfter(day, 0), -1)]
    case 'quarter':
      return [quarterAfter(day, 0), dayAfter(quarterAfter(day, 1), -1)]
    case 'year':
      return [`${day.slice(0, 4)}-01-01`, `${day.slice(0, 4)}-12-31`]
    case '12m':
      return [monthAfter(day, -11), dayAfter(monthAfter(day, 1), -1)]
  }
}

type Placed = {
  choice: Choice
  from: string
  to: string
  grain: Grain
  isOpen: boolean
  day: string
  clock: string
}

/** Single days are compared with the same weekday, months with months; all else with as many days just before. */
function beforeOf(placed: Placed, comparison: 'previous' | 'year'): Before {
  const { from, to, grain, isOpen, day, clock } = placed
  const [first, last] = comparison === 'year' ? yearBefore(placed) : justBefore(placed)
  const whole = rangeOf(first, last)
  const until = dayAfter(first, daysBetween(from, day))
  const range: Range = !isOpen || until > last ? whole : [whole[0], `${until}T${clock}.000`]
  const buckets = bucketsOf(first, last, grain).slice(0, bucketsOf(from, to, grain).length)
  return { range, whole, buckets }
}

function justBefore({ choice, from, to }: Placed): [string, string] {
  switch (choice) {
    case 'today':
    case 'yesterday':
      return [dayAfter(from, -7), dayAfter(to, -7)]
    case 'month':
    case 'last-month':
      return [monthAfter(from, -1), dayAfter(from, -1)]
    case 'quarter':
      return [quarterAfter(from, -1), dayAfter(from, -1)]
    case 'year':
    case '12m':
      return [sameDayLastYear(from), sameDayLastYear(to)]
    default:
      return [dayAfter(from, -1 - daysBetween(from, to)), dayAfter(from, -1)]
  }
}

/** Whole weeks back where days of the week matter, so that a Monday stands beside a Monday. */
function yearBefore({ choice, from, to }: Placed): [string, string] {
  const isByWeekday = ['today', 'yesterday', '7d', '28d'].some((preset) => preset === choice)
  if (!isByWeekday) return [sameDayLastYear(from), sameDayLastYear(to)]
  return [dayAfter(from, -DAYS_OF_WEEKS_A_YEAR), dayAfter(to, -DAYS_OF_WEEKS_A_YEAR)]
}

function grainOf(choice: Choice, from: string, to: string): Grain {
  if (choice === 'year' || choice === '12m') return 'month'
  const days = daysBetween(from, to) + 1
  if (days <= HOURS_FOR_DAYS) return 'hour'
  if (days <= DAYS_FOR_DAYS) return 'day'
  return days <= WEEKS_FOR_DAYS ? 'week' : 'month'
}

function passedOf(from: string, to: string, day: string, clock: string) {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number)
  const days = daysBetween(from, day) + (hours * 60 + minutes) / (24 * 60)
  return Math.min(1, Math.max(0, days / (daysBetween(from, to) + 1)))
}

/** Whole days, both included: the last second of a day holds everything up to midnight. */
export function rangeOf(from: string, to: string): Range {
  return [`${from}T00:00:00.000`, `${to}T23:59:59.000`]
}
