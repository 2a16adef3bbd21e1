/** The ids a table has, in spans that one query can do at a time. */
import type { ClickHouseClient } from '@clickhouse/client'
import { quoteClickHouse } from './canonical.ts'
import { QUERY_SETTINGS, sourceName } from './digest.ts'
import type { Moment } from './moment.ts'
import { rangeOf, spanOf, type AuditedTable, type Span } from './tables.ts'

const LOWEST_ID = -(2n ** 63n)
const WHOLE: Span = { from: 0n, to: 1n }

/** From an id on; ids nobody has are passed over, however many. */
export async function* spansOf(
  client: ClickHouseClient,
  moment: Moment,
  table: AuditedTable,
  rangesMax: number,
  start: bigint = LOWEST_ID,
): AsyncGenerator<Span> {
  if (!table.hasId) {
    yield WHOLE
    return
  }
  let ids = await idsFrom(client, moment, table, start)
  while (ids) {
    const span = spanOf(rangeOf(ids.first), rangeOf(ids.first) + BigInt(rangesMax) - 1n)
    yield span
    if (ids.last < span.to) return
    ids = await idsFrom(client, moment, table, span.to)
  }
}

/** Ranges next to each other become one span. */
export function spansOfRanges(
  table: AuditedTable,
  ranges: Iterable<bigint>,
  rangesMax: number,
): Span[] {
  const sorted = [...new Set(ranges)].toSorted((one, other) => (one < other ? -1 : 1))
  if (!table.hasId) return sorted.length > 0 ? [WHOLE] : []
  const spans: Span[] = []
  let first: bigint | undefined
  let last = 0n
  for (const range of sorted) {
    if (first !== undefined && (range !== last + 1n || range - first >= BigInt(rangesMax))) {
      spans.push(spanOf(first, last))
      first = range
    }
    first ??= range
    last = range
  }
  if (first !== undefined) spans.push(spanOf(first, last))
  return spans
}

/** The first and the last id at or after one, whichever side has them. */
async function idsFrom(
  client: ClickHouseClient,
  { sql }: Moment,
  table: AuditedTable,
  from: bigint,
): Promise<{ first: bigint; last: bigint } | null> {
  const result = await client.query({
    query: `
      select toString(min(${table.key.clickhouse})), toString(max(${table.key.clickhouse})), count() > 0
      from ${quoteClickHouse(table.target.name)}
      where ${table.key.clickhouse} >= {from: Int64}`,
    query_params: { from: from.toString() },
    clickhouse_settings: QUERY_SETTINGS,
    format: 'JSONCompactEachRow',
  })
  const [copy] = await result.json<[first: string, last: string, isAny: 0 | 1]>()
  const [original] = await sql.unsafe<{ first: string | null; last: string | null }[]>(
    `select min(${table.key.postgres})::text as first, max(${table.key.postgres})::text as last
     from ${sourceName(table)}
     where ${table.key.postgres} >= $1::bigint`,
    [from.toString()],
  )
  const ids = [
    ...(copy?.[2] === 1 ? [copy[0], copy[1]] : []),
    ...(original?.first && original.last ? [original.first, original.last] : []),
  ].map(BigInt)
  if (ids.length === 0) return null
  return {
    first: ids.reduce((one, other) => (one < other ? one : other)),
    last: ids.reduce((one, other) => (one > other ? one : other)),
  }
}
