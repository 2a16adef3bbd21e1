/**
 * The one internal contract: what a source says happened, whichever transport brought it.
 * It is the Debezium envelope reduced to what the sink needs, plus the commit LSN and the ordinal.
 */

import type { Row } from './row.ts'

/** A value as Postgres writes it in text; null is SQL's null. */
export type Value = string | null

/** A table as it was when the change was made. One object per version of the table. */
export type Table = { schema: string; name: string; columns: string[]; relation?: Relation }

/** What Postgres says of a table beside its names. */
export type Relation = {
  oid: number
  types: { oid: number; modifier: number }[]
  /** The columns of the replica identity; all of them where the whole old row is sent. */
  key: string[]
  isFull: boolean
}

/** `seq` counts the changes of a transaction from 1; a snapshot's rows all carry 0. */
export type Change =
  | { kind: 'insert'; table: Table; seq: number; row: Row }
  | {
      kind: 'update'
      table: Table
      seq: number
      before: Row | null
      row: Row
      /** Positions in `row` of values that did not change and were not sent: what is there says nothing. */
      unsent?: readonly number[]
    }
  | { kind: 'delete'; table: Table; seq: number; before: Row }
  | { kind: 'truncate'; table: Table; seq: number }

/**
 * A transaction, or a part of a large one, or (without changes) proof that the source has come this far.
 * Only the last part has an `endLsn`: what may be acknowledged once everything up to it is durable.
 */
export type Piece = {
  commitLsn: bigint
  /** Microseconds since 1970; null where the source has moved but does not say when. */
  commitAt: bigint | null
  endLsn: bigint | null
  changes: Change[]
  bytes: number
  /** Tables that are new or have changed since the piece before; such a piece begins a batch. */
  described?: Table[]
  /** Tables that somebody wants to be copied anew. */
  requested?: string[]
}

const EPOCH_SHIFT = 112n
const LSN_SHIFT = 48n
const SEQ_SHIFT = 16n

/**
 * The version of a row: (epoch, commit LSN, ordinal) packed so that numbers compare as the triple does.
 * A pure function of the change, so a change that is replayed gets the version it had.
 */
export function versionOf(epoch: number, commitLsn: bigint, seq: number): bigint {
  return (BigInt(epoch) << EPOCH_SHIFT) | (commitLsn << LSN_SHIFT) | (BigInt(seq) << SEQ_SHIFT)
}
