import type { Language } from '#lib/format.ts'
import { dayAfter, dayName, wallOf } from '#lib/moment.ts'

/** A month until now, and the month before until the same moment of it. */
export type Months = {
  today: string
  days: number
  start: string
  now: [string, string]
  before_start: string
  before_days: number
  before: [string, string]
}

/**
 * The end of "now" is the end of today, so that the question stays the same all day and its answer
 * can be kept. The end of "before" is this minute of that day; a day that the month before has not
 * (the 31st) is its last day, whole.
 */
export function monthsAt(now: Date, timeZone: string): Months {
  const { day: today, clock } = wallOf(now, timeZone)
  const start = `${today.slice(0, 7)}-01`
  const before_end = dayAfter(start, -1)
  const before_start = `${before_end.slice(0, 7)}-01`
  const date = Number(today.slice(8))
  const before_days = Number(before_end.slice(8))
  const isLonger = date > before_days
  const before_today = isLonger ? before_end : dayAfter(before_start, date - 1)
  const minute = isLonger ? '23:59' : clock.slice(0, 5)

  return {
    today,
    start,
    days: Number(dayAfter(monthAfter(start), -1).slice(8)),
    now: [`${start}T00:00:00.000`, `${today}T23:59:59.999`],
    before_start,
    before_days,
    before: [`${before_start}T00:00:00.000`, `${before_today}T${minute}:59.999`],
  }
}

/** Today, and the same weekday a week ago until this minute. */
export function daysAt(now: Date, timeZone: string) {
  const { day: today, clock } = wallOf(now, timeZone)
  const before = dayAfter(today, -7)
  return {
    now: pair(today, '23:59'),
    before: pair(before, clock.slice(0, 5)),
    before_day: before,
    week: [`${dayAfter(today, -6)}T00:00:00.000`, `${today}T23:59:59.999`] satisfies [
      string,
      string,
    ],
  }
}

function pair(day: string, minute: string): [string, string] {
  return [`${day}T00:00:00.000`, `${day}T${minute}:59.999`]
}

function monthAfter(start: string) {
  return `${dayAfter(start, 31).slice(0, 7)}-01`
}

/** 11-24 / 24 Nov: as short as five of them side by side on a phone must be. */
export function shortDay(day: string, language: Language) {
  if (language === 'en') return dayName(day, language)
  return `${Number(day.slice(5, 7))}-${Number(day.slice(8))}`
}
