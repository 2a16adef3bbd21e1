import type { Change } from './change.ts'
import { addNewline, addText, addValue, type Lines } from './lines.ts'
import { ownText } from './own-columns.ts'
import { createPlaces, locate, NOWHERE, type Places, type Row } from './row.ts'
import type { Target } from './target.ts'

export class LedgerChanged extends Error {
  constructor(table: string, kind: string) {
    super(`${table} is append-only, but the change stream brought a ${kind} of it`)
    this.name = 'LedgerChanged'
  }
}

/** Where a change is written to, and where in its row each column's value is; -1 where the source has none. */
export type Plan = { target: Target; positions: number[] }

/** Of the row at hand and of the one before it: filled anew for each. */
const PLACES = createPlaces()
const BEFORE = createPlaces()

/**
 * Adds the lines ClickHouse keeps for a change. Their version is the change's own, so a change that is replayed
 * after a crash writes the same lines again: facts skip it by high-water mark, mirrors keep one of the two.
 */
export function addRows(lines: Lines, change: Change, plan: Plan, version: string) {
  const { target } = plan
  if (target.kind === 'fact' || target.hasRowKey) {
    if (change.kind === 'truncate' && target.hasRowKey) return
    // Of what has no key Postgres publishes only inserts, and where a row came from is all that tells it apart.
    if (change.kind !== 'insert') throw new LedgerChanged(target.name, change.kind)
    const ending = target.hasRowKey ? `${version}\t${version}\t0` : version
    locate(change.row, PLACES)
    return addLine(lines, change.row, PLACES, plan, ending)
  }
  if (change.kind === 'truncate') return
  const row = change.kind === 'delete' ? change.before : change.row
  locate(row, PLACES)
  if (change.kind === 'update' && change.before)
    removeMoved(lines, change.before, row, plan, version)
  addLine(lines, row, PLACES, plan, `${version}\t${change.kind === 'delete' ? 1 : 0}`)
}

/** The old key of a row, whose values are found already, that has another now. */
function removeMoved(lines: Lines, before: Row, row: Row, plan: Plan, version: string) {
  locate(before, BEFORE)
  if (!isSameKey(before, row, plan)) addLine(lines, before, BEFORE, plan, `${version}\t1`)
}

function addLine(lines: Lines, row: Row, places: Places, plan: Plan, ending: string) {
  const { target, positions } = plan
  const { columns } = target
  for (let index = 0; index < columns.length; index += 1) {
    const column = columns[index]
    if (column) addValue(lines, column, row, places, positions[index] ?? NOWHERE)
  }
  if (target.arrays || target.exactKey) addText(lines, ownText(row, places, plan))
  addText(lines, ending)
  addNewline(lines)
}

function isSameKey(before: Row, row: Row, { target, positions }: Plan): boolean {
  return target.key.every((index) => isSame(before, row, positions[index] ?? NOWHERE))
}

function isSame(before: Row, row: Row, at: number): boolean {
  const [oldFrom, from] = [fromOf(BEFORE, at), fromOf(PLACES, at)]
  if (oldFrom === NOWHERE || from === NOWHERE) return oldFrom === from
  return before.bytes.compare(row.bytes, from, PLACES.to[at], oldFrom, BEFORE.to[at]) === 0
}

function fromOf(places: Places, at: number): number {
  return at < 0 || at >= places.count ? NOWHERE : (places.from[at] ?? NOWHERE)
}
