import { type Batch, mergeBatches } from './batches.ts'

/**
 * Under load, how often mirrors and the checkpoint are written: as often as anyone is told of it, and on a
 * slow disk for a third of the time at most, for facts are waiting for the same disk.
 */
export const FINISH_EVERY_MS = 100
const FINISH_EVERY_MS_MAX = 500
const FINISH_SHARE = 1 / 3
/** How much may wait with its facts written and the rest not. */
export const HELD_CHANGES_MAX = 20_000
const HELD_BYTES_MAX = 8 * 1024 * 1024

export type Finish = {
  /** Resolves when the rows are on disk. */
  writeMirrors(batch: Batch): Promise<void>
  /** Records how far the batch has come, durably. */
  record(batch: Batch & { upTo: NonNullable<Batch['upTo']> }): Promise<void>
  acknowledge(lsn: bigint): void
  onFinished(batch: Batch): void
}

export type Finisher = {
  /** Takes over a batch whose facts are on disk, and keeps what is still to do. Throws what an earlier one failed with. */
  add(batch: Batch): Promise<void>
  /** Finishes all that is held, without waiting for its time. */
  drain(): Promise<void>
  /** Resolves when nothing is under way any more, well or not. */
  settle(): Promise<void>
}

/**
 * What follows a batch's facts: mirrors, checkpoint, acknowledgement, in this order. A single batch is
 * finished at once; under load several are finished together, so that a sale does not wait for them.
 */
export function createFinisher(then: Finish): Finisher {
  const held: Batch[] = []
  let running: Promise<void> | null = null
  let timer: NodeJS.Timeout | null = null
  let startedAt = -Infinity
  let everyMs = FINISH_EVERY_MS
  let failure: { error: unknown } | null = null

  async function finishNext() {
    const batch = mergeBatches(held.splice(0, groupOf(held)))
    await then.writeMirrors(batch)
    if (batch.upTo) {
      await then.record({ ...batch, upTo: batch.upTo })
      then.acknowledge(batch.upTo.lsn)
    }
    then.onFinished(batch)
    everyMs = paceAfter(performance.now() - startedAt)
  }

  function start() {
    if (timer) clearTimeout(timer)
    timer = null
    if (running || failure || held.length === 0) return
    startedAt = performance.now()
    running = finishNext()
      .catch((error: unknown) => void (failure = { error }))
      .finally(() => (running = null))
    void running.then(schedule)
  }

  function schedule() {
    if (running || timer || failure || held.length === 0) return
    const wait = startedAt + everyMs - performance.now()
    if (wait <= 0) start()
    else timer = setTimeout(start, wait)
  }

  async function drain() {
    while (!failure && (running || held.length > 0)) {
      start()
      await running
    }
    throwFailure()
  }

  async function add(batch: Batch) {
    throwFailure()
    held.push({ ...batch, facts: [] })
    if (!isMuch(held)) return schedule()
    // The next batch is made while this much is written; more than that does not wait.
    await running
    throwFailure()
    start()
  }

  function throwFailure() {
    if (failure) throw failure.error
  }

  return {
    add,
    drain,
    async settle() {
      if (timer) clearTimeout(timer)
      held.length = 0
      await running
    },
  }
}

function paceAfter(tookMs: number): number {
  return Math.min(Math.max(FINISH_EVERY_MS, tookMs / FINISH_SHARE), FINISH_EVERY_MS_MAX)
}

/** How many are finished together: a truncate looks at what is in the table, so it begins a group and never ends one. */
function groupOf(held: Batch[]): number {
  const next = held.findIndex((batch, index) => index > 0 && batch.fences.length > 0)
  return next === -1 ? held.length : next
}

function isMuch(held: Batch[]): boolean {
  let changes = 0
  let bytes = 0
  for (const batch of held) {
    changes += batch.changes
    for (const { text } of batch.mirrors) for (const piece of text) bytes += piece.length
  }
  return changes > HELD_CHANGES_MAX || bytes > HELD_BYTES_MAX
}
