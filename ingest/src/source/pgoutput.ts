/** Reads the messages of Postgres' own output plugin, protocol version 2, text values. */
import type { Relation } from '../change.ts'
import { endOf, type Row } from '../row.ts'

export type Message =
  | { tag: 'begin'; commitLsn: bigint; commitAt: bigint; xid: number }
  | { tag: 'commit'; commitLsn: bigint; endLsn: bigint; commitAt: bigint }
  | RelationMessage
  | { tag: 'insert'; relation: number; row: Row }
  | {
      tag: 'update'
      relation: number
      /** The old row, or of it the key alone: what is not of the key is then null, whatever it was. */
      before: Row | null
      isWhole: boolean
      row: Row
    }
  | { tag: 'delete'; relation: number; before: Row }
  | { tag: 'truncate'; relations: number[] }
  | { tag: 'message'; lsn: bigint; prefix: string; content: string }
  | { tag: 'other' }

export type RelationMessage = Relation & {
  tag: 'relation'
  schema: string
  name: string
  columns: string[]
}

/** Microseconds between 1970, where we count from, and 2000, where Postgres does. */
export const POSTGRES_EPOCH_MICROS = 946_684_800_000_000n

const KEY = 0x4b // K: of the old row the key alone
const OLD = 0x4f // O: the whole old row
const NEW = 0x4e // N

type Reader = { bytes: Buffer; at: number }

export function parseMessage(bytes: Buffer): Message {
  const reader: Reader = { bytes, at: 1 }
  const tag = bytes[0]
  switch (tag) {
    case 0x42: // B
      return {
        tag: 'begin',
        commitLsn: int64(reader),
        commitAt: micros(reader),
        xid: uint32(reader),
      }
    case 0x43: // C
      reader.at += 1
      return {
        tag: 'commit',
        commitLsn: int64(reader),
        endLsn: int64(reader),
        commitAt: micros(reader),
      }
    case 0x52: // R
      return relation(reader)
    case 0x49: // I
      return { tag: 'insert', relation: uint32(reader), row: newRow(reader) }
    case 0x55: // U
      return update(reader)
    case 0x44: // D
      return deletion(reader)
    case 0x54: // T
      return truncate(reader)
    case 0x4d: // M
      return logicalMessage(reader)
    case 0x59: // Y: a type, whose values come as text like any other
    case 0x4f: // O: an origin
      return { tag: 'other' }
    default:
      throw new Error(`pgoutput sent a message of unknown kind ${tag ?? 'none'}`)
  }
}

function relation(reader: Reader): RelationMessage {
  const oid = uint32(reader)
  const schema = text(reader)
  const name = text(reader)
  const isFull = reader.bytes[reader.at] === 0x66 // f
  reader.at += 1
  const message: RelationMessage = {
    tag: 'relation',
    oid,
    schema,
    name,
    columns: [],
    types: [],
    key: [],
    isFull,
  }
  for (let left = uint16(reader); left > 0; left -= 1) {
    const isKey = reader.bytes[reader.at] === 1
    reader.at += 1
    const column = text(reader)
    message.columns.push(column)
    if (isKey) message.key.push(column)
    message.types.push({ oid: uint32(reader), modifier: uint32(reader) | 0 })
  }
  return message
}

function update(reader: Reader): Message {
  const relation = uint32(reader)
  const kind = reader.bytes[reader.at]
  if (kind !== KEY && kind !== OLD)
    return { tag: 'update', relation, before: null, isWhole: false, row: newRow(reader) }
  reader.at += 1
  const before = row(reader)
  return { tag: 'update', relation, before, isWhole: kind === OLD, row: newRow(reader) }
}

function deletion(reader: Reader): Message {
  const relation = uint32(reader)
  reader.at += 1 // the key or the whole old row
  return { tag: 'delete', relation, before: row(reader) }
}

function truncate(reader: Reader): Message {
  const count = uint32(reader)
  reader.at += 1 // cascade, restart identity
  const relations: number[] = []
  for (let left = count; left > 0; left -= 1) relations.push(uint32(reader))
  return { tag: 'truncate', relations }
}

function logicalMessage(reader: Reader): Message {
  reader.at += 1 // whether it belongs to a transaction
  const lsn = int64(reader)
  const prefix = text(reader)
  const length = uint32(reader)
  const content = reader.bytes.toString('utf8', reader.at, reader.at + length)
  return { tag: 'message', lsn, prefix, content }
}

function newRow(reader: Reader): Row {
  const kind = reader.bytes[reader.at]
  if (kind !== NEW) throw new Error(`pgoutput sent a row of unknown kind ${kind ?? 'none'}`)
  reader.at += 1
  return row(reader)
}

/** A row is measured, so that what is not understood is refused here; it is read when it is written. */
function row(reader: Reader): Row {
  const found = { bytes: reader.bytes, at: reader.at }
  reader.at = endOf(found)
  return found
}

function text(reader: Reader): string {
  const end = reader.bytes.indexOf(0, reader.at)
  if (end === -1) throw new Error('pgoutput sent a name without an end')
  const value = reader.bytes.toString('utf8', reader.at, end)
  reader.at = end + 1
  return value
}

function uint16(reader: Reader): number {
  reader.at += 2
  return reader.bytes.readUInt16BE(reader.at - 2)
}

function uint32(reader: Reader): number {
  reader.at += 4
  return reader.bytes.readUInt32BE(reader.at - 4)
}

function int64(reader: Reader): bigint {
  reader.at += 8
  return reader.bytes.readBigUInt64BE(reader.at - 8)
}

function micros(reader: Reader): bigint {
  reader.at += 8
  return reader.bytes.readBigInt64BE(reader.at - 8) + POSTGRES_EPOCH_MICROS
}
