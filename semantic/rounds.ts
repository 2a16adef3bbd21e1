/**
 * The same batch, asked by many who may see the same, is answered in rounds: who comes during one shares the next, which
 * begins when it is over. So a hundred pages cost what two do, and nobody is given an answer that was begun before he asked.
 */
import { type Shared, shareWork, waitFor } from './shared.ts'
import { gone } from './turns.ts'

export type Rounds<T> = (
  key: string,
  work: (signal: AbortSignal) => Promise<T>,
  signal?: AbortSignal,
) => Promise<T>

type Lane<T> = { running: Promise<void>; next: Shared<T> | null }

export function createRounds<T>(): Rounds<T> {
  const lanes = new Map<string, Lane<T>>()

  /** The lane is free again when nobody waits for a next round. */
  function begin(key: string, work: (signal: AbortSignal) => Promise<T>, after?: Promise<void>) {
    const shared = shareWork(async (signal) => {
      if (after) {
        await after
        if (signal.aborted) throw gone()
        lanes.set(key, { running, next: null })
      }
      return work(signal)
    })
    const running: Promise<void> = shared.promise.then(
      () => leave(),
      () => leave(),
    )
    function leave() {
      const lane = lanes.get(key)
      if (lane?.running === running && lane.next === null) lanes.delete(key)
    }
    return { shared, running }
  }

  return (key, work, signal) => {
    if (signal?.aborted) return Promise.reject(gone())
    const lane = lanes.get(key)
    if (!lane) {
      const { shared, running } = begin(key, work)
      lanes.set(key, { running, next: null })
      return waitFor(shared, signal, () => {})
    }
    const next = lane.next ?? begin(key, work, lane.running).shared
    lane.next = next
    return waitFor(next, signal, () => {
      if (lane.next === next) lane.next = null
    })
  }
}
