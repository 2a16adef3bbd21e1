/** The tables of ClickHouse that are written to, and how far each is filled. */
import { isReplacement } from '../mirror/name.ts'
import { targetsOf, type ColumnRow, type OnIssue, type Target } from '../target.ts'
import type { Sink } from './clickhouse.ts'

/** The tables of the database by the source they are of, as `schema.table`. */
export async function readTargets(sink: Sink, onIssue: OnIssue): Promise<Map<string, Target>> {
  const targets = await readTables(sink, onIssue, '')
  return new Map(
    targets.filter(({ name }) => !isReplacement(name)).map((target) => [sourceOf(target), target]),
  )
}

export async function readTarget(sink: Sink, onIssue: OnIssue, name: string): Promise<Target> {
  const [target] = await readTables(sink, onIssue, name)
  if (!target) throw new Error(`ClickHouse has no table ${name} to write to`)
  return target
}

/** The table of a name, or all of them where it is empty. */
async function readTables(sink: Sink, onIssue: OnIssue, name: string): Promise<Target[]> {
  const result = await sink.client.query({
    query: `
      select columns.table as table, columns.name as name, columns.type as type,
        columns.default_kind as default_kind, columns.is_in_sorting_key as is_in_sorting_key,
        columns.comment as comment, tables.comment as table_comment
      from system.columns as columns
      join system.tables as tables on tables.database = columns.database and tables.name = columns.table
      where columns.database = currentDatabase() and tables.engine like '%MergeTree'
        and ({name: String} = '' or columns.table = {name: String})
      order by columns.table, columns.position`,
    query_params: { name },
    format: 'JSONEachRow',
  })
  return [...targetsOf(await result.json<ColumnRow>(), onIssue).values()]
}

/** A table defined in `sql/` has the name of its source, which is in the schema `public`. */
export function sourceOf({ name, source }: Target): string {
  return source ? `${source.schema}.${source.name}` : `public.${name}`
}

/** The version up to which each fact table is complete. */
export async function readHighWater(
  sink: Sink,
  targets: Iterable<Target>,
): Promise<Map<string, bigint>> {
  const facts = [...targets].filter((target) => target.kind === 'fact')
  const marks = await Promise.all(
    facts.map(async (target) => {
      const result = await sink.client.query({
        query: `select toString(max(_version)) as version from {table: Identifier}`,
        query_params: { table: target.name },
        format: 'JSONEachRow',
      })
      const [row] = await result.json<{ version: string }>()
      return [target.name, BigInt(row?.version ?? '0')] as const
    }),
  )
  return new Map(marks)
}
