/** Which ranges a round must look at: those that received rows, and those Postgres has begun since. */
import type { ClickHouseClient } from '@clickhouse/client'
import { quoteClickHouse } from './canonical.ts'
import { QUERY_SETTINGS, rangeExpression, sourceName } from './digest.ts'
import type { Moment } from './moment.ts'
import { rangeOf, type AuditedTable } from './tables.ts'

export type Seen = {
  /** Where the last round ended: what ClickHouse has received since is looked at next. Null before the first. */
  bound: bigint | null
  /** The highest id of each table in Postgres by then. */
  tops: Map<string, bigint>
}

export async function pendingRanges(
  client: ClickHouseClient,
  moment: Moment,
  table: AuditedTable,
  seen: Seen,
): Promise<bigint[]> {
  const arrived = seen.bound === null ? [] : await arrivedRanges(client, moment, table, seen.bound)
  return [...arrived, ...(await begunRanges(moment, table, seen))]
}

/** Also late rows of an old range: an id is given before its transaction commits. */
async function arrivedRanges(
  client: ClickHouseClient,
  { bound }: Moment,
  table: AuditedTable,
  since: bigint,
): Promise<bigint[]> {
  const result = await client.query({
    query: `
      select distinct toString(${rangeExpression(table).clickhouse})
      from ${quoteClickHouse(table.target.name)}
      where _version >= {since: UInt128} and _version < {bound: UInt128}`,
    query_params: { since: since.toString(), bound: bound.toString() },
    clickhouse_settings: QUERY_SETTINGS,
    format: 'JSONCompactEachRow',
  })
  const rows = await result.json<[range: string]>()
  return rows.map(([range]) => BigInt(range))
}

/** New ids in Postgres, whether or not anything of them arrived. */
async function begunRanges(
  { sql }: Moment,
  table: AuditedTable,
  { tops }: Seen,
): Promise<bigint[]> {
  if (!table.hasId) return [0n]
  const [row] = await sql.unsafe<{ id: string | null }[]>(
    `select max(${table.key.postgres})::text as id from ${sourceName(table)}`,
  )
  if (!row?.id) return []
  const [known, top] = [tops.get(table.target.name), BigInt(row.id)]
  tops.set(table.target.name, top)
  if (known === undefined || top <= known) return []
  const ranges: bigint[] = []
  for (let range = rangeOf(known); range <= rangeOf(top); range += 1n) ranges.push(range)
  return ranges
}
