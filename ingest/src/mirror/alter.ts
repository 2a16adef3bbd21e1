/** Applies a change of schema to a mirror, each step recorded before and after it. */
import { clickhouseTypeOf } from '../catalog/types.ts'
import type { Context } from '../context.ts'
import { encoderOf } from '../encode.ts'
import type { Sink } from '../sink/clickhouse.ts'
import { readTarget, sourceOf } from '../sink/targets.ts'
import type { Target } from '../target.ts'
import type { SchemaChange } from './changes.ts'
import { identifier, text, typeNote } from './ddl.ts'
import { columnNote } from './note.ts'
import { showColumns } from './replace.ts'

/**
 * Each statement can be repeated, and what is left to do is always seen from the mirror itself: after a crash
 * between two steps the stream describes the table again, and only the missing ones are done.
 */
export async function alterMirror(
  context: Context,
  target: Target,
  { changes, version }: { changes: SchemaChange[]; version: bigint },
): Promise<Target> {
  const { sink, issues, targets, log } = context
  const source = sourceOf(target)
  const first = await countChanges(sink, source, version)
  for (const [index, change] of changes.entries()) {
    const statement = `alter table ${identifier(target.name)} ${clauseOf(change)}`
    const record = { source, version, step: first + index, change, statement }
    await recordChange(sink, record, 'applying')
    await sink.client.command({ query: statement })
    for (const query of notesOf(target, change)) await sink.client.command({ query })
    await recordChange(sink, record, 'applied')
    log.info(
      { table: source, ...change, type: 'type' in change ? change.type.text : undefined },
      'schema changed',
    )
  }
  const altered = await readTarget(sink, issues.onIssue, target.name)
  await showColumns(context, altered)
  targets.set(source, altered)
  return altered
}

function clauseOf(change: SchemaChange): string {
  switch (change.change) {
    case 'add': {
      const type = clickhouseTypeOf(change.type, false)
      const note = columnNote({
        number: change.number,
        type: typeNote(change.type),
        isDropped: false,
      })
      const value =
        change.missing === null ? '' : ` default ${literal(change.missing, change.type.text, type)}`
      return `add column if not exists ${identifier(change.column)} ${type}${value} comment ${text(note)}`
    }
    case 'rename':
    case 'drop':
      return `rename column if exists ${identifier(change.column)} to ${identifier(change.to)}`
    case 'widen':
      return `modify column ${identifier(change.column)} ${clickhouseTypeOf(change.type, false)}`
  }
}

/** What the mirror says of the column afterwards. A renamed one keeps its note. */
function notesOf(target: Target, change: SchemaChange): string[] {
  const comment = (column: string, note: string) => [
    `alter table ${identifier(target.name)} comment column if exists ${identifier(column)} ${text(note)}`,
  ]
  if (change.change === 'drop') {
    const known = target.columns.find((column) => column.name === change.column)?.source
    return known ? comment(change.to, columnNote({ ...known, isDropped: true })) : []
  }
  if (change.change !== 'widen') return []
  const { number, type } = change
  return comment(change.column, columnNote({ number, type: typeNote(type), isDropped: false }))
}

function literal(value: string, sourceType: string, type: string): string {
  if (sourceType === 'bytea') return `unhex(${text(value.slice(2))})`
  const plain = type.includes('String') ? value : encoderOf(type, sourceType)(value, () => {})
  return plain === '\\N' ? 'null' : `cast(${text(plain)}, ${text(type)})`
}

type Recorded = {
  source: string
  version: bigint
  step: number
  change: SchemaChange
  statement: string
}

async function recordChange(
  sink: Sink,
  { source, version, step, change, statement }: Recorded,
  status: 'applying' | 'applied',
): Promise<void> {
  await sink.client.insert({
    table: 'cdc_schema_change',
    values: [
      {
        pipe: sink.pipe,
        source,
        version: version.toString(),
        step,
        change: change.change,
        column_from: change.change === 'add' ? '' : change.column,
        column_to: 'to' in change ? change.to : change.column,
        statement,
        status,
      },
    ],
    format: 'JSONEachRow',
    clickhouse_settings: { async_insert: 0, wait_end_of_query: 1 },
  })
}

/** Columns that were renamed by what the stream brought at or after a version, oldest first. */
export async function readRenames(
  sink: Sink,
  source: string,
  since: bigint,
): Promise<[from: string, to: string][]> {
  const result = await sink.client.query({
    query: `
      select column_from, column_to
      from cdc_schema_change final
      where pipe = {pipe: String} and source = {source: String} and version >= {since: UInt128}
        and change in ('rename', 'drop')
      order by version, step`,
    query_params: { pipe: sink.pipe, source, since: since.toString() },
    format: 'JSONEachRow',
  })
  const rows = await result.json<{ column_from: string; column_to: string }>()
  return rows.map((row) => [row.column_from, row.column_to])
}

/** What was done of a description before a crash: the rest is counted on from there. */
async function countChanges(sink: Sink, source: string, version: bigint): Promise<number> {
  const result = await sink.client.query({
    query: `
      select toUInt32(count()) as count
      from cdc_schema_change final
      where pipe = {pipe: String} and source = {source: String} and version = {version: UInt128}
        and status = 'applied'`,
    query_params: { pipe: sink.pipe, source, version: version.toString() },
    format: 'JSONEachRow',
  })
  const [row] = await result.json<{ count: number }>()
  return row?.count ?? 0
}

/** The newest change that was applied to a table; 0 where there was none. */
export async function lastChange(sink: Sink, source: string): Promise<bigint> {
  const result = await sink.client.query({
    query: `
      select toString(max(version)) as version
      from cdc_schema_change
      where pipe = {pipe: String} and source = {source: String} and status = 'applied'`,
    query_params: { pipe: sink.pipe, source },
    format: 'JSONEachRow',
  })
  const [row] = await result.json<{ version: string }>()
  return BigInt(row?.version ?? '0')
}
