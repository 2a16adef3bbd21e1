import type { Batch } from './batches.ts'
import type { Piece } from './change.ts'
import type { LastWrite } from './linger.ts'

export type Pipeline = {
  batches: AsyncIterable<Piece[]>
  toBatch(pieces: Piece[]): Batch
  /** Both resolve when the rows are on disk. */
  writeFacts(batch: Batch): Promise<void>
  writeMirrors(batch: Batch): Promise<void>
  /** Records how far the batch has come, durably. */
  record(batch: Batch & { upTo: NonNullable<Batch['upTo']> }): Promise<void>
  acknowledge(lsn: bigint): void
  onWritten(batch: Batch, write: LastWrite): void
}

/**
 * Facts, mirrors, checkpoint, acknowledgement, never in another order: a crash between any two of them
 * replays what is there already, and nothing is forgotten by Postgres that is not on ClickHouse's disk.
 *
 * While a batch is being finished the facts of the next are written: they are past its checkpoint, so a
 * crash only replays them, and nobody waits for a mirror to see a sale. One batch at most is ahead.
 */
export async function runPipeline(pipeline: Pipeline): Promise<void> {
  const { batches, toBatch, writeFacts, writeMirrors, record, acknowledge, onWritten } = pipeline
  let finished: Promise<void> = Promise.resolve()

  async function finish(batch: Batch, startedAt: number) {
    await writeMirrors(batch)
    if (batch.upTo) {
      await record({ ...batch, upTo: batch.upTo })
      acknowledge(batch.upTo.lsn)
    }
    onWritten(batch, { startedAt, ms: performance.now() - startedAt })
  }

  try {
    for await (const pieces of batches) {
      const batch = toBatch(pieces)
      const startedAt = performance.now()
      await writeFacts(batch)
      await finished
      finished = finish(batch, startedAt)
      // Its failure is thrown above, by whoever waits for it next.
      finished.catch(() => {})
    }
  } finally {
    // Whatever ends this, nothing of it may still be under way when the next session looks.
    await Promise.allSettled([finished])
  }
  await finished
}
