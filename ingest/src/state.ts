import type { AuditReport } from './audit/report.ts'
import type { Batch, Position } from './batches.ts'
import type { Piece } from './change.ts'
import { createHistogram, observe, type Histogram } from './histogram.ts'
import type { TableEntry } from './mirror/registry.ts'
import type { Checkpoint } from './sink/checkpoint.ts'
import { nowMicros } from './time.ts'
import type { Touched } from './touched.ts'

/** What the process is doing, as `/status` tells it. */
export type Phase =
  'starting' | 'snapshot' | 'streaming' | 'waiting' | 'resnapshot_required' | 'stopping'

/** How far a commit has come. */
export type Stage = 'received' | 'facts' | 'complete'

export type Watermark = {
  lsn: bigint
  commitAt: bigint
  appliedAt: bigint
  topics: Map<string, { lsn: bigint; commitAt: bigint }>
}

/** What a batch brought. */
export type Moved = { topics: Map<string, Position>; touched: Touched }

export type CopyProgress = {
  tables: number
  parts: number
  parts_done: number
  bytes: number
  bytes_done: number
}

/** What the slot makes Postgres keep. */
export type SlotState = {
  active: boolean
  wal_status: string | null
  retained_bytes: number
  /** What may still be written before Postgres gives the slot up; null where it never does. */
  safe_bytes: number | null
  /** Written to disk by Postgres because a transaction was too large for its memory. */
  spilled_bytes: number
  level: 'ok' | 'warning' | 'alarm'
  /** Why it was dropped, if it was. */
  dropped: string | null
}

export type State = {
  phase: Phase
  /** Why it waits or has stopped. */
  reason: string | null
  watermark: Watermark | null
  epoch: number
  queue: { rows: number; bytes: number }
  snapshot: { tables: number; ms: number } | null
  /** From then on an interrupted copy is gone on with, not begun again. */
  isCopyBegun: boolean
  /** How far the copy that is under way has come. */
  copy: CopyProgress | null
  /** What is known of each table, by `schema.table`. */
  tables: Map<string, TableEntry>
  /** Values that have no place in ClickHouse and are kept beside it. */
  quarantined: number
  lastWriteMs: number
  slot: SlotState | null
  /** Whether it waits because ClickHouse's disk is full. */
  isSinkFull: boolean
  /** What the last audit found; null until everything was looked at once. */
  audit: AuditReport | null
  /** From a commit until it was read, until its facts can be queried, until all of it is durable. */
  lag: Record<Stage, Histogram>
  counters: {
    changes: number
    batches: number
    inserts: number
    sessions: number
    failures: number
    issues: number
  }
  listeners: Set<(watermark: Watermark, touched: Touched | null) => void>
}

export function createState(): State {
  return {
    phase: 'starting',
    reason: null,
    watermark: null,
    epoch: 0,
    queue: { rows: 0, bytes: 0 },
    snapshot: null,
    isCopyBegun: false,
    copy: null,
    tables: new Map(),
    quarantined: 0,
    lastWriteMs: 0,
    slot: null,
    isSinkFull: false,
    audit: null,
    lag: { received: createHistogram(), facts: createHistogram(), complete: createHistogram() },
    counters: { changes: 0, batches: 0, inserts: 0, sessions: 0, failures: 0, issues: 0 },
    listeners: new Set(),
  }
}

/**
 * Publishes a checkpoint as the watermark. When a topic last moved is kept in memory only: after a restart
 * it is no later than the checkpoint's own time, so that is what is said. Without `moved` nobody knows whose numbers
 * it moves.
 */
export function announce(state: State, checkpoint: Checkpoint, moved: Moved | null = null) {
  const topics = new Map(
    [...checkpoint.topics].map(([topic, lsn]) => {
      const known = state.watermark?.topics.get(topic)
      const commitAt = moved?.topics.get(topic)?.commitAt ?? known?.commitAt ?? checkpoint.commitAt
      return [topic, { lsn, commitAt }]
    }),
  )
  const { lsn, commitAt, appliedAt } = checkpoint
  state.epoch = checkpoint.epoch
  state.watermark = { lsn, commitAt, appliedAt, topics }
  for (const listener of state.listeners) listener(state.watermark, moved?.touched ?? null)
}

/** Only what was written proves that it streams: a session may begin well and have nowhere to write to. */
export function noteStreaming(state: State) {
  if (state.phase === 'stopping') return
  state.phase = 'streaming'
  state.reason = null
  state.isSinkFull = false
}

export function noteReceived(state: State, pieces: Piece[]) {
  for (const { endLsn, commitAt } of pieces) {
    if (endLsn !== null && commitAt !== null) noteLag(state.lag.received, commitAt)
  }
}

export function noteFacts(state: State, batch: Batch, ms: number) {
  state.lastWriteMs = ms
  state.counters.inserts += batch.facts.length
  for (const commitAt of batch.commits) noteLag(state.lag.facts, commitAt)
}

export function noteFinished(state: State, batch: Batch) {
  state.counters.changes += batch.changes
  state.counters.batches += 1
  state.counters.inserts += batch.mirrors.length
  for (const commitAt of batch.commits) noteLag(state.lag.complete, commitAt)
}

function noteLag(histogram: Histogram, commitAt: bigint) {
  observe(histogram, Number(nowMicros() - commitAt) / 1_000)
}

/** One line for whoever started it, when everything committed before is in ClickHouse. */
export async function sayWhenStreaming(state: State): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<Watermark>()
  // The first watermark is the copy's; one that moved on from it has seen the stream.
  let first: bigint | null = null
  const onWatermark = (watermark: Watermark) => {
    if (first === null) first = watermark.lsn
    else if (watermark.lsn > first && state.phase === 'streaming') resolve(watermark)
  }
  state.listeners.add(onWatermark)
  const { lsn } = await promise
  state.listeners.delete(onWatermark)
  const line = { streaming: true, tables: state.tables.size, lsn: lsn.toString() }
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
