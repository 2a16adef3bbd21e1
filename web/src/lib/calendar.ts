/** Days, weeks, months and quarters of the calendar, as texts like `2026-11-24`: no clock and no zone is in them. */
import { dayAfter } from './moment.ts'

export type Grain = 'hour' | 'day' | 'week' | 'month'
const HOURS = 24

export function daysBetween(from: string, to: string) {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000)
}

/** 29 February has no brother: it is compared with the 28th. */
export function sameDayLastYear(day: string) {
  const year = String(Number(day.slice(0, 4)) - 1)
  return day.endsWith('-02-29') ? `${year}-02-28` : `${year}${day.slice(4)}`
}

/** Where each bucket of the days begins. */
export function bucketsOf(from: string, to: string, grain: Grain): string[] {
  const buckets: string[] = []
  for (let day = startOf(grain, from, 0); day <= to; day = startOf(grain, day, 1)) {
    if (grain !== 'hour') buckets.push(`${day}T00:00:00.000`)
    else
      for (let hour = 0; hour < HOURS; hour++)
        buckets.push(`${day}T${String(hour).padStart(2, '0')}:00:00.000`)
  }
  return buckets
}

/** The first day of the bucket so many buckets away; weeks begin on Monday, as ClickHouse counts them. */
export function startOf(grain: Grain, day: string, away: number) {
  if (grain === 'month') return monthAfter(day, away)
  if (grain !== 'week') return dayAfter(day, away)
  const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7
  return dayAfter(day, away * 7 - weekday)
}

export function monthAfter(day: string, months: number) {
  const date = new Date(`${day.slice(0, 7)}-01T00:00:00Z`)
  date.setUTCMonth(date.getUTCMonth() + months)
  return date.toISOString().slice(0, 10)
}

export function quarterAfter(day: string, quarters: number) {
  const month = Number(day.slice(5, 7)) - 1
  return monthAfter(day, quarters * 3 - (month % 3))
}
