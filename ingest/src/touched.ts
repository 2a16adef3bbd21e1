/**
 * Whose numbers a change moves: those of the distributors on the path it was sold along. A page that shows one of them
 * waits for his own, instead of asking again whenever anybody sells anything.
 */
import type { Change, Table } from './change.ts'
import { createPlaces, locate, NOWHERE, type Row } from './row.ts'

/** Distributors by their ids. */
export type Whose = Set<string> | 'everybody'
/** By topic. */
export type Touched = Map<string, Whose>

/** Where a row says whose it is; `another` where a row of the same transaction does; null where nothing does. */
export type Path = { columns: number[] } | 'another' | null

/** Naming more of them costs more than it spares. */
const NAMED_MAX = 500
const PATH_COLUMN = 'ancestor_ids'
/** A commission is one distributor's, whoever is above him. */
const OWN_COLUMN = 'distributor_id'
/** Its order is written with it. */
const WITH_ANOTHER = 'order_line'
const PLACES = createPlaces()

export function pathOf({ name, columns }: Table): Path {
  if (name === WITH_ANOTHER) return 'another'
  const path = columns.indexOf(PATH_COLUMN)
  return path === NOWHERE
    ? null
    : { columns: [path, columns.indexOf(OWN_COLUMN)].filter((at) => at !== NOWHERE) }
}

/** Adds whose a change is, to the set at hand: a transaction may have many. */
export function touch(touched: Touched, topic: string, path: Path, change: Change) {
  const known = touched.get(topic)
  if (known === 'everybody') return
  if (path === null || change.kind === 'truncate' || isUnsent(path, change)) {
    touched.set(topic, 'everybody')
    return
  }
  const ids = known ?? new Set()
  if (path !== 'another') {
    if (change.kind !== 'delete') addIds(ids, change.row, path.columns)
    if (change.kind !== 'insert' && change.before) addIds(ids, change.before, path.columns)
  }
  touched.set(topic, ids.size > NAMED_MAX ? 'everybody' : ids)
}

/** A long path that did not change is not sent again, so the change does not say whose it is. */
function isUnsent(path: Exclude<Path, null>, change: Change): boolean {
  if (change.kind !== 'update' || path === 'another') return false
  return change.unsent?.some((column) => path.columns.includes(column)) ?? false
}

/** Adds the one to the other, which is changed; a stream of small transactions does so thousands of times a second. */
export function addTouched(to: Touched, more: Touched) {
  for (const [topic, whose] of more) {
    const known = to.get(topic)
    if (known === 'everybody') continue
    if (whose === 'everybody') to.set(topic, whose)
    else if (known === undefined) to.set(topic, new Set(whose))
    else {
      for (const id of whose) known.add(id)
      if (known.size > NAMED_MAX) to.set(topic, 'everybody')
    }
  }
}

/** Ids and arrays of ids, as Postgres writes both: 7 and {1,7}. */
function addIds(ids: Set<string>, row: Row, columns: number[]) {
  locate(row, PLACES)
  for (const column of columns) {
    const from = PLACES.from[column] ?? NOWHERE
    if (from === NOWHERE) continue
    const text = row.bytes.toString('latin1', from, PLACES.to[column])
    for (const id of text.replace(/[{}]/g, '').split(',')) if (id !== '') ids.add(id)
  }
}
