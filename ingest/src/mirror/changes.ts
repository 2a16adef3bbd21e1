/** How a table's description differs from the mirror it is written to. Nothing here asks anyone. */
import type { CatalogTable } from '../catalog/tables.ts'
import { clickhouseTypeOf, isWider, type SourceType } from '../catalog/types.ts'
import { isArray } from '../own-columns.ts'
import type { Target, TargetColumn } from '../target.ts'
import { typeNote } from './ddl.ts'

export type Described = {
  columns: { name: string; type: SourceType }[]
  /** The columns that tell rows apart; null where the description does not say. */
  key: string[] | null
}

export type SchemaChange =
  | { change: 'add'; column: string; number: number; type: SourceType; missing: string | null }
  | { change: 'rename'; column: string; to: string }
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
  const names = new Set(described.columns.map((column) => column.name))
  const known = new Set(kept.map((column) => column.name))
  const added = described.columns.filter((column) => !known.has(column.name))
  const changes: SchemaChange[] = []
  const numbers = new Set(kept.map((column) => column.source?.number))
  for (const column of kept.filter(({ name }) => !names.has(name))) {
    const to = newNameOf(column, added, catalog, names)
    if (key.has(column.name))
      return { resync: `column ${column.name} of the key was renamed or dropped` }
    if (to === null) {
      const number = column.source?.number ?? 0
      changes.push({ change: 'drop', column: column.name, to: droppedName(column.name, number) })
      continue
    }
    added.splice(added.indexOf(to), 1)
    changes.push({ change: 'rename', column: column.name, to: to.name })
    const widened = compare({ ...column, name: to.name }, to.type, false)
    if ('resync' in widened) return widened
    changes.push(...widened.changes)
  }
  for (const column of kept) {
    const now = described.columns.find(({ name }) => name === column.name)
    const compared = now ? compare(column, now.type, key.has(column.name)) : { changes: [] }
    if ('resync' in compared) return compared
    changes.push(...compared.changes)
  }
  for (const { name, type } of added) {
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
  const keyNow = described.key
  if (keyNow && !target.hasRowKey && keyNow.toSorted().join() !== [...key].toSorted().join())
    return { resync: `the key is (${keyNow.join(', ')}) now and was (${[...key].join(', ')})` }
  return { changes }
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
 * A column that is gone under its name was renamed when its number lives on. The catalogue may be ahead of
 * the stream, and then tells only that the number is still there.
 */
function newNameOf<Column extends { name: string }>(
  column: TargetColumn,
  added: Column[],
  catalog: CatalogTable | null,
  described: Set<string>,
): Column | null {
  const number = column.source?.number
  const now = catalog?.columns.find((candidate) => candidate.number === number)
  if (!now) return null
  const named = added.find(({ name }) => name === now.name)
  if (named) return named
  if (described.has(now.name)) return null
  const unknown = added.filter(({ name }) => !catalog?.columns.some((one) => one.name === name))
  return unknown.length === 1 ? (unknown[0] ?? null) : null
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

/** The values stay, under a name that no column of the source can be taken for. */
function droppedName(name: string, number: number): string {
  return `_dropped_${number}_${name}`
}
