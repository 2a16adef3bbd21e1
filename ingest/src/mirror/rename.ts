/**
 * A table that was renamed in Postgres is the same table, so its mirror takes the new name with all its rows.
 * Rows find their mirror by the table's oid meanwhile. Every step can be repeated, and the note on the mirror
 * is the last of them: a crash before it leaves all of it to be done again, to the same end.
 */
import { findTable, type TableName } from '../catalog/tables.ts'
import { sourceName, type Context } from '../context.ts'
import { readTarget, sourceOf } from '../sink/targets.ts'
import type { Target } from '../target.ts'
import { identifier, text } from './ddl.ts'
import { countChanges, historyOf, recordChange } from './history.ts'
import { keep } from './home.ts'
import { tableNote } from './note.ts'
import { forget, listNames, mirrorName, note, showColumns } from './replace.ts'

type Renaming = { version: bigint; floors: Map<string, bigint> }

/**
 * When everything of the stream before it is durable. The mirror under its new name; under its old one while a
 * mirror that is in the way is being filled anew, and then it is tried again later.
 */
export async function renameMirror(
  context: Context,
  target: Target,
  to: TableName,
  renaming: Renaming,
): Promise<Target> {
  const { sink, issues, targets, entries, log } = context
  const { source: from } = target
  if (!from) throw new Error(`${target.name} is defined elsewhere and keeps its name`)
  const other = targets.get(sourceName(to))
  if (other?.source && other.source.oid !== from.oid) {
    if (entries.get(sourceOf(other))?.status === 'copying') return target
    await giveWay(context, other, renaming)
  }

  const before = sourceOf(target)
  const name = await mirrorName(context, to, target.name)
  const history = historyOf(target)
  const step = await countChanges(sink, history, renaming.version)
  const statement = `rename table ${identifier(target.name)} to ${identifier(name)}`
  const names = { change: 'rename table', from: before, to: sourceName(to) }
  const record = { ...history, ...names, version: renaming.version, step, statement }
  await recordChange(sink, record, 'applying')
  if (name !== target.name) await sink.client.command({ query: statement })
  moveFloor(renaming.floors, target.name, name)
  const entry = entries.get(before)
  if (entry) await note(context, { ...entry, source: sourceName(to), target: name })
  await showColumns(context, { ...target, name })
  await dropViews(context, [target.name, from.name, `${from.schema}__${from.name}`])
  if (entry) await note(context, { ...entry, status: 'gone' })
  await sink.client.command({
    query: `alter table ${identifier(name)} modify comment ${text(tableNote({ ...to, oid: from.oid }))}`,
  })
  await recordChange(sink, record, 'applied')

  targets.delete(before)
  entries.delete(before)
  const renamed = await readTarget(sink, issues.onIssue, name)
  keep(context, renamed)
  log.info({ table: before, to: sourceName(to) }, 'table renamed')
  return renamed
}

/**
 * Two tables may have changed names with each other, or one was dropped to make room: the mirror in the way
 * takes a name of its own. One whose table lives gets the table's name as soon as it is seen.
 */
async function giveWay(context: Context, target: Target, renaming: Renaming) {
  if (!target.source) return
  const { schema, name, oid } = target.source
  const isThere = await findTable(context.control, oid)
  const free = `_${isThere ? 'renamed' : 'dropped'}_${oid}_${name}`
  const moved = await renameMirror(context, target, { schema, name: free }, renaming)
  if (!isThere) await forget(context, sourceOf(moved))
}

/** A table that takes the name later has a floor of its own. */
function moveFloor(floors: Map<string, bigint>, from: string, to: string) {
  const floor = floors.get(from)
  if (floor === undefined || from === to) return
  floors.set(to, floor)
  floors.delete(from)
}

/** Views of names that no mirror has any more. */
async function dropViews(context: Context, candidates: string[]) {
  const names = await listNames(context)
  for (const candidate of new Set(candidates)) {
    const view = `current_${candidate}`
    if (names.has(candidate) || !names.has(view)) continue
    await context.sink.client.command({ query: `drop view if exists ${identifier(view)}` })
  }
}
