/** Makes a mirror fit for a table as the stream has just described it, before the first row that follows. */
import { describeTypes } from '../catalog/describe.ts'
import { findTable } from '../catalog/tables.ts'
import type { Table } from '../change.ts'
import { sourceName, type Context } from '../context.ts'
import { readTarget, sourceOf } from '../sink/targets.ts'
import { unknownColumns, type Target } from '../target.ts'
import { alterMirror } from './alter.ts'
import {
  differenceOf,
  type Described,
  type Difference,
  type Rename,
  type SchemaChange,
} from './changes.ts'
import { namesNow, numbersOf } from './descriptions.ts'
import { historyOf, lastChange } from './history.ts'
import { homeOf, keep } from './home.ts'
import { isAsDescribed } from './numbers.ts'
import { renameMirror } from './rename.ts'
import { note } from './replace.ts'

type Following = {
  /** Of the first change that is made to the table as it is described. */
  version: bigint
  floors: Map<string, bigint>
  /** Resolves when everything before is durable. */
  drain(): Promise<void>
  /** Begins to copy a table. */
  copy(source: string): Promise<void>
}

export async function follow(context: Context, table: Table, following: Following): Promise<void> {
  const { targets, entries } = context
  const { version, drain, copy } = following
  const found = targets.get(homeOf(context, table))
  if (!found) return context.scope.tables ? copy(sourceName(table)) : undefined
  if (!found.source) return refresh(context, found, table)
  const history = historyOf(found)
  const entry = entries.get(history.source)
  if (entry?.status === 'copying') return
  // A copy of a later moment has the columns of that moment, and the rows of before are in it.
  const copied = entry?.version ?? 0n
  const isBefore = version <= copied
  if (history.oid !== table.relation?.oid) {
    if (isBefore) return
    // Another table under the name of one that was dropped. One that lives is renamed first.
    return (await findTable(context.control, history.oid)) ? undefined : copy(history.source)
  }
  if (isBefore || version < (await lastChange(context.sink, history))) {
    const isKnown = readAsRecorded(context, found, { table, version: isBefore ? copied : version })
    if (isKnown || isBefore || entry?.status !== 'live') return
    await drain()
    return waitForCopy(
      context,
      history.source,
      'it changed since, and its columns of then are not known',
    )
  }
  const target = await followName(context, table, { ...following, target: found })
  if (entries.get(sourceOf(target))?.status !== 'live') return
  const names = [...table.columns]
  const { difference, isPast } = await look(context, target, { table, version })
  // Names that are gone again need not be the mirror's: hundreds of them would each take it a while.
  if (isPast && 'changes' in difference && difference.changes.every(isRename))
    readUnderOwnNames(table, difference.changes)
  else await fit(context, target, { difference, version, drain })
  const fitted = targets.get(sourceOf(target))
  if (fitted && entries.get(sourceOf(target))?.status === 'live')
    await record(context, fitted, { table, names, version })
}

/** Before the first row that comes under it, so that whoever reads that row again knows its columns. */
async function record(
  { descriptions }: Context,
  target: Target,
  { table, names, version }: { table: Table; names: string[]; version: bigint },
) {
  const oid = table.relation?.oid
  if (oid === undefined) return
  await descriptions.record({ oid, version, names, numbers: numbersOf(target, table.columns) })
}

function isRename(change: SchemaChange): change is Rename {
  return change.change === 'rename'
}

/** Its columns are found under the names that the mirror has for them. */
function readUnderOwnNames(table: Table, renames: Rename[]) {
  const own = new Map(renames.map(({ column, to }) => [to, column]))
  table.columns = table.columns.map((name) => own.get(name) ?? name)
}

/** Changes the mirror, or says that no change of it can help. */
export async function fit(
  context: Context,
  target: Target,
  { difference, version, drain }: Pick<Following, 'version' | 'drain'> & { difference: Difference },
): Promise<void> {
  if ('resync' in difference) {
    await drain()
    await waitForCopy(context, sourceOf(target), difference.resync)
  } else if (difference.changes.length > 0) {
    await drain()
    await alterMirror(context, target, { changes: difference.changes, version })
  }
}

async function followName(
  context: Context,
  table: Table,
  { target, version, floors, drain }: Following & { target: Target },
): Promise<Target> {
  if (sourceOf(target) === sourceName(table)) return target
  await drain()
  return renameMirror(context, target, table, { version, floors })
}

/** No row of it is written until it is copied anew. */
export async function waitForCopy(context: Context, source: string, reason: string) {
  const entry = context.entries.get(source)
  if (entry) await note(context, { ...entry, status: 'resync_required', reason })
  context.log.error({ table: source, reason }, 'table waits to be copied anew')
}

/** How the mirror differs from what the stream says of its table. */
export async function compare(context: Context, target: Target, table: Table) {
  return (await look(context, target, { table, version: 0n })).difference
}

/** The same, and whether the catalogue has other columns by now. What was recorded up to the version need not be told. */
async function look(
  { control, scope, descriptions }: Context,
  target: Target,
  { table, version }: { table: Table; version: bigint },
): Promise<{ difference: Difference; isPast: boolean }> {
  const { relation } = table
  if (!relation || !scope.tables) return { difference: { changes: [] }, isPast: false }
  const types = await describeTypes(control, relation.types)
  const catalog = await findTable(control, relation.oid)
  const recorded = descriptions.inForce(relation.oid, table.columns, version)
  const columns = table.columns.flatMap((name, index) => {
    const type = types[index]
    return type ? [{ name, type, recorded: recorded?.numbers[index] }] : []
  })
  const key = relation.isFull ? (catalog?.key ?? null) : relation.key
  const described: Described = { columns, key: key && key.length > 0 ? key : null }
  const isPast = catalog !== null && !isAsDescribed(catalog, columns)
  return { difference: differenceOf(target, described, catalog), isPast }
}

/** A table that `sql/` defines may have got the column since it was read. */
async function refresh(context: Context, target: Target, table: Table) {
  const { sink, issues, log } = context
  if (unknownColumns(target, table).length === 0) return
  const now = await readTarget(sink, issues.onIssue, target.name)
  const columns = unknownColumns(now, table)
  keep(context, now)
  if (columns.length > 0)
    log.warn({ table: target.name, columns }, 'ClickHouse has no such columns: left out')
}

/**
 * A replay describes the table as it was before a change that is applied already. Going back is never needed: its columns
 * are found by their numbers, under the names they have now. False where they were not recorded.
 */
function readAsRecorded(
  { descriptions }: Context,
  target: Target,
  { table, version }: { table: Table; version: bigint },
): boolean {
  const recorded = descriptions.find(table.relation?.oid ?? 0, table.columns, version)
  if (recorded) table.columns = namesNow(target, recorded)
  return recorded !== null
}
