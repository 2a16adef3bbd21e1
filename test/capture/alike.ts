/** The oracle for tables that change shape: the same columns, the same rows, each value as one text on both sides. */
import type { ClickHouseClient } from '@clickhouse/client'
import type postgres from 'postgres'
import { firstDifference, without } from './equal.ts'

type Column = { name: string; type: string }
type Sides = { sql: postgres.Sql; clickhouse: ClickHouseClient; database: string }
export type Unlike = { table: string; difference: string; missing: number; extra: number }

/** Each table of `public` that is not as its view in ClickHouse is. */
export async function unlike(sides: Sides): Promise<Unlike[]> {
  const tables = await sides.sql<{ name: string }[]>`
    select relname as name from pg_class
    where relkind in ('r', 'p') and not relispartition and relnamespace = 'public'::regnamespace
    order by 1
  `
  const found: Unlike[] = []
  for (const { name } of tables) {
    const one = await compareTable(sides, name).catch(nothingThere)
    if (one.difference !== null) found.push({ table: name, ...one, difference: one.difference })
  }
  return found
}

/** A view that is not there yet, or is being made anew. */
function nothingThere(error: unknown) {
  return { difference: String(error), missing: 0, extra: 0 }
}

async function compareTable({ sql, clickhouse, database }: Sides, table: string) {
  const columns = await sql<Column[]>`
    select attname as name, format_type(atttypid, null) as type
    from pg_attribute
    where attrelid = ${`public.${table}`}::text::regclass and attnum > 0 and not attisdropped
    order by attnum
  `
  const view = `${database}.\`current_${table}\``
  const nulls = columns.filter(({ type }) => type.endsWith('[]')).map(({ name }) => nullName(name))
  const ours = names([...columns, ...nulls.map((name) => ({ name }))])
  const theirs = names(await columnsOf(clickhouse, database, `current_${table}`))
  if (ours !== theirs)
    return { difference: `columns ${ours} in Postgres, ${theirs}`, missing: 0, extra: 0 }
  const line = `concat_ws('|', ${columns.map(postgresText).join(', ')})`
  const text = `concatWithSeparator('|', ${columns.map(clickhouseText).join(', ')})`
  const [sum] = await sql.unsafe<{ rows: string; hash: string }[]>(`
    select count(*)::text as rows,
      coalesce(sum(('x' || left(md5(${line}), 8))::bit(32)::bigint), 0)::text as hash
    from "${table}"`)
  const [copy] = await rowsOf<{ rows: string; hash: string }>(
    clickhouse,
    `select toString(count()) as rows,
       toString(sum(reinterpretAsUInt32(reverse(substring(MD5(${text}), 1, 4))))) as hash
     from ${view}`,
  )
  if (sum?.rows === copy?.rows && sum?.hash === copy?.hash)
    return { difference: null, missing: 0, extra: 0 }
  const source = await sql.unsafe<{ line: string }[]>(
    `select line from (select ${line} as line from "${table}") as lines order by line collate "C"`,
  )
  const target = await rowsOf<{ line: string }>(
    clickhouse,
    `select ${text} as line from ${view} order by line`,
  )
  return {
    difference: firstDifference(source, target),
    missing: without(source, target),
    extra: without(target, source),
  }
}

/** An array of ClickHouse is never null; the view says beside it whether it is. */
function nullName(column: string): string {
  return `${column}_is_null`
}

function names(columns: { name: string }[]): string {
  return columns
    .map(({ name }) => name)
    .toSorted()
    .join(' ')
}

function columnsOf(clickhouse: ClickHouseClient, database: string, table: string) {
  return rowsOf<{ name: string }>(
    clickhouse,
    `select name from system.columns where database = '${database}' and table = '${table}'`,
  )
}

async function rowsOf<Row>(clickhouse: ClickHouseClient, query: string): Promise<Row[]> {
  const result = await clickhouse.query({ query, format: 'JSONEachRow' })
  return result.json<Row>()
}

function postgresText({ name, type }: Column): string {
  return `coalesce(${valueText(`"${name}"`, type)}, '<null>')`
}

function valueText(column: string, type: string): string {
  if (type.endsWith('[]')) return `to_json(${column})::text`
  if (type === 'timestamp with time zone')
    return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')`
  if (type === 'numeric') return `trim_scale(${column})::text`
  if (type === 'bytea') return `encode(${column}, 'hex')`
  return `${column}::text`
}

function clickhouseText({ name, type }: Column): string {
  const column = `\`${name}\``
  if (type.endsWith('[]')) return `if(\`${nullName(name)}\`, '<null>', toJSONString(${column}))`
  if (type === 'bytea') return `ifNull(lower(hex(${column})), '<null>')`
  return `ifNull(toString(${column}), '<null>')`
}
