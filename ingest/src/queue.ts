import type { Piece } from './change.ts'

/** What may wait between the source and the sink before the source is told to stop reading. */
export const QUEUE_BYTES_MAX = 8 * 1024 * 1024

/** What one batch may hold: large enough to catch up quickly, small enough to be one block of each table. */
export const BATCH_ROWS_MAX = 20_000
export const BATCH_BYTES_MAX = 6 * 1024 * 1024

export type Queue = {
  push(pieces: Piece[]): void
  /** Resolves when there is something to take; false when the queue was closed and is empty. */
  ready(): Promise<boolean>
  /** The next batch of pieces, in order; a truncate, or a new description of a table, is always the first of its batch. */
  take(): Piece[]
  size(): { rows: number; bytes: number }
  close(): void
  fail(error: Error): void
}

export function createQueue({ onFull, onDrained }: { onFull(): void; onDrained(): void }): Queue {
  const waiting: Piece[] = []
  let rows = 0
  let bytes = 0
  let isClosed = false
  let failure: Error | null = null
  let wake: (() => void) | null = null

  function signal() {
    wake?.()
    wake = null
  }

  return {
    push(pieces) {
      for (const piece of pieces) {
        waiting.push(piece)
        rows += piece.changes.length
        bytes += piece.bytes
      }
      if (bytes >= QUEUE_BYTES_MAX) onFull()
      signal()
    },
    async ready() {
      while (waiting.length === 0) {
        if (failure) throw failure
        if (isClosed) return false
        await new Promise<void>((resolve) => (wake = resolve))
      }
      if (failure) throw failure
      return !isClosed
    },
    take() {
      const taken = waiting.splice(0, batchLength(waiting))
      for (const piece of taken) {
        rows -= piece.changes.length
        bytes -= piece.bytes
      }
      if (bytes < QUEUE_BYTES_MAX / 2) onDrained()
      return taken
    },
    size: () => ({ rows, bytes }),
    close() {
      isClosed = true
      signal()
    },
    fail(error) {
      failure ??= error
      signal()
    },
  }
}

/** How many of the pieces make the next batch. */
export function batchLength(pieces: Piece[]): number {
  let rows = 0
  let bytes = 0
  for (const [index, piece] of pieces.entries()) {
    const isBarrier = piece.changes[0]?.kind === 'truncate' || piece.described !== undefined
    rows += piece.changes.length
    bytes += piece.bytes
    if (index > 0 && (isBarrier || rows > BATCH_ROWS_MAX || bytes > BATCH_BYTES_MAX)) return index
  }
  return pieces.length
}
