/**
 * How Cube writes what concerns time for ClickHouse, where clocks are changed. Cube takes the zone's distance from
 * Greenwich at the wrong instant on the days around a change, so that a range of such a day begins or ends an hour off;
 * and it groups by instants, so that the hour that happens twice is two rows of one label. Here a bucket is what the
 * clock on the wall shows: one row for each label, and no label for an hour that is skipped.
 */
import { createRequire } from 'node:module'
import type { BaseFilter, BaseQuery, BaseTimeDimension } from '@cubejs-backend/schema-compiler'
import { readingOf } from './time.ts'
import { instantOf, type Reading } from './wall-clock.ts'

const require = createRequire(import.meta.url)

type Query = new (...options: ConstructorParameters<typeof BaseQuery>) => BaseQuery
type Bound = 'inDbTimeZoneDateFrom' | 'inDbTimeZoneDateTo'

/** Starts of days are dates; what is finer is read off the wall clock as if it were one of Greenwich. */
const BUCKETS: Record<string, (local: string, clock: string) => string> = {
  second: (_local, clock) => clock,
  minute: (_local, clock) => `toStartOfMinute(${clock})`,
  hour: (_local, clock) => `toStartOfHour(${clock})`,
  day: (local) => `toDate(${local})`,
  week: (local) => `toMonday(${local})`,
  month: (local) => `toStartOfMonth(${local})`,
  quarter: (local) => `toStartOfQuarter(${local})`,
  year: (local) => `toStartOfYear(${local})`,
}

/** The class of queries that Cube is given as its dialect, which is how Cube wants to be told. Loaded after `native.ts`. */
export function createDialect(): Query {
  const {
    ClickHouseQuery,
  }: {
    ClickHouseQuery: Query
  } = require('@cubejs-backend/schema-compiler/dist/src/adapter/ClickHouseQuery.js')

  return class extends ClickHouseQuery {
    override newFilter(filter: Parameters<BaseQuery['newFilter']>[0]) {
      return withExactBounds(super.newFilter(filter), this.timezone)
    }

    override newTimeDimension(dimension: Parameters<BaseQuery['newTimeDimension']>[0]) {
      return withExactBounds(super.newTimeDimension(dimension), this.timezone)
    }

    override timeGroupedColumn(granularity: string, local: string) {
      const bucket = BUCKETS[granularity]
      if (bucket === undefined) throw new Error(`${granularity} is no granularity`)
      const clock = `toDateTime(toUnixTimestamp(${local}) + timeZoneOffset(${local}), 'UTC')`
      return `toDateTime64(${bucket(local, clock)}, 0, 'UTC')`
    }
  }
}

function withExactBounds<F extends BaseFilter | BaseTimeDimension>(filter: F, timeZone: string): F {
  const bound = (format: 'formatFromDate' | 'formatToDate', reading: Reading) => (date: string) =>
    new Date(instantOf(filter[format](date), timeZone, readingOf(date) ?? reading)).toISOString()
  const bounds: Record<Bound, (date: string) => string> = {
    inDbTimeZoneDateFrom: bound('formatFromDate', 'first'),
    inDbTimeZoneDateTo: bound('formatToDate', 'last'),
  }
  return Object.assign(filter, bounds)
}
