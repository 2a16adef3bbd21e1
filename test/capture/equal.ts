/** The oracle: every column of every row, as both databases write it, compared as text. */
import type { Capture } from './stack.ts'

type Column = { name: string; type: string }
export type Comparison = {
  table: string
  rows: number
  /** Rows of Postgres that ClickHouse has not, and rows of ClickHouse that Postgres has not, or not so often. */
  missing: number
  extra: number
  difference: string | null
}

/** Compares each published table. A fact that is there twice is a difference, for facts are read without FINAL. */
export async function compareAll({ sql, clickhouse }: Capture): Promise<Comparison[]> {
  const tables = await sql<{ name: string }[]>`
    select tablename as name from pg_publication_tables where pubname = 'tributary' order by 1
  `
  const views = await viewsOf(clickhouse)
  const comparisons: Comparison[] = []
  for (const { name } of tables) {
    const columns = await sql<Column[]>`
      select column_name as name, data_type as type
      from information_schema.columns
      where table_schema = 'public' and table_name = ${name}
      order by ordinal_position
    `
    const key = columns.some((column) => column.name === 'id') ? 'id' : 'singleton'
    const source = await sql.unsafe<{ line: string }[]>(
      `select concat_ws('|', ${columns.map(postgresText).join(', ')}) as line
       from ${name} order by ${key}`,
    )
    const result = await clickhouse.query({
      query: `select concatWithSeparator('|', ${columns.map(clickhouseText).join(', ')}) as line
        from ${views.has(`current_${name}`) ? `current_${name}` : name} order by ${key}`,
      format: 'JSONEachRow',
    })
    const target = await result.json<{ line: string }>()
    comparisons.push({
      table: name,
      rows: source.length,
      missing: without(source, target),
      extra: without(target, source),
      difference: firstDifference(source, target),
    })
  }
  return comparisons
}

/** A mirror is read through its view; a fact has none. */
async function viewsOf(clickhouse: Capture['clickhouse']): Promise<Set<string>> {
  const result = await clickhouse.query({
    query: `select name from system.tables where database = currentDatabase() and engine = 'View'`,
    format: 'JSONEachRow',
  })
  return new Set((await result.json<{ name: string }>()).map(({ name }) => name))
}

export function differences(comparisons: Comparison[]): Comparison[] {
  return comparisons.filter(({ difference }) => difference !== null)
}

/** How many of the one are not among the other, each counted as often as it is there. */
export function without(one: { line: string }[], other: { line: string }[]): number {
  const left = new Map<string, number>()
  for (const { line } of other) left.set(line, (left.get(line) ?? 0) + 1)
  let missing = 0
  for (const { line } of one) {
    const count = left.get(line) ?? 0
    if (count === 0) missing += 1
    else left.set(line, count - 1)
  }
  return missing
}

export function firstDifference(
  source: { line: string }[],
  target: { line: string }[],
): string | null {
  const at = source.findIndex(({ line }, index) => target[index]?.line !== line)
  if (at === -1 && source.length === target.length) return null
  const where = at === -1 ? source.length : at
  return `${source.length} rows in Postgres, ${target.length} in ClickHouse; row ${where}: ${source[where]?.line} / ${target[where]?.line}`
}

function postgresText({ name, type }: Column): string {
  const column = `"${name}"`
  if (type.startsWith('timestamp')) {
    return `coalesce(to_char(${column} at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), '<null>')`
  }
  if (type === 'ARRAY') return `translate(${column}::text, '{}', '[]')`
  return `coalesce(${column}::text, '<null>')`
}

function clickhouseText({ name }: Column): string {
  return `ifNull(toString(\`${name}\`), '<null>')`
}
