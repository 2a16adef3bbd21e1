import { isDeepStrictEqual } from 'node:util'
import type { Change, Piece, Table } from '../change.ts'
import { rowOf, unsentOf, valuesOf } from '../row.ts'
import type { Message, RelationMessage } from './pgoutput.ts'

/** A part of a large transaction: what bounds memory, whatever one commit holds. */
export const PIECE_ROWS_MAX = 2_000
export const PIECE_BYTES_MAX = 2 * 1024 * 1024

/** What a change takes in memory beside its own bytes. */
const CHANGE_BYTES = 192

export const HEARTBEAT_PREFIX = 'tributary_hb'
/** A message with this prefix names a table that is to be copied anew: `{"pipe":…,"table":…}`. */
export const RESYNC_PREFIX = 'tributary_resync'

type UpdateMessage = Extract<Message, { tag: 'update' }>

type Open = {
  commitLsn: bigint
  commitAt: bigint
  changes: Change[]
  bytes: number
  seq: number
  described?: Table[]
}

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
  /** Described and not yet passed on: the newest description of each table. */
  const described = new Map<number, Table>()
  let open: Open | null = null

  function push(message: Message, bytes: number): Piece[] {
    switch (message.tag) {
      case 'relation':
        return describe(message)
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
        return open || message.lsn < checkpoint ? [] : markOf(message)
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
    if (described.size > 0 && open.changes.length === 0) open.described = takeAll(described)
    open.changes.push(change)
    open.bytes += bytes + CHANGE_BYTES
    if (open.changes.length < PIECE_ROWS_MAX && open.bytes < PIECE_BYTES_MAX) return cut
    return [...cut, part(open)]
  }

  function commit(endLsn: bigint): Piece[] {
    if (!open) throw new Error('Postgres sent a commit outside a transaction')
    const done = open
    open = null
    return done.commitLsn < checkpoint ? [] : [{ ...part(done), endLsn }]
  }

  /** Postgres describes a table again for many reasons; only what is new is passed on, before its first row. */
  function describe({ oid, schema, name, columns, types, key, isFull }: RelationMessage): Piece[] {
    const table: Table = { schema, name, columns, relation: { oid, types, key, isFull } }
    if (isDeepStrictEqual(tables.get(oid), table)) return []
    tables.set(oid, table)
    described.set(oid, table)
    return open && open.changes.length > 0 ? [part(open)] : []
  }

  function tableOf(id: number): Table {
    const known = tables.get(id)
    if (!known) throw new Error(`Postgres sent a change of relation ${id} before describing it`)
    return known
  }

  return { push, isBetween: () => open === null }
}

/** Our own marks in the log: everything that committed before one has been sent before it. */
function markOf(message: { lsn: bigint; prefix: string; content: string }): Piece[] {
  const at = { commitLsn: message.lsn, endLsn: message.lsn, changes: [], bytes: 0 }
  if (message.prefix === RESYNC_PREFIX)
    return [{ ...at, commitAt: null, requested: [message.content] }]
  if (message.prefix !== HEARTBEAT_PREFIX) return []
  return [{ ...at, commitAt: /^\d+$/.test(message.content) ? BigInt(message.content) : null }]
}

/** The row changes a message stands for: one, but a truncate of several tables is one for each. */
function changesOf(message: Message, seq: number, tableOf: (id: number) => Table): Change[] {
  switch (message.tag) {
    case 'insert':
      return [{ kind: 'insert', table: tableOf(message.relation), seq, row: message.row }]
    case 'update':
      return [updateOf(message, seq, tableOf(message.relation))]
    case 'delete':
      return [{ kind: 'delete', table: tableOf(message.relation), seq, before: message.before }]
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

/** A value that was not sent is the old row's, where all of that was sent. */
function updateOf(message: UpdateMessage, seq: number, table: Table): Change {
  const { before, isWhole, row } = message
  const unsent = unsentOf(row)
  if (unsent.length === 0) return { kind: 'update', table, seq, before, row }
  if (!isWhole || !before || unsentOf(before).length > 0)
    return { kind: 'update', table, seq, before, row, unsent }
  const old = valuesOf(before)
  const values = valuesOf(row)
  for (const index of unsent) values[index] = old[index] ?? null
  return { kind: 'update', table, seq, before, row: rowOf(values) }
}

function takeAll<Key, Item>(items: Map<Key, Item>): Item[] {
  const all = [...items.values()]
  items.clear()
  return all
}

/** Cuts off what a transaction has so far. */
function part(from: Open): Piece {
  const { commitLsn, commitAt, changes, bytes, described } = from
  from.changes = []
  from.bytes = 0
  delete from.described
  return { commitLsn, commitAt, changes, bytes, endLsn: null, ...(described && { described }) }
}
