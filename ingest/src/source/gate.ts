/** When the source is read: not while the queue is full, and not while something older is still passed on. */
import type { Readable } from 'node:stream'

export type Gate = {
  pause(): void
  resume(): void
  /** Passes all of it on, as fast as it is taken, and reads on only then. */
  passFirst<Item>(items: AsyncIterable<Item>, take: (item: Item) => void): Promise<void>
  /** Nobody waits any more. */
  open(): void
}

export function createGate(readable: Readable): Gate {
  let isPaused = false
  let isPassing = false
  let isOpen = false
  let wake = () => {}

  return {
    pause() {
      isPaused = true
      readable.pause()
    },
    resume() {
      isPaused = false
      wake()
      if (!isPassing) readable.resume()
    },
    async passFirst(items, take) {
      isPassing = true
      readable.pause()
      for await (const item of items) {
        if (isOpen) return
        take(item)
        while (isPaused && !isOpen) await new Promise<void>((resolve) => (wake = resolve))
      }
      isPassing = false
      if (!isPaused) readable.resume()
    },
    open() {
      isOpen = true
      wake()
    },
  }
}
