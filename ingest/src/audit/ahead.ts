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

/** The newest versions are read before the end of the log, so a row that has just come is never taken for one. */
export async function findAhead(
  client: ClickHouseClient,
  { sql, epoch }: Moment,
  tables: AuditedTable[],
): Promise<Ahead[]> {
  const newest = await newestVersions(client, tables)
  const [row] = await sql<{ lsn: string }[]>`select pg_current_wal_insert_lsn()::text as lsn`
  if (!row) throw new Error('Postgres did not say where its log ends')
  const limit = versionOf(epoch, parseLsn(row.lsn) + 1n, 0)
  const found = tables.filter((table) => (newest.get(table.target.name) ?? 0n) >= limit)
  return Promise.all(found.map((table) => listAhead(client, table, limit)))
}

async function listAhead(
  client: ClickHouseClient,
  table: AuditedTable,
  limit: bigint,
): Promise<Ahead> {
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

async function newestVersions(client: ClickHouseClient, tables: AuditedTable[]) {
  if (tables.length === 0) return new Map<string, bigint>()
  const selects = tables.map(
    ({ target }, index) =>
      `select toUInt16(${index}), toString(max(_version)) from ${quoteClickHouse(target.name)}`,
  )
  const result = await client.query({
    query: selects.join(' union all '),
    clickhouse_settings: QUERY_SETTINGS,
    format: 'JSONCompactEachRow',
  })
  const rows = await result.json<[index: number, version: string]>()
  return new Map(
    rows.map(([index, version]) => [tables[index]?.target.name ?? '', BigInt(version)]),
  )
}
