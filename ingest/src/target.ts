import type { Table } from './change.ts'
import { encoderOf, type Encode, type Issue } from './encode.ts'

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
}
export type TargetColumn = { name: string; type: string; encode: Encode; issue: Issue }

export type ColumnRow = {
  table: string
  name: string
  type: string
  default_kind: string
  is_in_sorting_key: number
}

/** Reads targets from the columns of a database, in the tables' own order. Computed columns are not written. */
export function targetsOf(
  rows: ColumnRow[],
  onIssue: (table: string, column: string, reason: string) => void,
) {
  const byTable = Map.groupBy(rows, (row) => row.table)
  const targets = new Map<string, Target>()
  for (const [name, all] of byTable) {
    const names = new Set(all.map((row) => row.name))
    if (!names.has('_version')) continue
    const written = all.filter(
      (row) =>
        row.name !== '_version' &&
        row.name !== '_deleted' &&
        !/MATERIALIZED|ALIAS|EPHEMERAL/.test(row.default_kind),
    )
    const columns = written.map((row) => ({
      name: row.name,
      type: row.type,
      encode: encoderOf(row.type),
      issue: (reason: string) => onIssue(name, row.name, reason),
    }))
    targets.set(name, {
      name,
      kind: names.has('_deleted') ? 'mirror' : 'fact',
      columns,
      key: written.flatMap((row, index) => (row.is_in_sorting_key === 1 ? [index] : [])),
    })
  }
  return targets
}

/** For each column of the target, where its value is in a row of the source; -1 where the source has none. */
export function positionsOf(target: Target, table: Table): number[] {
  return target.columns.map((column) => table.columns.indexOf(column.name))
}

/** Columns the source has and the target does not: left out, and worth one warning. */
export function unknownColumns(target: Target, table: Table): string[] {
  const known = new Set(target.columns.map((column) => column.name))
  return table.columns.filter((column) => !known.has(column))
}

/** The columns an INSERT names, in the order rows are written. */
export function insertColumns(target: Target): string[] {
  const names = target.columns.map((column) => column.name)
  return target.kind === 'mirror' ? [...names, '_version', '_deleted'] : [...names, '_version']
}
