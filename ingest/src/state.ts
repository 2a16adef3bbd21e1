import type { Batch, Position } from './batches.ts'
import type { LastWrite } from './linger.ts'
import type { Checkpoint } from './sink/checkpoint.ts'

/** What the process is doing, as `/status` tells it. */
export type Phase =
  'starting' | 'snapshot' | 'streaming' | 'waiting' | 'resnapshot_required' | 'stopping'

export type Watermark = {
  lsn: bigint
  commitAt: bigint
  appliedAt: bigint
  topics: Map<string, { lsn: bigint; commitAt: bigint }>
}

export type State = {
  phase: Phase
  /** Why it waits or has stopped. */
  reason: string | null
  watermark: Watermark | null
  epoch: number
  queue: { rows: number; bytes: number }
  snapshot: { tables: number; ms: number } | null
  lastWriteMs: number
  counters: {
    changes: number
    batches: number
    inserts: number
    sessions: number
    failures: number
    issues: number
  }
  listeners: Set<(watermark: Watermark) => void>
}

export function createState(): State {
  return {
    phase: 'starting',
    reason: null,
    watermark: null,
    epoch: 0,
    queue: { rows: 0, bytes: 0 },
    snapshot: null,
    lastWriteMs: 0,
    counters: { changes: 0, batches: 0, inserts: 0, sessions: 0, failures: 0, issues: 0 },
    listeners: new Set(),
  }
}

/**
 * Publishes a checkpoint as the watermark. When a topic last moved is kept in memory only: after a restart
 * it is no later than the checkpoint's own time, so that is what is said.
 */
export function announce(
  state: State,
  checkpoint: Checkpoint,
  moved: Map<string, Position> = new Map(),
) {
  const topics = new Map(
    [...checkpoint.topics].map(([topic, lsn]) => {
      const known = state.watermark?.topics.get(topic)
      const commitAt = moved.get(topic)?.commitAt ?? known?.commitAt ?? checkpoint.commitAt
      return [topic, { lsn, commitAt }]
    }),
  )
  const { lsn, commitAt, appliedAt } = checkpoint
  state.epoch = checkpoint.epoch
  state.watermark = { lsn, commitAt, appliedAt, topics }
  for (const listener of state.listeners) listener(state.watermark)
}

export function count(state: State, batch: Batch, write: LastWrite) {
  state.counters.changes += batch.changes
  state.counters.batches += 1
  state.counters.inserts += batch.facts.length + batch.mirrors.length
  state.lastWriteMs = write.ms
}
