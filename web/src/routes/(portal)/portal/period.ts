import type { Language } from '#lib/format.ts'
import { dayName } from '#lib/moment.ts'
import {
  type Before,
  daysBetween,
  type Period,
  periodAt,
  type Range,
  rangeOf,
} from '#lib/period.ts'

const MINUTE_MS = 60_000

/** A month until now, and the month before until the same moment of it. */
export type Months = {
  today: string
  days: number
  start: string
  now: Range
  before_start: string
  before_days: number
  before: Range
}

/**
 * The end of "now" is the end of today, so that the question stays the same all day and its answer
 * can be kept. The end of "before" is this minute of that day; a day that the month before has not
 * (the 31st) is its last day, whole.
 */
export function monthsAt(now: Date, timeZone: string): Months {
  const month = periodAt(endOfMinute(now), timeZone, 'month', 'previous')
  const { range, whole } = beforeOf(month)
  const [before_start, before_end] = [dayOf(whole[0]), dayOf(whole[1])]
  return {
    today: month.day,
    start: month.from,
    days: daysBetween(month.from, month.to) + 1,
    now: rangeOf(month.from, month.day),
    before_start,
    before_days: daysBetween(before_start, before_end) + 1,
    before: range,
  }
}

/** Today, and the same weekday a week ago until this minute. */
export function daysAt(now: Date, timeZone: string) {
  const moment = endOfMinute(now)
  const today = periodAt(moment, timeZone, 'today', 'previous')
  const { range } = beforeOf(today)
  return {
    now: today.range,
    before: range,
    before_day: dayOf(range[0]),
    week: periodAt(moment, timeZone, '7d', 'off').range,
  }
}

/** A question that changes once a minute can be kept for one. */
function endOfMinute(now: Date) {
  return new Date(Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS + MINUTE_MS - 1)
}

function beforeOf({ before }: Period): Before {
  if (!before) throw new Error('the portal compares each period with the one before')
  return before
}

function dayOf(moment: string) {
  return moment.slice(0, 10)
}

/** 11-24 / 24 Nov: as short as five of them side by side on a phone must be. */
export function shortDay(day: string, language: Language) {
  if (language === 'en') return dayName(day, language)
  return `${Number(day.slice(5, 7))}-${Number(day.slice(8))}`
}
