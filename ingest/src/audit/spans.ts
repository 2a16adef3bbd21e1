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
  let id = await nextId(client, moment, table, start)
  while (id !== null) {
    const span = spanOf(rangeOf(id), rangeOf(id) + BigInt(rangesMax) - 1n)
    yield span
    id = await nextId(client, moment, table, span.to)
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

/** The first id at or after one, of whichever side has it. */
async function nextId(
  client: ClickHouseClient,
  { sql }: Moment,
  table: AuditedTable,
  from: bigint,
) {
  const result = await client.query({
    query: `
      select toString(min(${table.key.clickhouse})), count()
      from ${quoteClickHouse(table.target.name)}
      where ${table.key.clickhouse} >= {from: Int64}`,
    query_params: { from: from.toString() },
    clickhouse_settings: QUERY_SETTINGS,
    format: 'JSONCompactEachRow',
  })
  const [copy] = await result.json<[id: string, count: number | string]>()
  const [original] = await sql.unsafe<{ id: string | null }[]>(
    `select min(${table.key.postgres})::text as id
     from ${sourceName(table)}
     where ${table.key.postgres} >= $1::bigint`,
    [from.toString()],
  )
  const ids = [
    ...(copy && Number(copy[1]) > 0 ? [BigInt(copy[0])] : []),
    ...(original?.id ? [BigInt(original.id)] : []),
  ]
  return ids.length === 0 ? null : ids.reduce((one, other) => (one < other ? one : other))
}
