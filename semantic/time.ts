/**
 * Ranges as Cube understands them: wall clock in the query's zone, whole seconds, both ends included. A range that
 * ends at 23:59:59 holds everything up to midnight, because facts are compared by the second they fell in. Cube reads
 * a moment with an offset as if the offset were not there, so such a moment is turned into wall clock first; where the
 * clock shows that twice, the milliseconds, which nothing is compared by, say which of the two it was.
 */
import { Problem } from './problem.ts'
import type { CubeQuery, Filter } from './query.ts'
import { formatOf, instantOf, isRepeated, wallClockOf, type Reading } from './wall-clock.ts'

type DateRange = string | string[]

const ABSOLUTE =
  /^(?<day>\d{4}-\d{2}-\d{2})(?:[T ](?<minute>\d{2}:\d{2})(?::(?<second>\d{2})(?:\.\d+)?)?(?<offset>Z|[+-]\d{2}:?\d{2})?)?$/

const MARKS: Record<Reading, string> = { first: '.001', last: '.002' }

/** Everything up to the end of what these name; the others are about its beginning. */
const ABOUT_THE_END = new Set(['beforeOrOnDate', 'afterDate'])

/** The query with every absolute date in it snapped; "last 7 days" is left to Cube. */
export function snapQuery(query: CubeQuery, timeZone: string): CubeQuery {
  return {
    ...query,
    ...(query.timeDimensions && {
      timeDimensions: query.timeDimensions.map(({ dateRange, compareDateRange, ...dimension }) => ({
        ...dimension,
        ...(dateRange && { dateRange: snapRange(dateRange, timeZone) }),
        ...(compareDateRange && {
          compareDateRange: compareDateRange.map((range) => snapRange(range, timeZone)),
        }),
      })),
    }),
    ...(query.filters && { filters: query.filters.map((filter) => snapFilter(filter, timeZone)) }),
  }
}

export function snapRange(range: DateRange, timeZone: string): DateRange {
  return Array.isArray(range)
    ? range.map((moment) => snap(moment, timeZone))
    : snap(range, timeZone)
}

/** Which of two equal readings of the clock a snapped moment is; null where it does not say. */
export function readingOf(moment: string | undefined): Reading | null {
  if (moment?.endsWith(MARKS.first)) return 'first'
  return moment?.endsWith(MARKS.last) ? 'last' : null
}

function snap(moment: string, timeZone: string): string {
  const parts = ABSOLUTE.exec(moment)?.groups
  if (parts === undefined) return moment
  const { day, minute, second = '00', offset } = parts
  if (minute === undefined) return checked(`${day}`, moment)
  const wallClock = `${day}T${minute}:${second}`
  if (offset === undefined) return checked(wallClock, moment)
  return exactly(Date.parse(checked(`${wallClock}${offset}`, moment)), timeZone)
}

function exactly(instant: number, timeZone: string) {
  const wallClock = wallClockOf(instant, timeZone)
  if (!isRepeated(wallClock, timeZone)) return wallClock
  const reading = instantOf(wallClock, timeZone, 'first') === instant ? 'first' : 'last'
  return `${wallClock}${MARKS[reading]}`
}

function checked(iso: string, asked: string) {
  if (Number.isNaN(Date.parse(iso)))
    throw new Problem(400, 'INVALID_QUERY', `${asked} is not a date`)
  return iso
}

function snapFilter(filter: Filter, timeZone: string): Filter {
  if ('and' in filter) return { and: filter.and.map((inner) => snapFilter(inner, timeZone)) }
  if ('or' in filter) return { or: filter.or.map((inner) => snapFilter(inner, timeZone)) }
  if (!filter.values || !/date/i.test(filter.operator)) return filter
  const isEnd = ABOUT_THE_END.has(filter.operator)
  return {
    ...filter,
    values: filter.values.map((value) => {
      if (typeof value !== 'string') return value
      const snapped = snap(value, timeZone)
      return isEnd ? endOf(snapped) : snapped
    }),
  }
}

/** Cube takes the beginning of a moment for every operator of one value. */
function endOf(snapped: string) {
  if (/^\d{4}-\d{2}-\d{2}$/.test(snapped)) return `${snapped}T23:59:59${MARKS.last}`
  return /T\d{2}:\d{2}:\d{2}$/.test(snapped) ? `${snapped}${MARKS.last}` : snapped
}

/** A zone that does not exist would fail deep in the database, without its name. */
export function checkZone(timeZone: string) {
  try {
    formatOf(timeZone)
  } catch (cause) {
    throw new Problem(400, 'INVALID_QUERY', `${timeZone} is not a time zone`, { cause })
  }
}
