import type { Batch } from './batches.ts'
import type { Piece } from './change.ts'
import type { LastWrite } from './linger.ts'

export type Pipeline = {
  batches: AsyncIterable<Piece[]>
  toBatch(pieces: Piece[]): Batch
  /** Resolves when the batch's rows are on disk. */
  write(batch: Batch): Promise<void>
  /** Records how far the batch has come, durably. */
  record(batch: Batch & { upTo: NonNullable<Batch['upTo']> }): Promise<void>
  acknowledge(lsn: bigint): void
  onWritten(batch: Batch, write: LastWrite): void
}

/**
 * Rows, then checkpoint, then acknowledgement, never in another order: a crash between any two of them
 * replays what is there already, and nothing is forgotten by Postgres that is not on ClickHouse's disk.
 */
export async function runPipeline(pipeline: Pipeline): Promise<void> {
  const { batches, toBatch, write, record, acknowledge, onWritten } = pipeline
  for await (const pieces of batches) {
    const batch = toBatch(pieces)
    const startedAt = performance.now()
    await write(batch)
    const { upTo } = batch
    if (upTo) {
      await record({ ...batch, upTo })
      acknowledge(upTo.lsn)
    }
    onWritten(batch, { startedAt, endedAt: performance.now() })
  }
}
