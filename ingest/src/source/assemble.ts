import type { Change, Piece, Table, Value } from '../change.ts'
import type { Cell, Message } from './pgoutput.ts'

/** A part of a large transaction: what bounds memory, whatever one commit holds. */
export const PIECE_ROWS_MAX = 2_000
export const PIECE_BYTES_MAX = 2 * 1024 * 1024

/** What a change and each of its values take in memory beside the text itself. */
const CHANGE_BYTES = 128
const VALUE_BYTES = 32

export const HEARTBEAT_PREFIX = 'tributary_hb'

type Open = { commitLsn: bigint; commitAt: bigint; changes: Change[]; bytes: number; seq: number }

export type Assembler = {
  /** What a message completes: nothing, a transaction, or a part of a large one. */
  push(message: Message, bytes: number): Piece[]
  /** Whether the stream stands between two transactions. */
  isBetween(): boolean
}

/**
 * Puts transactions together from messages. Transactions that committed before `checkpoint` are dropped:
 * the sink has them. A commit *at* the checkpoint is the next one, not the last: the checkpoint is an end.
 */
export function createAssembler(checkpoint: bigint): Assembler {
  const tables = new Map<number, Table>()
  let open: Open | null = null

  function push(message: Message, bytes: number): Piece[] {
    switch (message.tag) {
      case 'relation':
        tables.set(message.id, {
          schema: message.schema,
          name: message.name,
          columns: message.columns,
        })
        return []
      case 'begin':
        open = {
          commitLsn: message.commitLsn,
          commitAt: message.commitAt,
          changes: [],
          bytes: 0,
          seq: 0,
        }
        return []
      case 'commit':
        return commit(message.endLsn)
      case 'message':
        return heartbeat(message)
      case 'other':
        return []
      default:
        return changesOf(message, (open?.seq ?? 0) + 1, tableOf).flatMap((change) =>
          add(change, bytes),
        )
    }
  }

  function add(change: Change, bytes: number): Piece[] {
    if (!open) throw new Error('Postgres sent a change outside a transaction')
    open.seq = change.seq
    if (open.commitLsn < checkpoint) return []
    // A truncate begins a part of its own, so that whatever is before it is written before it.
    const cut = change.kind === 'truncate' && open.changes.length > 0 ? [part(open)] : []
    open.changes.push(change)
    open.bytes += bytes + CHANGE_BYTES + VALUE_BYTES * valuesOf(change)
    if (open.changes.length < PIECE_ROWS_MAX && open.bytes < PIECE_BYTES_MAX) return cut
    return [...cut, part(open)]
  }

  function commit(endLsn: bigint): Piece[] {
    if (!open) throw new Error('Postgres sent a commit outside a transaction')
    const done = open
    open = null
    return done.commitLsn < checkpoint ? [] : [{ ...part(done), endLsn }]
  }

  /** Our own mark in the log: everything that committed before it has been sent before it. */
  function heartbeat(message: { lsn: bigint; prefix: string; content: string }): Piece[] {
    if (message.prefix !== HEARTBEAT_PREFIX || open || message.lsn < checkpoint) return []
    const commitAt = /^\d+$/.test(message.content) ? BigInt(message.content) : null
    return [{ commitLsn: message.lsn, commitAt, endLsn: message.lsn, changes: [], bytes: 0 }]
  }

  function tableOf(id: number): Table {
    const known = tables.get(id)
    if (!known) throw new Error(`Postgres sent a change of relation ${id} before describing it`)
    return known
  }

  return { push, isBetween: () => open === null }
}

/** The row changes a message stands for: one, but a truncate of several tables is one for each. */
function changesOf(message: Message, seq: number, tableOf: (id: number) => Table): Change[] {
  switch (message.tag) {
    case 'insert': {
      const row = complete(message.row, null)
      return [{ kind: 'insert', table: tableOf(message.relation), seq, row }]
    }
    case 'update': {
      const before = message.before && complete(message.before, null)
      const row = complete(message.row, before)
      return [{ kind: 'update', table: tableOf(message.relation), seq, before, row }]
    }
    case 'delete': {
      const before = complete(message.before, null)
      return [{ kind: 'delete', table: tableOf(message.relation), seq, before }]
    }
    case 'truncate':
      return message.relations.map((id, index) => ({
        kind: 'truncate',
        table: tableOf(id),
        seq: seq + index,
      }))
    default:
      return []
  }
}

function valuesOf(change: Change): number {
  switch (change.kind) {
    case 'insert':
      return change.row.length
    case 'update':
      return change.row.length + (change.before?.length ?? 0)
    case 'delete':
      return change.before.length
    case 'truncate':
      return 0
  }
}

/** Cuts off what a transaction has so far. */
function part(from: Open): Piece {
  const { commitLsn, commitAt, changes, bytes } = from
  from.changes = []
  from.bytes = 0
  return { commitLsn, commitAt, changes, bytes, endLsn: null }
}

/** Fills what Postgres left out because it had not changed; the old row has it under replica identity full. */
function complete(cells: Cell[], before: Value[] | null): Value[] {
  return cells.map((cell, index) => {
    if (cell !== undefined) return cell
    const old = before?.[index]
    if (old === undefined)
      throw new Error('An unchanged value was not sent: the table needs replica identity full')
    return old
  })
}
