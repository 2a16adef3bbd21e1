import { versionOf, type Piece, type Table } from './change.ts'
import { lingerMs, type LastWrite } from './linger.ts'
import type { Queue } from './queue.ts'
import { keyOf, type Misfit, type Quarantined } from './quarantine.ts'
import { positionsOf, type Target } from './target.ts'
import { toRows } from './to-row.ts'
import { topicOf } from './topic.ts'

/** TabSeparated text for one table, and the versions it spans. */
export type TableRows = { target: Target; text: Buffer[]; first: bigint; last: bigint }

export type Position = { lsn: bigint; commitAt: bigint | null }

export type Batch = {
  epoch: number
  /** Tables emptied as of a version, before any row of this batch. */
  fences: { target: Target; version: bigint }[]
  facts: TableRows[]
  mirrors: TableRows[]
  /** What had no place in the rows above. */
  misfits: Quarantined[]
  /** How far the source has come with this batch; null while a large transaction goes on. */
  upTo: Position | null
  topics: Map<string, Position>
  changes: number
  /** When what it completes was committed, for the record of how long that took. */
  commits: bigint[]
}

export type BatchMaker = {
  epoch: number
  /** The target of a source table; null when nobody keeps it. */
  targetOf(table: Table): Target | null
  /** The version up to which a fact table is complete: what is at or below it is there already. */
  highWater: Map<string, bigint>
  /** What the encoders could not keep since it was last asked. */
  takeIssues?(): Misfit[]
}

/** Batches as they come: at once when idle, fewer and larger under load. Ends when the queue is closed. */
export async function* takeBatches(
  queue: Queue,
  lastWrite: () => LastWrite,
): AsyncGenerator<Piece[]> {
  while (await queue.ready()) {
    const wait = lingerMs(lastWrite(), performance.now(), queue.size().rows)
    if (wait >= 1) await new Promise((resolve) => setTimeout(resolve, wait))
    yield queue.take()
  }
}

/** Pieces become a batch. It remembers which column is where, and what an unfinished transaction touched. */
export function createBatchMaker({ epoch, targetOf, highWater, takeIssues }: BatchMaker) {
  const plans = new WeakMap<Table, { target: Target; positions: number[] }>()
  const unfinished = new Set<string>()

  function planOf(table: Table) {
    const target = targetOf(table)
    if (!target) return null
    const known = plans.get(table)
    if (known?.target === target) return known
    const plan = { target, positions: positionsOf(target, table) }
    plans.set(table, plan)
    return plan
  }

  return function toBatch(pieces: Piece[]): Batch {
    const rows = new Map<string, OpenRows>()
    const batch: Batch = {
      epoch,
      fences: [],
      facts: [],
      mirrors: [],
      misfits: [],
      upTo: null,
      topics: new Map(),
      changes: 0,
      commits: [],
    }

    for (const piece of pieces) {
      for (const change of piece.changes) {
        const plan = planOf(change.table)
        if (!plan) continue
        const { target, positions } = plan
        const version = versionOf(epoch, piece.commitLsn, change.seq)
        unfinished.add(topicOf(target.name))
        if (version <= (highWater.get(target.name) ?? 0n)) continue
        const lines = toRows(change, target, positions, version.toString())
        for (const misfit of takeIssues?.() ?? [])
          batch.misfits.push({ ...misfit, target, version, key: keyOf(change, target, positions) })
        batch.changes += 1
        if (change.kind === 'truncate') batch.fences.push({ target, version })
        else append(rows, target, lines, version)
      }
      if (piece.endLsn === null) continue
      batch.upTo = {
        lsn: piece.endLsn,
        commitAt: latest(batch.upTo?.commitAt ?? null, piece.commitAt),
      }
      if (piece.commitAt !== null) batch.commits.push(piece.commitAt)
      // A topic moves when its transaction is complete, so that nobody is sent to read half of one.
      for (const topic of unfinished)
        batch.topics.set(topic, { lsn: piece.endLsn, commitAt: piece.commitAt })
      unfinished.clear()
    }
    for (const { pending, ...one } of rows.values()) {
      one.text.push(Buffer.from(pending))
      ;(one.target.kind === 'fact' ? batch.facts : batch.mirrors).push(one)
    }
    return batch
  }
}

/**
 * What is left to do of batches in a row whose facts are written, as one batch. Only the first may have
 * fences, for they come before all of its rows.
 */
export function mergeBatches(batches: Batch[]): Batch {
  const [first, ...rest] = batches
  if (!first) throw new Error('There is nothing to merge')
  const merged = { ...first, topics: new Map(first.topics), commits: [...first.commits] }
  const mirrors = new Map(first.mirrors.map((rows) => [rows.target.name, rows]))
  for (const batch of rest) {
    for (const rows of batch.mirrors) {
      const known = mirrors.get(rows.target.name)
      const text = known ? [...known.text, ...rows.text] : rows.text
      mirrors.set(rows.target.name, { ...rows, text, first: known?.first ?? rows.first })
    }
    for (const [topic, position] of batch.topics) merged.topics.set(topic, position)
    merged.misfits = [...merged.misfits, ...batch.misfits]
    merged.changes += batch.changes
    merged.commits.push(...batch.commits)
    if (!batch.upTo) continue
    const commitAt = latest(merged.upTo?.commitAt ?? null, batch.upTo.commitAt)
    merged.upTo = { lsn: batch.upTo.lsn, commitAt }
  }
  merged.mirrors = [...mirrors.values()]
  return merged
}

/** A string that grows is many small objects; as bytes it takes what it is long. */
const PENDING_LENGTH_MAX = 64 * 1024

type OpenRows = TableRows & { pending: string }

function append(rows: Map<string, OpenRows>, target: Target, lines: string, version: bigint) {
  const open = rows.get(target.name) ?? {
    target,
    text: [],
    first: version,
    last: version,
    pending: '',
  }
  rows.set(target.name, open)
  open.last = version
  open.pending += lines
  if (open.pending.length < PENDING_LENGTH_MAX) return
  open.text.push(Buffer.from(open.pending))
  open.pending = ''
}

function latest(one: bigint | null, other: bigint | null): bigint | null {
  if (one === null || other === null) return one ?? other
  return one > other ? one : other
}
