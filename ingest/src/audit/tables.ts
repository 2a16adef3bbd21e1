/** Which tables are audited, and how their rows are told apart. */
import type postgres from 'postgres'
import { findTable } from '../catalog/tables.ts'
import { hasColumnsOf } from '../mirror/replace.ts'
import { EXACT_KEY, ownPlans } from '../own-columns.ts'
import type { Sink } from '../sink/clickhouse.ts'
import { readTargets } from '../sink/targets.ts'
import { listPublished } from '../source/copy.ts'
import type { Target } from '../target.ts'
import { quoteClickHouse, quotePostgres, rowText, type Column } from './canonical.ts'

/** Ids are compared 4,096 at a time: few enough to look at again whenever one of them changes. */
export const RANGE_BITS = 12
const RANGE_IDS = 1n << BigInt(RANGE_BITS)

export type AuditedTable = {
  target: Target
  /** What it is in Postgres, and its columns as both sides write them. */
  schema: string
  name: string
  columns: Column[]
  pages: number
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

/** What Postgres still has of the columns: a mirror keeps those that were dropped. */
export function carriedColumns({ target }: AuditedTable) {
  return target.columns.filter(({ source }) => !source?.isDropped)
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
  sink: Sink,
  publication: string,
): Promise<AuditedTable[]> {
  const targets = await readTargets(sink, () => {})
  const mirrored = await listMirrored(sql, [...targets.values()])
  const published = await listPublished(sql, publication)
  const keys = await listKeys(sql, publication)
  const defined = published.flatMap((source) => {
    const target = targets.get(`${source.schema}.${source.name}`)
    const key = keys.get(`${source.schema}.${source.name}`)
    if (!target || target.source || !key) return []
    const columns = target.columns.filter((column) => source.columns.has(column.name))
    return [describe({ ...target, columns }, source, { key, columns })]
  })
  return [...defined, ...mirrored]
}

/** Mirrors this process made of tables that are as their mirrors are. */
async function listMirrored(sql: postgres.Sql, targets: Target[]): Promise<AuditedTable[]> {
  const tables: AuditedTable[] = []
  for (const target of targets) {
    if (!target.source || target.hasRowKey) continue
    const table = await findTable(sql, target.source.oid)
    if (!table || !hasColumnsOf(target, table)) continue
    const kept = target.columns.filter(({ source }) => !source?.isDropped)
    const columns = kept.map((column) => ({
      name: column.name,
      type: column.type,
      mirrored: { column, arrays: target.arrays },
    }))
    const key = target.key.flatMap((index) => target.columns[index]?.name ?? [])
    tables.push(describe(target, table, { key, columns }))
  }
  return tables
}

type Shape = { key: string[]; columns: Column[] }

function describe(
  target: Target,
  { schema, name, pages }: { schema: string; name: string; pages: number },
  { key: keyColumns, columns: all }: Shape,
): AuditedTable {
  const columns = keyColumns.flatMap((one) => all.filter((column) => column.name === one))
  const [only] = columns
  const hasId = columns.length === 1 && only !== undefined && /^U?Int(8|16|32|64)$/.test(only.type)
  const text = keyText(target, columns)
  return {
    target,
    schema,
    name,
    columns: all,
    pages,
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

/** Keys that ClickHouse keeps alike are told apart as they are there. */
function keyText(target: Target, columns: Column[]) {
  const text = rowText(columns)
  const exact = ownPlans(target, target.columns).find(({ name }) => name === EXACT_KEY)
  if (!exact) return text
  return {
    postgres: `${text.postgres} || '|' || ${exact.postgres}`,
    clickhouse: `concat(${text.clickhouse}, '|', ${EXACT_KEY})`,
  }
}
