/** A table's replacement: filled beside the old one, then exchanged with it in one step. */
import { type CatalogTable, findTable, type TableName } from '../catalog/tables.ts'
import { sourceName, type Context } from '../context.ts'
import { readTarget, sourceOf } from '../sink/targets.ts'
import type { SourceTable } from '../source/copy.ts'
import type { Target } from '../target.ts'
import { createMirror, createView, identifier, typeNote } from './ddl.ts'
import { ownDescription } from './descriptions.ts'
import { keep } from './home.ts'
import { replacementName } from './name.ts'
import { writeTable, type TableEntry } from './registry.ts'

/** A table to copy: of the catalogue where this process makes its mirror, else one that `sql/` defines. */
export type Job = {
  source: SourceTable
  target: Target
  catalog: CatalogTable | null
  pages: number
}

export type Replacement = { job: Job; target: Target; entry: TableEntry; isContinued: boolean }

/**
 * Makes the replacement, or finds the one an interrupted copy was filling. Rows that are only ever added must
 * all be of one moment, so theirs is always a new one; for others the newest version of a key wins.
 */
export async function openReplacement(
  context: Context,
  job: Job,
  { epoch, version }: { epoch: number; version: bigint },
): Promise<Replacement> {
  const { sink, issues, entries } = context
  const source = sourceOf(job.target)
  const name = replacementName(job.target.name)
  const known = entries.get(source)
  const uuid = await uuidOf(context, name)
  if (!isOnlyAdded(job.target) && uuid && known?.status === 'copying' && known.epoch === epoch) {
    if (known.replacement === uuid) {
      const target = await readTarget(sink, issues.onIssue, name)
      if (!job.catalog || hasColumnsOf(target, job.catalog))
        return { job, target, entry: known, isContinued: true }
    }
  }
  if (uuid) await drop(context, name)
  const query = job.catalog
    ? createMirror(sink.database, name, { ...job.catalog, ...nameOf(job) })
    : `create table ${identifier(name)} as ${identifier(job.target.name)}`
  await sink.client.command({ query })
  const entry: TableEntry = {
    source,
    target: job.target.name,
    status: 'copying',
    reason: known?.status === 'resync_required' ? known.reason : '',
    epoch,
    version,
    replacement: (await uuidOf(context, name)) ?? '',
    copiedBytes: 0n,
  }
  await note(context, entry)
  const target = await readTarget(sink, issues.onIssue, name)
  return { job, target, entry, isContinued: false }
}

/** Of a ledger, and of a table without a key, no row takes another's place. */
export function isOnlyAdded({ kind, hasRowKey }: Target): boolean {
  return kind === 'fact' || hasRowKey
}

/** Whether it has the columns its source has: it may have been made before they changed. */
export function hasColumnsOf({ columns }: Target, catalog: CatalogTable): boolean {
  const kept = columns.filter(({ source }) => !source?.isDropped)
  const noted = kept.map(({ name, source }) => `${name} ${source?.number} ${source?.type}`)
  const wanted = catalog.columns.map(
    ({ name, number, type }) => `${name} ${number} ${typeNote(type)}`,
  )
  return noted.toSorted().join() === wanted.toSorted().join()
}

/** A copy takes the place of the mirror as it is. A table that was renamed meanwhile is renamed afterwards. */
function nameOf({ target, source }: Job): TableName {
  const { schema, name } = target.source ?? source
  return { schema, name }
}

/** Puts the replacement in the old table's place. Done again after a crash at any point, it ends the same. */
export async function takePlace(context: Context, { job, entry }: Replacement): Promise<void> {
  const { sink, issues } = context
  const { name } = job.target
  const other = replacementName(name)
  if ((await uuidOf(context, name)) !== entry.replacement) {
    await sink.client.command({
      query: `exchange tables ${identifier(name)} and ${identifier(other)}`,
    })
  }
  if (await uuidOf(context, other)) await drop(context, other)
  const target = await readTarget(sink, issues.onIssue, name)
  if (target.source) await showColumns(context, target)
  keep(context, target)
  const description = ownDescription(target, entry.version)
  if (description) await context.descriptions.record(description)
  await note(context, { ...entry, status: 'live', reason: '' })
}

/** A table that was dropped: its rows stay to be read, and it is no table of the source any more. */
export async function forget(context: Context, source: string): Promise<void> {
  const entry = context.entries.get(source)
  if (!entry) return
  await note(context, { ...entry, status: 'gone' })
  context.entries.delete(source)
  const other = replacementName(entry.target)
  if (await uuidOf(context, other)) await drop(context, other)
}

/** The view everyone reads has the source's columns as they are now. */
export async function showColumns({ sink }: Context, target: Target): Promise<void> {
  await sink.client.command({ query: createView(sink.database, target) })
}

export async function note({ sink, entries }: Context, entry: TableEntry): Promise<void> {
  await writeTable(sink, entry)
  entries.set(entry.source, entry)
}

/**
 * The table's mirror, an empty one under a name that is free where it has none yet. A table that was dropped
 * leaves its own to one of its name; null while one that lives under another name has not given it up.
 */
export async function ensureMirror(context: Context, table: CatalogTable): Promise<Target | null> {
  const { sink, issues, targets, homes } = context
  const known = targets.get(homes.get(table.oid) ?? sourceName(table))
  if (known?.source && known.source.oid !== table.oid) {
    if (await findTable(context.control, known.source.oid)) return null
  }
  if (known) return known
  const name = await mirrorName(context, table, null)
  await sink.client.command({ query: createMirror(sink.database, name, table) })
  const target = await readTarget(sink, issues.onIssue, name)
  await showColumns(context, target)
  keep(context, target)
  return target
}

/** The table's own name, unless another schema's table or a view has it; a mirror that has it keeps it. */
export async function mirrorName(
  context: Context,
  { schema, name }: TableName,
  known: string | null,
): Promise<string> {
  const taken = await listNames(context)
  const isFree = (wanted: string) =>
    wanted === known || (!taken.has(wanted) && !taken.has(`current_${wanted}`))
  const wanted = [name, `${schema}__${name}`].find(isFree)
  if (wanted === undefined)
    throw new Error(
      `${context.sink.database} has other tables in place of ${schema}.${name}: use another`,
    )
  return wanted
}

/** What there is in the database. */
export async function listNames({ sink }: Context): Promise<Set<string>> {
  const result = await sink.client.query({
    query: 'select name from system.tables where database = currentDatabase()',
    format: 'JSONEachRow',
  })
  const rows = await result.json<{ name: string }>()
  return new Set(rows.map((row) => row.name))
}

async function uuidOf({ sink }: Context, name: string): Promise<string | null> {
  const result = await sink.client.query({
    query: `
      select toString(uuid) as uuid
      from system.tables
      where database = currentDatabase() and name = {name: String}`,
    query_params: { name },
    format: 'JSONEachRow',
  })
  const [row] = await result.json<{ uuid: string }>()
  return row?.uuid ?? null
}

async function drop({ sink }: Context, name: string): Promise<void> {
  await sink.client.command({
    query: `drop table ${identifier(name)} sync settings max_table_size_to_drop = 0`,
  })
}
