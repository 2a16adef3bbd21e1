/** Which tables are audited, and how their rows are told apart. */
import type { ClickHouseClient } from '@clickhouse/client'
import type postgres from 'postgres'
import { listPublished } from '../source/copy.ts'
import { targetsOf, type ColumnRow, type Target } from '../target.ts'
import { quoteClickHouse, quotePostgres, rowText } from './canonical.ts'

/** Ids are compared 4,096 at a time: few enough to look at again whenever one of them changes. */
export const RANGE_BITS = 12
const RANGE_IDS = 1n << BigInt(RANGE_BITS)

export type AuditedTable = {
  target: Target
  schema: string
  /** Ids come in ranges. A table with another kind of key is one range, and its key is a text. */
  hasId: boolean
  key: {
    postgres: string
    clickhouse: string
    clickhouseType: 'Int64' | 'String'
    postgresType: 'bigint' | 'text'
  }
  /** A ledger's rows are summed by the day they belong to. */
  hasDay: boolean
  /** Columns that are summed as well as hashed, to say by how much two sides differ. */
  sums: string[]
}

/** From one id up to, and without, another. */
export type Span = { from: bigint; to: bigint }

/** Keys as a query parameter of ClickHouse: a quoted number is no number to it. */
export function keysParameter({ hasId }: AuditedTable, keys: string[]): bigint[] | string[] {
  return hasId ? keys.map(BigInt) : keys
}

export function rangeOf(id: bigint): bigint {
  return id >> BigInt(RANGE_BITS)
}

/** The ids of ranges `first` to `last`. */
export function spanOf(first: bigint, last: bigint): Span {
  return { from: first * RANGE_IDS, to: (last + 1n) * RANGE_IDS }
}

export async function listAudited(
  sql: postgres.Sql,
  client: ClickHouseClient,
  publication: string,
): Promise<AuditedTable[]> {
  const [published, keys, targets] = [
    await listPublished(sql, publication),
    await listKeys(sql, publication),
    await listTargets(client),
  ]
  return published.flatMap((source) => {
    const target = targets.get(source.name)
    const key = keys.get(`${source.schema}.${source.name}`)
    if (!target || !key) return []
    const columns = target.columns.filter((column) => source.columns.has(column.name))
    return [describe({ ...target, columns }, source.schema, key)]
  })
}

function describe(target: Target, schema: string, keyColumns: string[]): AuditedTable {
  const columns = keyColumns.flatMap((name) =>
    target.columns.filter((column) => column.name === name),
  )
  const [only] = columns
  const hasId = columns.length === 1 && only !== undefined && /^U?Int(8|16|32|64)$/.test(only.type)
  const text = rowText(columns)
  return {
    target,
    schema,
    hasId,
    key: hasId
      ? {
          postgres: quotePostgres(only.name),
          clickhouse: quoteClickHouse(only.name),
          clickhouseType: 'Int64',
          postgresType: 'bigint',
        }
      : { ...text, clickhouseType: 'String', postgresType: 'text' },
    hasDay:
      target.kind === 'fact' && target.columns.some((column) => column.name === 'business_day'),
    sums:
      target.kind === 'fact'
        ? target.columns
            .map((column) => column.name)
            .filter((name) => /(_cents|_delta|^delta|^quantity)$/.test(name))
        : [],
  }
}

/**
 * A table without a primary key has rows nobody can tell apart, and is left out. Tables are found by their
 * names: a cast to regclass may be tried on tables of schemas that the user of the stream may not look into.
 */
async function listKeys(sql: postgres.Sql, publication: string) {
  const rows = await sql<{ table: string; columns: string[] }[]>`
    select format('%s.%s', tables.schemaname, tables.tablename) as table,
      json_agg(attribute.attname order by array_position(index.indkey::smallint[], attribute.attnum)) as columns
    from pg_publication_tables as tables
    join pg_namespace as namespace on namespace.nspname = tables.schemaname
    join pg_class as class on class.relname = tables.tablename and class.relnamespace = namespace.oid
    join pg_index as index on index.indrelid = class.oid and index.indisprimary
    join pg_attribute as attribute on attribute.attrelid = index.indrelid
      and attribute.attnum = any (index.indkey::smallint[])
    where tables.pubname = ${publication}
    group by tables.schemaname, tables.tablename
  `
  return new Map(rows.map((row) => [row.table, row.columns]))
}

async function listTargets(client: ClickHouseClient): Promise<Map<string, Target>> {
  const result = await client.query({
    query: `
      select table, name, type, default_kind, is_in_sorting_key
      from system.columns
      where database = currentDatabase()
        and table in (
          select name from system.tables
          where database = currentDatabase() and engine like '%MergeTree'
        )
      order by table, position`,
    format: 'JSONEachRow',
  })
  return targetsOf(await result.json<ColumnRow>(), () => {})
}
