import {
  bucketsOf,
  daysBetween,
  type Grain,
  monthAfter,
  quarterAfter,
  sameDayLastYear,
  startOf,
} from './calendar.ts'
import { HOURS_FOR_DAYS, pad, spanOf, type Choice, type Hours, type Span } from './choice.ts'
import { dayAfter, oddHours, wallOf } from './moment.ts'

export type { Grain }
export { daysBetween }

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
  /** Minutes of those hours, of what it is compared with too, that are longer or shorter because the clock is changed. */
  odd: ReadonlyMap<string, number>
}

export type Before = {
  /** As much of it as has passed of the period itself. */
  range: Range
  whole: Range
  buckets: string[]
}

const NONE: Period['odd'] = new Map()
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
  const at = `${day}T${clock}.000`
  const span = daysOf(choice, day)
  const { from, to, hours } = span
  const range = rangeOf(from, to, hours)
  const grain = grainOf(choice, from, to)
  const buckets = within(bucketsOf(from, to, grain), range, grain)
  const isOpen = at >= range[0] && at <= range[1]
  const before =
    comparison === 'off' ? null : beforeOf({ choice, span, grain, isOpen, day, clock }, comparison)
  return {
    choice,
    day,
    from,
    to,
    range,
    grain,
    buckets,
    open: isOpen ? placeOf(buckets, at) : null,
    passed: isOpen ? passedOf(range, at) : 1,
    before,
    odd: grain === 'hour' ? oddOf([...buckets, ...(before?.buckets ?? [])], timeZone) : NONE,
  }
}

/** The last buckets of a kind, the running one among them: for a chart with a span of its own. */
export function spanAt(now: Date, timeZone: string, grain: Grain, count: number): Period {
  const { day, clock } = wallOf(now, timeZone)
  const from = startOf(grain, day, 1 - count)
  const to = dayAfter(startOf(grain, day, 1), -1)
  const buckets = bucketsOf(from, to, grain)
  const range = rangeOf(from, to)
  const at = `${day}T${clock}.000`
  return {
    choice: { from, to },
    day,
    from,
    to,
    range,
    grain,
    buckets,
    open: placeOf(buckets, at),
    passed: passedOf(range, at),
    before: null,
    odd: grain === 'hour' ? oddOf(buckets, timeZone) : NONE,
  }
}

/** Charts of one axis share their crosshair. */
export function axisOf({ grain, range }: Pick<Period, 'grain' | 'range'>) {
  return `${grain} ${range.join(' ')}`
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

/** The span from one bucket to another, for a reader who picked them on a chart. */
export function spanOver(grain: Grain, first: Range, last: Range): Span {
  const [from, to] = [first[0], last[1]]
  const days = [from.slice(0, 10), to.slice(0, 10)] as const
  return grain === 'hour'
    ? spanOf(...days, Number(from.slice(11, 13)), Number(to.slice(11, 13)))
    : spanOf(...days)
}

/** The bucket that a moment of the wall clock falls into; null before the first. */
export function placeOf(buckets: readonly string[], moment: string): number | null {
  const place = buckets.findLastIndex((bucket) => bucket <= moment)
  return place < 0 ? null : place
}

export function isComparison(text: string | null | undefined): text is Comparison {
  return comparisons.some((comparison) => comparison === text)
}

function daysOf(choice: Choice, day: string): Span {
  if (typeof choice !== 'string') return choice
  const till = (from: string, to: string) => ({ from, to })
  switch (choice) {
    case 'today':
      return till(day, day)
    case 'yesterday':
      return till(dayAfter(day, -1), dayAfter(day, -1))
    case 'week':
      return till(startOf('week', day, 0), dayAfter(startOf('week', day, 1), -1))
    case '7d':
      return till(dayAfter(day, -6), day)
    case '28d':
      return till(dayAfter(day, -27), day)
    case 'month':
      return till(monthAfter(day, 0), dayAfter(monthAfter(day, 1), -1))
    case 'last-month':
      return till(monthAfter(day, -1), dayAfter(monthAfter(day, 0), -1))
    case 'quarter':
      return till(quarterAfter(day, 0), dayAfter(quarterAfter(day, 1), -1))
    case 'year':
      return till(`${day.slice(0, 4)}-01-01`, `${day.slice(0, 4)}-12-31`)
    case '12m':
      return till(monthAfter(day, -11), dayAfter(monthAfter(day, 1), -1))
  }
}

type Placed = {
  choice: Choice
  span: Span
  grain: Grain
  isOpen: boolean
  day: string
  clock: string
}

/** Single days are compared with the same weekday, months with months; all else with as many days just before. */
function beforeOf(placed: Placed, comparison: 'previous' | 'year'): Before {
  const { span, grain, isOpen, day, clock } = placed
  const { from, to, hours } = span
  const [first, last] = comparison === 'year' ? yearBefore(placed) : justBefore(placed)
  const whole = rangeOf(first, last, hours)
  const until = dayAfter(first, daysBetween(from, day))
  const range: Range = !isOpen || until > last ? whole : [whole[0], `${until}T${clock}.000`]
  const count = within(bucketsOf(from, to, grain), rangeOf(from, to, hours), grain).length
  const buckets = within(bucketsOf(first, last, grain), whole, grain).slice(0, count)
  return { range, whole, buckets }
}

function justBefore({ choice, span: { from, to } }: Placed): [string, string] {
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
function yearBefore({ choice, span: { from, to } }: Placed): [string, string] {
  const isByWeekday = ['today', 'yesterday', 'week', '7d', '28d'].some(
    (preset) => preset === choice,
  )
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

function oddOf(hours: readonly string[], timeZone: string) {
  const days = new Set(hours.map((hour) => hour.slice(0, 10)))
  return new Map([...days].flatMap((day) => oddHours(day, timeZone)))
}

function passedOf([from, to]: Range, at: string) {
  const ms = (wall: string) => Date.parse(`${wall}Z`)
  const passed = (ms(at) - ms(from)) / (ms(to) + 1_000 - ms(from))
  return Math.min(1, Math.max(0, passed))
}

/** Of days by the hour, those hours that are asked for. */
function within(buckets: readonly string[], [from, to]: Range, grain: Grain) {
  return grain === 'hour' ? buckets.filter((each) => each >= from && each <= to) : [...buckets]
}

/** Whole days or hours, both included: the last second of one holds everything up to the next. */
export function rangeOf(from: string, to: string, [first, last]: Hours = [0, 23]): Range {
  return [`${from}T${pad(first)}:00:00.000`, `${to}T${pad(last)}:59:59.000`]
}
