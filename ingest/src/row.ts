/**
 * A row as Postgres sends it, unread: most of its bytes only pass through. A count of values (two bytes), then
 * each as a kind and, of text, a length (four bytes) and the text.
 */
import type { Value } from './change.ts'

export type Row = { bytes: Buffer; at: number }

const TEXT = 0x74 // t
const NULL = 0x6e // n
const UNSENT = 0x75 // u: a large value that did not change
const COUNT_BYTES = 2
const LENGTH_BYTES = 4

/** What Postgres allows a table. */
export const COLUMNS_MAX = 1_600
/** A value that is null, or was not sent. */
export const NOWHERE = -1

/** Where each value of a row begins and ends; made once and used for row after row. */
export type Places = { from: Int32Array; to: Int32Array; count: number }

export function createPlaces(): Places {
  return { from: new Int32Array(COLUMNS_MAX), to: new Int32Array(COLUMNS_MAX), count: 0 }
}

/** Where a row ends. Refuses what it does not understand. */
export function endOf({ bytes, at }: Row): number {
  const count = countOf(bytes, at)
  let next = at + COUNT_BYTES
  for (let left = count; left > 0; left -= 1) {
    const kind = bytes[next]
    next += 1
    if (kind === TEXT) next += LENGTH_BYTES + lengthAt(bytes, next)
    else if (kind !== NULL && kind !== UNSENT)
      throw new Error(`pgoutput sent a value of unknown kind ${kind ?? 'none'}`)
  }
  return next
}

/** Finds the values of a row that was measured before. */
export function locate({ bytes, at }: Row, places: Places) {
  const { from, to } = places
  const count = countOf(bytes, at)
  places.count = count
  let next = at + COUNT_BYTES
  for (let index = 0; index < count; index += 1) {
    const kind = bytes[next]
    next += 1
    if (kind === TEXT) {
      const start = next + LENGTH_BYTES
      next = start + lengthAt(bytes, next)
      from[index] = start
      to[index] = next
    } else from[index] = NOWHERE
  }
}

/** Of nearly every row all values were sent, so these share one list. */
const ALL_SENT: readonly number[] = []

/** Which values of a row were not sent, for they are large and did not change. */
export function unsentOf({ bytes, at }: Row): readonly number[] {
  let unsent: number[] | null = null
  const count = countOf(bytes, at)
  let next = at + COUNT_BYTES
  for (let index = 0; index < count; index += 1) {
    const kind = bytes[next]
    next += 1
    if (kind === TEXT) next += LENGTH_BYTES + lengthAt(bytes, next)
    else if (kind === UNSENT) (unsent ??= []).push(index)
  }
  return unsent ?? ALL_SENT
}

const PLACES = createPlaces()

/** The values themselves. One that was not sent is null, as is null. */
export function valuesOf(row: Row): Value[] {
  locate(row, PLACES)
  return Array.from({ length: PLACES.count }, (_, index) => {
    const from = PLACES.from[index] ?? NOWHERE
    return from === NOWHERE ? null : row.bytes.toString('utf8', from, PLACES.to[index])
  })
}

/** A row of these values; undefined is one that was not sent. */
export function rowOf(values: (Value | undefined)[]): Row {
  const count = Buffer.alloc(COUNT_BYTES)
  count.writeUInt16BE(values.length)
  const cells = values.flatMap((value) => {
    if (value === undefined || value === null)
      return [Buffer.from([value === null ? NULL : UNSENT])]
    const text = Buffer.from(value)
    const head = Buffer.alloc(1 + LENGTH_BYTES)
    head[0] = TEXT
    head.writeUInt32BE(text.length, 1)
    return [head, text]
  })
  return { bytes: Buffer.concat([count, ...cells]), at: 0 }
}

function countOf(bytes: Buffer, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
}

/** Postgres has no value of two gigabytes, so the sign is never set. */
function lengthAt(bytes: Buffer, at: number): number {
  return (
    ((bytes[at] ?? 0) << 24) |
    ((bytes[at + 1] ?? 0) << 16) |
    ((bytes[at + 2] ?? 0) << 8) |
    (bytes[at + 3] ?? 0)
  )
}
