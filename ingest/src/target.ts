import type { Table } from './change.ts'
import { encoderOf, type Encode, type Issue } from './encode.ts'
import { passesOf, type Passes } from './pass.ts'
import { parseColumnNote, parseTableNote, type TableNote } from './mirror/note.ts'
import { ARRAYS, EXACT_KEY, isArray, isLimited } from './own-columns.ts'

/**
 * A ClickHouse table a source table is written to. A *fact* has `_version` alone and is only ever added to;
 * a *mirror* has `_deleted` too and keeps the newest version of each key.
 */
export type Target = {
  name: string
  kind: 'fact' | 'mirror'
  columns: TargetColumn[]
  /** Positions in `columns` of what the table is sorted by: a mirror's key. */
  key: number[]
  /** A mirror whose rows have no key of their own: `_row` tells them apart, and they are only added. */
  hasRowKey: boolean
  /** Where this process made it: positions of its arrays, and of what in the key may have no place in ClickHouse. */
  arrays: number[] | null
  exactKey: number[] | null
  /** What it was made from, where this process made it. Others are defined elsewhere and never altered here. */
  source: TableNote | null
}
export type TargetColumn = {
  name: string
  type: string
  passes: Passes
  encode: Encode
  issue: Issue
  /** The source's column as it was when last looked at; null in tables this process did not make. */
  source: { number: number; type: string; isDropped: boolean } | null
}

export type ColumnRow = {
  table: string
  name: string
  type: string
  default_kind: string
  is_in_sorting_key: number
  comment?: string
  table_comment?: string
}

export type OnIssue = (table: string, column: string, reason: string, text: string) => void

const OWN = new Set(['_version', '_deleted', '_row', ARRAYS, EXACT_KEY])

/** Reads targets from the columns of a database, in the tables' own order. Computed columns are not written. */
export function targetsOf(rows: ColumnRow[], onIssue: OnIssue) {
  const byTable = Map.groupBy(rows, (row) => row.table)
  const targets = new Map<string, Target>()
  for (const [name, all] of byTable) {
    const names = new Set(all.map((row) => row.name))
    if (!names.has('_version')) continue
    const written = all.filter(
      (row) => !OWN.has(row.name) && !/MATERIALIZED|ALIAS|EPHEMERAL/.test(row.default_kind),
    )
    const columns = written.map((row) => {
      const source = parseColumnNote(row.comment ?? '')
      return {
        name: row.name,
        type: row.type,
        passes: passesOf(row.type, source?.type),
        encode: encoderOf(row.type, source?.type),
        issue: (reason: string, text: string) => onIssue(name, row.name, reason, text),
        source,
      }
    })
    const key = written.flatMap((row, index) => (row.is_in_sorting_key === 1 ? [index] : []))
    const positions = (isSo: (column: TargetColumn) => boolean) =>
      columns.flatMap((column, index) => (isSo(column) ? [index] : []))
    targets.set(name, {
      name,
      kind: names.has('_deleted') ? 'mirror' : 'fact',
      columns,
      key,
      arrays: names.has(ARRAYS)
        ? positions(({ type, source }) => isArray(type) && source?.isDropped === false)
        : null,
      exactKey: names.has(EXACT_KEY)
        ? key.filter((index) => isLimited(columns[index]?.type ?? ''))
        : null,
      hasRowKey: names.has('_row'),
      source: parseTableNote(all[0]?.table_comment ?? ''),
    })
  }
  return targets
}

/** For each column of the target, where its value is in a row of the source; -1 where the source has none. */
export function positionsOf(target: Target, table: Pick<Table, 'columns'>): number[] {
  return target.columns.map((column) => table.columns.indexOf(column.name))
}

/** Columns the source has and the target does not: left out, and worth one warning. */
export function unknownColumns(target: Target, table: Pick<Table, 'columns'>): string[] {
  const known = new Set(target.columns.map((column) => column.name))
  return table.columns.filter((column) => !known.has(column))
}

/** The columns an INSERT names, in the order rows are written. */
export function insertColumns(target: Target): string[] {
  const names = target.columns.map((column) => column.name)
  if (target.kind === 'fact') return [...names, '_version']
  return [
    ...names,
    ...ownColumns(target),
    ...(target.hasRowKey ? ['_row'] : []),
    '_version',
    '_deleted',
  ]
}

/** The columns of the key as ClickHouse sorts by them: `_row` where there is no other. */
export function keyColumns(target: Target): string[] {
  if (target.hasRowKey) return ['_row']
  const names = target.key.flatMap((index) => target.columns[index]?.name ?? [])
  return target.exactKey ? [...names, EXACT_KEY] : names
}

export function ownColumns({ arrays, exactKey }: Target): string[] {
  return [...(arrays ? [ARRAYS] : []), ...(exactKey ? [EXACT_KEY] : [])]
}
