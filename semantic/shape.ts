/**
 * Questions of one shape have one SQL. Cube writes it anew for each range of time, in some 8 ms of the only thread,
 * and each minute has ranges of its own: what is compared with ends "by now". So Cube is asked about one range that is
 * always the same, keeps what it wrote for it (1 ms), and the range that is meant takes its place among the values.
 */
import type { CubeQuery } from './query.ts'
import { readingOf } from './time.ts'
import { instantOf, type Reading } from './wall-clock.ts'

/** Nothing has ever happened then. */
const STAND_IN = ['1971-02-03T04:05:06.000', '1971-02-04T05:06:07.000'] as const
const WALL_CLOCK = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{3})?$/
const MILLISECONDS = '.000'
/** A range begins with the first of two equal readings of the clock and ends with the last (dialect.ts). */
const READINGS: readonly Reading[] = ['first', 'last']

export type Shape = {
  query: CubeQuery
  /** What Cube gives the SQL, with the range that is meant. */
  values(given: readonly unknown[]): unknown[]
  /** What Cube says of the question, the same. */
  text(said: string): string
}

/** Only where a single range of two moments is asked for; everything else is a shape of its own. */
export function shapeOf(query: CubeQuery): Shape {
  const [time, ...others] = query.timeDimensions ?? []
  const { timezone } = query
  const range = time?.dateRange
  const isPlain =
    time !== undefined &&
    others.length === 0 &&
    timezone !== undefined &&
    time.compareDateRange === undefined &&
    Array.isArray(range) &&
    range.length === 2 &&
    range.every((moment) => WALL_CLOCK.test(moment))
  if (!isPlain) return { query, values: (given) => [...given], text: (said) => said }

  const meant = range.map((moment) => moment.padEnd(STAND_IN[0].length, MILLISECONDS))
  const inDatabase = (moment: string, reading: Reading) =>
    new Date(instantOf(moment, timezone, readingOf(moment) ?? reading)).toISOString()
  const places = new Map<unknown, unknown>(
    READINGS.map((reading, end) => [
      inDatabase(STAND_IN[end] ?? '', reading),
      inDatabase(meant[end] ?? '', reading),
    ]),
  )
  return {
    query: { ...query, timeDimensions: [{ ...time, dateRange: [...STAND_IN] }] },
    values: (given) => given.map((value) => places.get(value) ?? value),
    text: (said) =>
      STAND_IN.reduce((text, moment, end) => text.replaceAll(moment, meant[end] ?? moment), said),
  }
}
