/** Rows whose version is later than anything Postgres has written: they would hide what is still to come. */
import type { ClickHouseClient } from '@clickhouse/client'
import { versionOf } from '../change.ts'
import { parseLsn } from '../source/lsn.ts'
import { quoteClickHouse } from './canonical.ts'
import { QUERY_SETTINGS } from './digest.ts'
import type { Moment } from './moment.ts'
import type { RowDamage } from './rows.ts'
import type { AuditedTable } from './tables.ts'

/** How many such rows are listed; more are not counted, only removed. */
const ROWS_MAX = 10_000

export type Ahead = { table: AuditedTable; limit: bigint; rows: RowDamage[] }

/** The newest version is read before the end of the log, so a row that has just come is never taken for one. */
export async function findAhead(
  client: ClickHouseClient,
  { sql, epoch }: Moment,
  table: AuditedTable,
): Promise<Ahead | null> {
  const newest = await newestVersion(client, table)
  const [row] = await sql<{ lsn: string }[]>`select pg_current_wal_insert_lsn()::text as lsn`
  if (!row) throw new Error('Postgres did not say where its log ends')
  const limit = versionOf(epoch, parseLsn(row.lsn) + 1n, 0)
  if (newest < limit) return null

  const result = await client.query({
    query: `
      select toString(${table.key.clickhouse})
      from ${quoteClickHouse(table.target.name)}
      where _version >= {limit: UInt128}
      limit {rows: UInt32}`,
    query_params: { limit: limit.toString(), rows: ROWS_MAX },
    clickhouse_settings: QUERY_SETTINGS,
    format: 'JSONCompactEachRow',
  })
  const keys = await result.json<[key: string]>()
  const rows = keys.map(([key]) => ({
    table: table.target.name,
    key,
    damage: 'ahead' as const,
    cells: [],
  }))
  return { table, limit, rows }
}

async function newestVersion(client: ClickHouseClient, table: AuditedTable): Promise<bigint> {
  const result = await client.query({
    query: `select toString(max(_version)) from ${quoteClickHouse(table.target.name)}`,
    clickhouse_settings: QUERY_SETTINGS,
    format: 'JSONCompactEachRow',
  })
  const [row] = await result.json<[version: string]>()
  return BigInt(row?.[0] ?? '0')
}
