import type { Change, Piece, Table } from './change.ts'
import { blocksOf, createLines, type Lines } from './lines.ts'
import { lingerMs, type LastWrite } from './linger.ts'
import type { Queue } from './queue.ts'
import { keyOf, type Misfit, type Quarantined } from './quarantine.ts'
import { positionsOf, type Target } from './target.ts'
import { addRows, type Plan } from './to-row.ts'
import { topicOf } from './topic.ts'
import { addTouched, type Path, pathOf, touch, type Touched } from './touched.ts'
import { createVersions, lastAtOrBelow, type Versions } from './version.ts'

/** TabSeparated text for one table. */
export type TableRows = { target: Target; text: Buffer[] }

export type Position = { lsn: bigint; commitAt: bigint | null }

export type Batch = {
  /** Tables emptied as of a version, before any row of this batch. */
  fences: { target: Target; version: bigint }[]
  facts: TableRows[]
  mirrors: TableRows[]
  /** What had no place in the rows above. */
  misfits: Quarantined[]
  /** How far the source has come with this batch; null while a large transaction goes on. */
  upTo: Position | null
  topics: Map<string, Position>
  /** Whose numbers of those topics it moves. */
  touched: Touched
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
  const plans = new WeakMap<Table, TablePlan>()
  const unfinished: Touched = new Map()

  function planOf(table: Table) {
    const target = targetOf(table)
    if (!target) return null
    const known = plans.get(table)
    if (known?.target === target) return known
    const positions = positionsOf(target, table)
    const plan = { target, positions, topic: topicOf(target.name), path: pathOf(table) }
    plans.set(table, plan)
    return plan
  }

  function addPiece({ batch, rows }: Open, piece: Piece) {
    const versions = createVersions(epoch, piece.commitLsn)
    let table: Table | null = null
    let plan: TablePlan | null = null
    let held = 0
    for (const change of piece.changes) {
      if (change.table !== table) {
        table = change.table
        plan = planOf(table)
        held = plan ? lastAtOrBelow(versions, highWater.get(plan.target.name) ?? 0n) : 0
      }
      if (plan) touch(unfinished, plan.topic, plan.path, change)
      if (!plan || change.seq <= held) continue
      batch.changes += 1
      if (change.kind === 'truncate')
        batch.fences.push({ target: plan.target, version: versions.of(change.seq) })
      else addChange(rows, change, plan, versions)
      const misfits = takeIssues?.() ?? NONE
      if (misfits.length > 0) noteMisfits(batch, misfits, { change, plan, versions })
    }
  }

  /** A topic moves when its transaction is complete, so that nobody is sent to read half of one. */
  function complete(batch: Batch, endLsn: bigint, commitAt: bigint | null) {
    batch.upTo = { lsn: endLsn, commitAt: latest(batch.upTo?.commitAt ?? null, commitAt) }
    if (commitAt !== null) batch.commits.push(commitAt)
    for (const topic of unfinished.keys()) batch.topics.set(topic, { lsn: endLsn, commitAt })
    addTouched(batch.touched, unfinished)
    unfinished.clear()
  }

  return function toBatch(pieces: Piece[]): Batch {
    const open = { batch: emptyBatch(), rows: new Map<string, OpenRows>() }
    for (const piece of pieces) {
      addPiece(open, piece)
      if (piece.endLsn !== null) complete(open.batch, piece.endLsn, piece.commitAt)
    }
    for (const { target, lines } of open.rows.values()) {
      const all = target.kind === 'fact' ? open.batch.facts : open.batch.mirrors
      all.push({ target, text: blocksOf(lines) })
    }
    return open.batch
  }
}

type TablePlan = Plan & { topic: string; path: Path }
type Open = { batch: Batch; rows: Map<string, OpenRows> }
type OpenRows = { target: Target; lines: Lines }

const NONE: Misfit[] = []

function emptyBatch(): Batch {
  return {
    fences: [],
    facts: [],
    mirrors: [],
    misfits: [],
    upTo: null,
    topics: new Map(),
    touched: new Map(),
    changes: 0,
    commits: [],
  }
}

function addChange(
  rows: Map<string, OpenRows>,
  change: Change,
  plan: TablePlan,
  versions: Versions,
) {
  const { target } = plan
  const open = rows.get(target.name) ?? { target, lines: createLines() }
  rows.set(target.name, open)
  addRows(open.lines, change, plan, versions.digits(change.seq))
}

function noteMisfits(
  batch: Batch,
  misfits: Misfit[],
  { change, plan, versions }: { change: Change; plan: TablePlan; versions: Versions },
) {
  const { target, positions } = plan
  const version = versions.of(change.seq)
  const key = keyOf(change, target, positions)
  for (const misfit of misfits) batch.misfits.push({ ...misfit, target, version, key })
}

/**
 * What is left to do of batches in a row whose facts are written, as one batch. Only the first may have
 * fences, for they come before all of its rows.
 */
export function mergeBatches(batches: Batch[]): Batch {
  const [first, ...rest] = batches
  if (!first) throw new Error('There is nothing to merge')
  const merged = { ...first, topics: new Map(first.topics), commits: [...first.commits] }
  merged.touched = new Map()
  addTouched(merged.touched, first.touched)
  const mirrors = new Map(first.mirrors.map((rows) => [rows.target.name, rows]))
  for (const batch of rest) {
    for (const rows of batch.mirrors) {
      const known = mirrors.get(rows.target.name)
      mirrors.set(rows.target.name, { ...rows, text: [...(known?.text ?? []), ...rows.text] })
    }
    for (const [topic, position] of batch.topics) merged.topics.set(topic, position)
    addTouched(merged.touched, batch.touched)
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

function latest(one: bigint | null, other: bigint | null): bigint | null {
  if (one === null || other === null) return one ?? other
  return one > other ? one : other
}
