/** The tables of the source as its catalogue has them now. */
import postgres from 'postgres'
import { leaveOn } from '../source/leave.ts'
import { describeTypes } from './describe.ts'
import type { SourceType } from './types.ts'

export type CatalogColumn = {
  name: string
  /** What stays the same when a column is renamed. */
  number: number
  type: SourceType
  /** The value rows have that are older than the column; null where they have none. */
  missing: string | null
  /** A default that was computed for each row when the column came, which no stream sends. */
  hasComputedDefault: boolean
}

export type CatalogTable = {
  oid: number
  schema: string
  name: string
  columns: CatalogColumn[]
  /** What tells rows apart: the replica identity's index, else the primary key; empty without either. */
  key: string[]
  identity: 'default' | 'full' | 'index' | 'nothing'
  owner: string
  /** As of the last vacuum: to know better takes a lock, and somebody may hold the table for hours. */
  pages: number
}

type TableRow = Omit<CatalogTable, 'columns' | 'identity' | 'key'> & {
  identity: string
  key: string[] | null
}
type ColumnRow = {
  table_oid: number
  name: string
  number: number
  type_oid: number
  modifier: number
  missing: string | null
  has_computed_default: boolean
}

const IDENTITIES = { d: 'default', f: 'full', i: 'index', n: 'nothing' } as const

/** Ordinary and partitioned tables whose `schema.name` matches a pattern; partitions come through their root. */
export function listTables(sql: postgres.Sql, patterns: string[]): Promise<CatalogTable[]> {
  return describeTables(
    sql,
    sql`format('%s.%s', namespace.nspname, class.relname) like any (${toArray(patterns.map(likeOf))}::text::text[])`,
  )
}

/** The table whatever it is called; null where it was dropped. */
export async function findTable(sql: postgres.Sql, oid: number): Promise<CatalogTable | null> {
  const [table] = await describeTables(sql, sql`class.oid = ${String(oid)}::text::oid`)
  return table ?? null
}

export type TableName = { schema: string; name: string }

/** What tables are called now, without those that were dropped. What was done to them lies before `upTo` in the log. */
export async function readNames(
  sql: postgres.Sql,
  oids: number[],
): Promise<{ upTo: bigint; names: Map<number, TableName> }> {
  const rows = await sql<(TableName & { oid: number })[]>`
    select class.oid::int8::float8 as oid, namespace.nspname as schema, class.relname as name
    from pg_class as class
    join pg_namespace as namespace on namespace.oid = class.relnamespace
    where class.oid = any (${`{${oids.join(',')}}`}::text::oid[])
  `
  const [position] = await sql<{ up_to: string }[]>`
    select (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::text as up_to
  `
  return {
    upTo: BigInt(position?.up_to ?? 0),
    names: new Map(rows.map(({ oid, schema, name }) => [oid, { schema, name }])),
  }
}

/** The size of tables by oid, on a connection of its own: it waits for who has one of them locked, until the signal. */
export async function readPages(
  databaseUrl: string,
  oids: number[],
  signal: AbortSignal,
): Promise<Map<number, number>> {
  const sql = postgres(databaseUrl, { max: 1, fetch_types: false, onnotice: () => {} })
  const stay = leaveOn(signal, sql)
  try {
    const rows = await sql<{ oid: number; pages: number }[]>`
      select oid::int8::float8 as oid, (pg_relation_size(oid) / current_setting('block_size')::int)::int as pages
      from pg_class
      where oid = any (${`{${oids.join(',')}}`}::text::oid[])
    `
    return new Map(rows.map(({ oid, pages }) => [oid, pages]))
  } finally {
    stay()
    await sql.end({ timeout: 0 })
  }
}

async function describeTables(
  sql: postgres.Sql,
  condition: postgres.PendingQuery<postgres.Row[]>,
): Promise<CatalogTable[]> {
  const rows = await sql<TableRow[]>`
    select class.oid::int8::float8 as oid, namespace.nspname as schema, class.relname as name,
      class.relreplident::text as identity, pg_get_userbyid(class.relowner) as owner,
      class.relpages as pages, chosen.key
    from pg_class as class
    join pg_namespace as namespace on namespace.oid = class.relnamespace
    left join lateral (
      select array_to_json(array(
        select attribute.attname
        from unnest(index.indkey) with ordinality as part (number, position)
        join pg_attribute as attribute
          on attribute.attrelid = class.oid and attribute.attnum = part.number
        where part.position <= index.indnkeyatts
        order by part.position
      )) as key
      from pg_index as index
      where index.indrelid = class.oid
        and ((class.relreplident = 'i' and index.indisreplident)
          or (class.relreplident in ('d', 'f') and index.indisprimary))
      limit 1
    ) as chosen on true
    where class.relkind in ('r', 'p')
      and class.relpersistence = 'p'
      and not class.relispartition
      and namespace.nspname not in ('pg_catalog', 'information_schema')
      and ${condition}
    order by pages desc, namespace.nspname, class.relname
  `
  const columns = await listColumns(
    sql,
    rows.map(({ oid }) => oid),
  )
  return rows.map((row) => ({
    ...row,
    key: row.key ?? [],
    identity: identityOf(row.identity),
    columns: columns.get(row.oid) ?? [],
  }))
}

/** What the stream carries of a column: generated ones only where the server publishes them (Postgres 18). */
async function listColumns(sql: postgres.Sql, oids: number[]) {
  const rows = await sql<ColumnRow[]>`
    select attribute.attrelid::int8::float8 as table_oid, attribute.attname as name, attribute.attnum as number,
      attribute.atttypid::int8::float8 as type_oid, attribute.atttypmod as modifier,
      (attribute.attmissingval::text::text[])[1] as missing,
      attribute.atthasdef and attribute.attmissingval is null and attribute.attgenerated = '' as has_computed_default
    from pg_attribute as attribute
    where attribute.attrelid = any (${`{${oids.join(',')}}`}::text::oid[])
      and attribute.attnum > 0
      and not attribute.attisdropped
      and (attribute.attgenerated = ''
        or (attribute.attgenerated = 's' and current_setting('server_version_num')::int >= 180000))
    order by attribute.attrelid, attribute.attnum
  `
  const types = await describeTypes(
    sql,
    rows.map((row) => ({ oid: row.type_oid, modifier: row.modifier })),
  )
  const described = rows.flatMap((row, index) => {
    const type = types[index]
    return type ? [{ ...row, type, hasComputedDefault: row.has_computed_default }] : []
  })
  return Map.groupBy(described, (row) => row.table_oid)
}

function identityOf(letter: string): CatalogTable['identity'] {
  if (letter === 'd' || letter === 'f' || letter === 'i') return IDENTITIES[letter]
  return 'nothing'
}

/** `public.*` as `like` has it; a star stands for anything, everything else for itself. */
function likeOf(pattern: string): string {
  return pattern.replaceAll(/[\\%_]/g, '\\$&').replaceAll('*', '%')
}

function toArray(items: string[]): string {
  return `{${items.map((item) => `"${item.replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}`
}
