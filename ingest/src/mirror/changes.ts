/** How a table's description differs from the mirror it is written to. Nothing here asks anyone. */
import type { CatalogTable } from '../catalog/tables.ts'
import { clickhouseTypeOf, isWider, type SourceType } from '../catalog/types.ts'
import { isArray } from '../own-columns.ts'
import type { Target, TargetColumn } from '../target.ts'
import { typeNote } from './ddl.ts'
import { droppedName } from './note.ts'
import { type DescribedColumn, matchColumns } from './numbers.ts'

export type Described = {
  /** In the order of their numbers. */
  columns: DescribedColumn[]
  /** The columns that tell rows apart; null where the description does not say. */
  key: string[] | null
}

export type Rename = { change: 'rename'; column: string; to: string }

export type SchemaChange =
  | { change: 'add'; column: string; number: number; type: SourceType; missing: string | null }
  | Rename
  | { change: 'drop'; column: string; to: string }
  | { change: 'widen'; column: string; number: number; type: SourceType }

export type Difference = { changes: SchemaChange[] } | { resync: string }

/**
 * The changes that make the mirror fit, in the order they are to be applied; or why no change of the mirror
 * can: values that were rewritten in Postgres do not come through the stream.
 */
export function differenceOf(
  target: Target,
  described: Described,
  catalog: CatalogTable | null,
): Difference {
  const key = new Set(target.key.flatMap((index) => target.columns[index]?.name ?? []))
  const kept = target.columns.filter((column) => column.source && !column.source.isDropped)
  const matched = matchColumns(kept, described.columns, catalog)
  if (!matched) return { resync: 'its columns were changed again before they were looked up' }
  const gone = kept.filter((column) => !matched.includes(column))
  const pairs = described.columns.flatMap((now, index) => {
    const column = matched[index]
    return column ? [{ column, now }] : []
  })
  const renamed = pairs.filter(({ column, now }) => column.name !== now.name)
  const touched = [...gone, ...renamed.map(({ column }) => column)]
  const ofKey = touched.find(({ name }) => key.has(name))
  if (ofKey) return { resync: `column ${ofKey.name} of the key was renamed or dropped` }

  const changes = gone.map((column) => dropOf(column))
  const renames = inOrder(renamed.map(({ column, now }) => ({ column: column.name, to: now.name })))
  if (!renames) return { resync: 'columns changed names with each other' }
  changes.push(...renames)
  for (const { column, now } of pairs) {
    const compared = compare({ ...column, name: now.name }, now.type, key.has(column.name))
    if ('resync' in compared) return compared
    changes.push(...compared.changes)
  }
  const added = addedTo(target, kept, described, { matched, catalog })
  if ('resync' in added) return added
  changes.push(...added.changes)
  const keyNow = described.key
  if (keyNow && !target.hasRowKey && keyNow.toSorted().join() !== [...key].toSorted().join())
    return { resync: `the key is (${keyNow.join(', ')}) now and was (${[...key].join(', ')})` }
  return { changes }
}

/** The described columns that the mirror has never had. */
function addedTo(
  target: Target,
  kept: TargetColumn[],
  { columns }: Described,
  { matched, catalog }: { matched: (TargetColumn | null)[]; catalog: CatalogTable | null },
): Difference {
  const changes: SchemaChange[] = []
  const numbers = new Set(kept.map((column) => column.source?.number))
  const names = new Set(columns.map(({ name }) => name))
  for (const { name, type } of columns.filter((_, index) => !matched[index])) {
    const found = catalogColumn({ name, type }, numbers, catalog, names)
    if (found === 'several')
      return { resync: `column ${name} came and was changed again before it was looked up` }
    numbers.add(found?.number)
    if (found?.hasComputedDefault)
      return { resync: `column ${name} was added with a value computed for each row` }
    const missing = found?.missing ?? null
    if (type.element && !target.arrays && kept.some(({ type: known }) => isArray(known)))
      return { resync: 'its arrays were copied when null ones were not told from empty ones' }
    if (missing !== null && type.element)
      return { resync: `column ${name} was added with an array as the value of older rows` }
    changes.push({ change: 'add', column: name, number: found?.number ?? 0, type, missing })
  }
  return { changes }
}

function dropOf({ name, source }: TargetColumn): SchemaChange {
  return { change: 'drop', column: name, to: droppedName(name, source?.number ?? 0) }
}

/** Each when its new name is free; null where they wait for each other. */
function inOrder(renames: { column: string; to: string }[]): SchemaChange[] | null {
  const left = [...renames]
  const ordered: SchemaChange[] = []
  while (left.length > 0) {
    const next = left.findIndex(({ to }) => !left.some(({ column }) => column === to))
    const [rename] = next === -1 ? [] : left.splice(next, 1)
    if (!rename) return null
    ordered.push({ change: 'rename', ...rename })
  }
  return ordered
}

function compare(column: TargetColumn, type: SourceType, isKey: boolean): Difference {
  const note = typeNote(type)
  if (column.source?.type === note) return { changes: [] }
  const now = clickhouseTypeOf(type, isKey)
  const isSame = now === column.type
  // Text of one kind may be another's: only lengths of the same kind differ without a rewrite.
  const isText = /^(text|character varying|varchar)/
  const isHarmless = isSame && isText.test(note) && isText.test(column.source?.type ?? '')
  const isGrown = !isSame && !isKey && isWider(column.type, now)
  if (!isHarmless && !isGrown && !(isSame && isWiderText(column.source?.type ?? '', note)))
    return { resync: `column ${column.name} was ${column.source?.type} and is ${note} now` }
  const number = column.source?.number ?? 0
  return { changes: [{ change: 'widen', column: column.name, number, type }] }
}

/** A longer `varchar` or a finer `timestamp` is the same to ClickHouse and changes no value. */
function isWiderText(from: string, to: string): boolean {
  const [old, now] = [lengthOf(from), lengthOf(to)]
  return old.kind === now.kind && now.length >= old.length
}

function lengthOf(type: string): { kind: string; length: number } {
  const match = /^([^(]+)(?:\((\d+)\))?(.*)$/.exec(type)
  const length = match?.[2] === undefined ? Infinity : Number(match[2])
  return { kind: `${match?.[1] ?? ''}${match?.[3] ?? ''}`, length }
}

/**
 * Of a catalogue that is ahead: what has no name here yet may be the column under a later one, if it is the only one and of
 * its type. Undefined where the column is gone again.
 */
function catalogColumn(
  { name, type }: Described['columns'][number],
  taken: Set<number | undefined>,
  catalog: CatalogTable | null,
  described: Set<string>,
) {
  const free = catalog?.columns.filter(({ number }) => !taken.has(number)) ?? []
  const found = free.find((column) => column.name === name)
  if (found) return found
  const [later, ...others] = free.filter((column) => !described.has(column.name))
  if (!later) return undefined
  return others.length === 0 && typeNote(later.type) === typeNote(type) ? later : 'several'
}
