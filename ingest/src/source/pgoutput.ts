/** Reads the messages of Postgres' own output plugin, protocol version 2, text values. */
import type { Relation } from '../change.ts'

export type Cell = string | null | undefined // undefined: an unchanged TOAST value that was not sent

export type Message =
  | { tag: 'begin'; commitLsn: bigint; commitAt: bigint; xid: number }
  | { tag: 'commit'; commitLsn: bigint; endLsn: bigint; commitAt: bigint }
  | RelationMessage
  | { tag: 'insert'; relation: number; row: Cell[] }
  | {
      tag: 'update'
      relation: number
      /** The old row, or of it the key alone: what is not of the key is then null, whatever it was. */
      before: Cell[] | null
      isWhole: boolean
      row: Cell[]
    }
  | { tag: 'delete'; relation: number; before: Cell[] }
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
      return { tag: 'insert', relation: uint32(reader), row: newTuple(reader) }
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
  const id = uint32(reader)
  const kind = reader.bytes[reader.at]
  if (kind !== 0x4b && kind !== 0x4f) {
    return { tag: 'update', relation: id, before: null, isWhole: false, row: newTuple(reader) }
  }
  reader.at += 1
  const before = tuple(reader)
  return { tag: 'update', relation: id, before, isWhole: kind === 0x4f, row: newTuple(reader) }
}

function deletion(reader: Reader): Message {
  const id = uint32(reader)
  reader.at += 1 // K or O: the key or the whole old row
  return { tag: 'delete', relation: id, before: tuple(reader) }
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

function newTuple(reader: Reader): Cell[] {
  const kind = reader.bytes[reader.at]
  if (kind !== 0x4e) throw new Error(`pgoutput sent a row of unknown kind ${kind ?? 'none'}`)
  reader.at += 1
  return tuple(reader)
}

function tuple(reader: Reader): Cell[] {
  const { bytes } = reader
  const count = uint16(reader)
  const cells: Cell[] = new Array(count)
  for (let index = 0; index < count; index += 1) {
    const kind = bytes[reader.at]
    reader.at += 1
    if (kind === 0x74) {
      const length = uint32(reader)
      cells[index] = bytes.toString('utf8', reader.at, reader.at + length)
      reader.at += length
    } else if (kind === 0x6e) {
      cells[index] = null
    } else if (kind === 0x75) {
      cells[index] = undefined
    } else {
      throw new Error(`pgoutput sent a value of unknown kind ${kind ?? 'none'}`)
    }
  }
  return cells
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
