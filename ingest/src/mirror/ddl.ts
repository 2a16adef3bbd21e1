/** The statements that make and change mirrors. */
import type { CatalogColumn, CatalogTable } from '../catalog/tables.ts'
import { clickhouseTypeOf } from '../catalog/types.ts'
import { ARRAYS, EXACT_KEY, isNullName, ownDefinitions } from '../own-columns.ts'
import type { Target } from '../target.ts'
import { columnNote, tableNote } from './note.ts'

/** Acknowledged means on disk, and a repeated insert is told by its token. */
const SETTINGS =
  'fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000'

/** A table of the newest row of each key. Rows without a key of their own get `_row`, where they came from. */
export function createMirror(database: string, name: string, table: CatalogTable): string {
  const key = new Set(table.key)
  const columns = table.columns.map(
    (column) => `${definition(column, key.has(column.name))} comment ${text(noteOf(column))}`,
  )
  const types = table.columns.map(({ name, type }) => ({
    name,
    type: clickhouseTypeOf(type, key.has(name)),
  }))
  const extra = ownDefinitions(types, key)
  const own = [
    ...extra,
    ...(table.key.length === 0 ? ['_row String'] : []),
    '_version UInt128',
    '_deleted UInt8',
  ]
  const isExact = extra.some((definition) => definition.startsWith(`${EXACT_KEY} `))
  const order =
    table.key.length === 0
      ? ['_row']
      : [...table.key.map(identifier), ...(isExact ? [EXACT_KEY] : [])]
  return `
    create table if not exists ${identifier(database)}.${identifier(name)} (
      ${[...columns, ...own].join(',\n      ')}
    ) engine = ReplacingMergeTree(_version, _deleted) order by (${order.join(', ')})
    settings ${SETTINGS}
    comment ${text(tableNote(table))}`
}

/** What everyone reads: the source's columns, `final` hidden, and of each array whether it is null. */
export function createView(database: string, target: Target): string {
  const columns = viewColumns(target)
  return `
    create or replace view ${identifier(database)}.${identifier(viewName(target))} as
    select ${columns.map(({ expression }) => expression).join(', ')}
    from ${identifier(database)}.${identifier(target.name)} final`
}

export function viewName({ name }: Target): string {
  return `current_${name}`
}

export function viewColumns({ columns, arrays }: Target): { name: string; expression: string }[] {
  const kept = columns.filter(({ source }) => !source?.isDropped)
  const names = new Set(kept.map(({ name }) => name))
  const nulls = (arrays ?? []).flatMap((index) => {
    const column = columns[index]
    const name = isNullName(column?.name ?? '')
    if (!column?.source || names.has(name)) return []
    const isNull = `cast(not has(${ARRAYS}, ${column.source.number}), 'Bool')`
    return [{ name, expression: `${isNull} as ${identifier(name)}` }]
  })
  return [...kept.map(({ name }) => ({ name, expression: identifier(name) })), ...nulls]
}

export function definition(column: CatalogColumn, isKey: boolean): string {
  return `${identifier(column.name)} ${clickhouseTypeOf(column.type, isKey)}`
}

export function noteOf({ number, type }: CatalogColumn): string {
  return columnNote({ number, type: typeNote(type), isDropped: false })
}

/** Two types with the same note are written the same way. */
export function typeNote(type: CatalogColumn['type']): string {
  return type.kind === 'enum' ? 'enum' : type.text
}

export function identifier(name: string): string {
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``
}

export function text(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
