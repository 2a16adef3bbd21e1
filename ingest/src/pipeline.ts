import type { Batch } from './batches.ts'
import type { Piece } from './change.ts'
import { createFinisher, type Finish } from './finish.ts'
import type { LastWrite } from './linger.ts'

export type Pipeline = Finish & {
  batches: AsyncIterable<Piece[]>
  /** Makes ready what the pieces are written to; `drain` resolves when everything before them is durable. */
  prepare?(pieces: Piece[], drain: () => Promise<void>): Promise<void>
  toBatch(pieces: Piece[]): Batch
  /** Resolves when the rows are on disk. */
  writeFacts(batch: Batch): Promise<void>
  onFacts(batch: Batch, write: LastWrite): void
}

/**
 * Facts, mirrors, checkpoint, acknowledgement, never in another order: a crash between any two of them
 * replays what is there already, and nothing is forgotten by Postgres that is not on ClickHouse's disk.
 *
 * The facts of later batches are written while earlier ones are being finished. They lie past the next
 * checkpoint, so a crash only replays them, and the high-water mark of their table skips them then.
 */
export async function runPipeline(pipeline: Pipeline): Promise<void> {
  const { batches, prepare, toBatch, writeFacts, onFacts } = pipeline
  const finisher = createFinisher(pipeline)
  try {
    for await (const pieces of batches) {
      await prepare?.(pieces, finisher.drain)
      const batch = toBatch(pieces)
      const startedAt = performance.now()
      await writeFacts(batch)
      onFacts(batch, { startedAt, ms: performance.now() - startedAt })
      await finisher.add(batch)
    }
    await finisher.drain()
  } finally {
    // Whatever ends this, nothing of it may still be under way when the next session looks.
    await finisher.settle()
  }
}
