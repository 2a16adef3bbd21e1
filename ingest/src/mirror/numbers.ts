/**
 * Which column of the catalogue each described one is. A description names columns, in the order of their numbers, and a
 * number is all that tells a column that was renamed from two that went and came. Nothing here asks anyone.
 */
import type { CatalogTable } from '../catalog/tables.ts'
import type { SourceType } from '../catalog/types.ts'
import type { TargetColumn } from '../target.ts'
import { typeNote } from './ddl.ts'

export type DescribedColumn = {
  name: string
  type: SourceType
  /** Its number, as it was recorded when the stream was here before. */
  recorded?: number | undefined
}

/**
 * For each described column the one of the mirror that it is, or null where it is new. Null in all where it cannot be
 * told: the catalogue is ahead of the stream, and more than one story leads from the mirror to what it has now.
 */
export function matchColumns(
  kept: TargetColumn[],
  described: DescribedColumn[],
  catalog: CatalogTable | null,
): (TargetColumn | null)[] | null {
  if (catalog && isAsDescribed(catalog, described)) {
    const byNumber = new Map(kept.map((column) => [column.source?.number, column]))
    return catalog.columns.map(({ number }) => byNumber.get(number) ?? null)
  }
  if (described.every(({ recorded }) => recorded !== undefined))
    return described.map((one) => kept.find((column) => isRecorded(column, one)) ?? null)
  return createStory(kept, described, catalog)
}

function isRecorded({ name, source }: TargetColumn, one: DescribedColumn): boolean {
  return source?.number === one.recorded && (one.recorded !== 0 || name === one.name)
}

/** Whether the catalogue has these columns and no others. */
export function isAsDescribed({ columns }: CatalogTable, described: DescribedColumn[]): boolean {
  return (
    columns.length === described.length &&
    columns.every(({ name, type }, index) => {
      const one = described[index]
      return one?.name === name && typeNote(one.type) === typeNote(type)
    })
  )
}

/**
 * A number that lives on in the catalogue was there at every moment before, so it is among the described ones. Columns
 * that have one name throughout stand firm; what is between two of them must leave exactly one way.
 */
function createStory(
  kept: TargetColumn[],
  described: DescribedColumn[],
  catalog: CatalogTable | null,
): (TargetColumn | null)[] | null {
  const numbers = new Map(catalog?.columns.map(({ name, number }) => [name, number]))
  const living = new Set(numbers.values())
  const newest = Math.max(0, ...kept.map(({ source }) => source?.number ?? 0))
  const known = described.length - newColumns(described, numbers, newest)
  const story: (TargetColumn | null)[] = []
  let from = 0
  for (const [index, column] of [...kept, null].entries()) {
    const number = column && numbers.get(column.name)
    const isFirm = number === undefined || number === column?.source?.number
    const at = column ? described.findIndex(({ name }) => name === column.name) : known
    if (column && (!isFirm || at === -1)) continue
    if (at < story.length || at > known) return null
    const between = kept.slice(from, index)
    const part = matchBetween(between, at - story.length, { living, isLast: column === null })
    if (!part) return null
    story.push(...part)
    if (column) story.push(column)
    from = index + 1
  }
  return [...story, ...described.slice(known).map(() => null)]
}

/** How many at the end have names that the catalogue gives to columns which the mirror has never had. */
function newColumns(
  described: DescribedColumn[],
  numbers: Map<string, number>,
  newest: number,
): number {
  let count = 0
  while (count < described.length) {
    const name = described[described.length - 1 - count]?.name ?? ''
    if ((numbers.get(name) ?? 0) <= newest) break
    count += 1
  }
  return count
}

/** Those of the mirror that are `count` described ones; what comes after all of them may be new as well. */
function matchBetween(
  kept: TargetColumn[],
  count: number,
  { living, isLast }: { living: Set<number>; isLast: boolean },
): (TargetColumn | null)[] | null {
  const alive = kept.filter(({ source }) => living.has(source?.number ?? 0))
  if (count === alive.length) return alive
  if (alive.length < kept.length) return count === kept.length && !isLast ? kept : null
  if (count < alive.length || !isLast) return null
  return [...alive, ...Array.from({ length: count - alive.length }, () => null)]
}
