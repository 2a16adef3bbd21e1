/**
 * Ranges as Cube understands them: wall clock in the query's zone, whole seconds, both ends included. A range that
 * ends at 23:59:59 holds everything up to midnight, because facts are compared by the second they fell in. Cube reads
 * a moment with an offset as if the offset were not there, so such a moment is turned into wall clock first.
 */
import { Problem } from './problem.ts'
import type { CubeQuery, Filter } from './query.ts'

type DateRange = string | string[]

const ABSOLUTE =
  /^(?<day>\d{4}-\d{2}-\d{2})(?:[T ](?<minute>\d{2}:\d{2})(?::(?<second>\d{2})(?:\.\d+)?)?(?<offset>Z|[+-]\d{2}:?\d{2})?)?$/

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

function snap(moment: string, timeZone: string): string {
  const parts = ABSOLUTE.exec(moment)?.groups
  if (parts === undefined) return moment
  const { day, minute, second = '00', offset } = parts
  if (minute === undefined) return checked(`${day}`, moment)
  const wallClock = `${day}T${minute}:${second}`
  if (offset === undefined) return checked(wallClock, moment)
  return wallClockOf(new Date(checked(`${wallClock}${offset}`, moment)), timeZone)
}

function checked(iso: string, asked: string) {
  if (Number.isNaN(Date.parse(iso)))
    throw new Problem(400, 'INVALID_QUERY', `${asked} is not a date`)
  return iso
}

/** Swedish is written in ISO's order. */
function wallClockOf(moment: Date, timeZone: string) {
  return moment.toLocaleString('sv-SE', { timeZone }).replace(' ', 'T')
}

function snapFilter(filter: Filter, timeZone: string): Filter {
  if ('and' in filter) return { and: filter.and.map((inner) => snapFilter(inner, timeZone)) }
  if ('or' in filter) return { or: filter.or.map((inner) => snapFilter(inner, timeZone)) }
  if (!filter.values || !/date/i.test(filter.operator)) return filter
  return {
    ...filter,
    values: filter.values.map((value) =>
      typeof value === 'string' ? snap(value, timeZone) : value,
    ),
  }
}

/** A zone that does not exist would fail deep in the database, without its name. */
export function checkZone(timeZone: string) {
  try {
    new Intl.DateTimeFormat('en', { timeZone })
  } catch (cause) {
    throw new Problem(400, 'INVALID_QUERY', `${timeZone} is not a time zone`, { cause })
  }
}
