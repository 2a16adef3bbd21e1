/** The messages around parts of transactions that are still going on (protocol version 2, streaming on). */
import { POSTGRES_EPOCH_MICROS } from './pgoutput.ts'

/** Parts of transactions that are too large for Postgres to hold back until they end. */
export type StreamMessage =
  | { tag: 'start'; xid: number }
  | { tag: 'stop' }
  | { tag: 'commit'; xid: number; commitLsn: bigint; endLsn: bigint; commitAt: bigint }
  | { tag: 'abort'; xid: number; subxid: number }

/** Null for every other message. */
export function parseStreamMessage(bytes: Buffer): StreamMessage | null {
  switch (bytes[0]) {
    case 0x53: // S
      return { tag: 'start', xid: bytes.readUInt32BE(1) }
    case 0x45: // E
      return { tag: 'stop' }
    case 0x63: // c
      return {
        tag: 'commit',
        xid: bytes.readUInt32BE(1),
        commitLsn: bytes.readBigUInt64BE(6),
        endLsn: bytes.readBigUInt64BE(14),
        commitAt: bytes.readBigInt64BE(22) + POSTGRES_EPOCH_MICROS,
      }
    case 0x41: // A
      return { tag: 'abort', xid: bytes.readUInt32BE(1), subxid: bytes.readUInt32BE(5) }
    default:
      return null
  }
}

/** Inside a part each message says which (sub)transaction it is of; without that it is as any other. */
export function splitStreamed(bytes: Buffer): { subxid: number; message: Buffer } | null {
  if (bytes[0] === 0x4f) return null // an origin, which is not of a subtransaction
  const message = Buffer.allocUnsafe(bytes.length - 4)
  message[0] = bytes[0] ?? 0
  bytes.copy(message, 1, 5)
  return { subxid: bytes.readUInt32BE(1), message }
}

/** A relation is described once for the whole transaction, even by a part of it that is undone. */
export function isDescription(message: Buffer): boolean {
  return message[0] === 0x52 || message[0] === 0x59
}
