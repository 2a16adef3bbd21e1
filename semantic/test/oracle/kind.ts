/** What an oracle of a view consists of. */
export type ViewOracle = {
  /** A relation, or one that depends on the period asked for: two moments, as SQL. */
  from: string | ((period: Period) => string)
  /** The rows of one distributor, as a condition on his id in $1. */
  scope: string | null
  /** Where the column that a dimension shows has another name. */
  dimensions?: Record<string, string>
  measures: Record<string, string>
}

export type Period = { from: string; to: string } | null

/**
 * Views in the order in which one needs the other: name and query. What others read again and again, and what does not
 * depend on the time of day, is kept as a table.
 */
export type Relation = readonly [
  name: string,
  query: string,
  kept?: 'kept',
  indexes?: readonly string[],
]

/** Postgres divides to some sixteen digits, unless the dividend has more behind the point. */
export const exact = (sum: string) => `(${sum})::numeric(60, 20)`

/** Six digits, half away from zero, empty without a denominator. */
export const ratio = (part: string, whole: string) =>
  `case when ${whole} > 0 then round(${exact(part)} / (${whole}), 6) end`

/** The rows of one distributor: what was sold through him or below him, by the tree of the order. */
export const OWN_TREE = '$1::bigint = any (ancestor_ids)'

/** A rank among sorted values, by the same rule as ClickHouse: the value at floor(share × count). */
export const quantile = (share: number, values: string) =>
  `(array_agg(${values} order by ${values}) filter (where ${values} is not null))[least(floor(${share}::float8 * count(${values}))::int + 1, count(${values})::int)]`
