/** Applies a change of schema to a mirror, each step recorded before and after it. */
import { clickhouseTypeOf } from '../catalog/types.ts'
import type { Context } from '../context.ts'
import { encoderOf } from '../encode.ts'
import { ARRAYS_DEFINITION } from '../own-columns.ts'
import { readTarget } from '../sink/targets.ts'
import type { Target } from '../target.ts'
import type { SchemaChange } from './changes.ts'
import { identifier, text, typeNote } from './ddl.ts'
import { countChanges, historyOf, recordChange } from './history.ts'
import { keep } from './home.ts'
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
  const { sink, issues, log } = context
  const history = historyOf(target)
  const first = await countChanges(sink, history, version)
  for (const [index, change] of changes.entries()) {
    const statement = `alter table ${identifier(target.name)} ${clauseOf(change)}`
    const record = { ...history, version, step: first + index, ...namesOf(change), statement }
    await recordChange(sink, record, 'applying')
    await sink.client.command({ query: statement })
    for (const query of notesOf(target, change)) await sink.client.command({ query })
    await recordChange(sink, record, 'applied')
    log.info(
      { table: history.source, ...change, type: 'type' in change ? change.type.text : undefined },
      'schema changed',
    )
  }
  const altered = await readTarget(sink, issues.onIssue, target.name)
  await showColumns(context, altered)
  keep(context, altered)
  return altered
}

function namesOf(change: SchemaChange) {
  return {
    change: change.change,
    from: change.change === 'add' ? '' : change.column,
    to: 'to' in change ? change.to : change.column,
  }
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
      const own = change.type.element ? `, add column if not exists ${ARRAYS_DEFINITION}` : ''
      return `add column if not exists ${identifier(change.column)} ${type}${value} comment ${text(note)}${own}`
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
