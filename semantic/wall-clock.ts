/**
 * What a clock on the wall of a zone shows at an instant, and back. Where clocks are changed one reading is shown twice
 * and another never, so the way back needs to know which end of a range is meant: a range begins at the first instant
 * at which the clock shows its beginning or more, and ends with the last second at which it shows its end or less.
 */
export type Reading = 'first' | 'last'

const MINUTE_MS = 60_000
const SECOND_MS = 1_000
/** Zones lie at most 14 hours from Greenwich, and change their clocks at most once within two days. */
const AROUND_MS = 24 * 60 * MINUTE_MS
const FORMATS_MAX = 100

const formats = new Map<string, Intl.DateTimeFormat>()

/** `2026-11-01T01:30:00`: whole seconds, without offset. */
export function wallClockOf(instant: number, timeZone: string): string {
  return new Date(shownAt(instant, timeZone)).toISOString().slice(0, 19)
}

/** The instant, in whole seconds of Unix time as milliseconds, at which a range from or to the reading begins or ends. */
export function instantOf(wallClock: string, timeZone: string, reading: Reading): number {
  const shown = Date.parse(`${wallClock.slice(0, 19)}Z`)
  const offsets = [shown - AROUND_MS, shown + AROUND_MS].map(
    (around) => shownAt(around, timeZone) - around,
  )
  const [before = 0, after = 0] = offsets
  const instants = offsets
    .map((offset) => shown - offset)
    .filter((instant) => shownAt(instant, timeZone) === shown)
  if (instants.length > 0) {
    return reading === 'first' ? Math.min(...instants) : Math.max(...instants)
  }
  const change = changeBetween(shown - Math.max(before, after), shown - Math.min(before, after))
  return reading === 'first' ? change : change - SECOND_MS

  /** The first instant of the new offset: no clock shows the reading, it is skipped there. */
  function changeBetween(early: number, late: number): number {
    if (late - early <= SECOND_MS) return late
    const middle = early + Math.floor((late - early) / 2 / SECOND_MS) * SECOND_MS
    return shownAt(middle, timeZone) - middle === before
      ? changeBetween(middle, late)
      : changeBetween(early, middle)
  }
}

/** Whether the clock shows this reading twice. */
export function isRepeated(wallClock: string, timeZone: string) {
  const [first, last] = [
    instantOf(wallClock, timeZone, 'first'),
    instantOf(wallClock, timeZone, 'last'),
  ]
  return first < last
}

/** The reading as if it were one of Greenwich. */
function shownAt(instant: number, timeZone: string) {
  const { year, month, day, hour, minute, second } = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  )
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second)
}

/**
 * Making a format takes longer than all of its uses; zones come from outside, so few are kept. Throws a RangeError for
 * a zone that does not exist.
 */
export function formatOf(timeZone: string) {
  const known = formats.get(timeZone)
  if (known) return known
  if (formats.size >= FORMATS_MAX) formats.clear()
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    hourCycle: 'h23',
    calendar: 'iso8601',
  })
  formats.set(timeZone, format)
  return format
}
