/**
 * Answers already computed, by everything that decides them. Bounded by count and by bytes; the one not asked for
 * longest goes first. A question that is being answered is not asked twice, and is given up when all who wait have left.
 */
import { type Shared, shareWork, waitFor } from './shared.ts'
import { gone } from './turns.ts'

export type Cache<T> = {
  get(
    key: string,
    compute: (signal: AbortSignal) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<{ value: T; cached: boolean }>
  size(): { entries: number; bytes: number }
}

export type CacheLimits = { entries_max: number; bytes_max: number }

export const CACHE_LIMITS: CacheLimits = { entries_max: 2_000, bytes_max: 64 * 1024 * 1024 }

export function createCache<T>(sizeOf: (value: T) => number, limits = CACHE_LIMITS): Cache<T> {
  const shelf = createShelf(sizeOf, limits)
  const computing = new Map<string, Shared<T>>()

  function begin(key: string, work: (signal: AbortSignal) => Promise<T>): Shared<T> {
    const computed = shareWork(async (signal) => {
      try {
        const value = await work(signal)
        shelf.keep(key, value)
        return value
      } finally {
        forget(key, computed)
      }
    })
    computing.set(key, computed)
    return computed
  }

  function forget(key: string, computed: Shared<T>) {
    if (computing.get(key) === computed) computing.delete(key)
  }

  function join(key: string, computed: Shared<T>, signal: AbortSignal | undefined) {
    return waitFor(computed, signal, () => forget(key, computed))
  }

  async function get(key: string, work: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal) {
    if (signal?.aborted) throw gone()
    const entry = shelf.take(key)
    if (entry) return { value: entry.value, cached: true }
    const joined = computing.get(key)
    if (joined) return { value: await join(key, joined, signal), cached: true }
    return { value: await join(key, begin(key, work), signal), cached: false }
  }

  return { get, size: shelf.size }
}

function createShelf<T>(sizeOf: (value: T) => number, limits: CacheLimits) {
  const kept = new Map<string, { value: T; bytes: number }>()
  let bytes = 0

  function drop(key: string) {
    bytes -= kept.get(key)?.bytes ?? 0
    kept.delete(key)
  }

  return {
    take(key: string) {
      const entry = kept.get(key)
      if (entry === undefined) return undefined
      // Asked for again, so it is the newest: a Map keeps the order of insertion.
      kept.delete(key)
      kept.set(key, entry)
      return entry
    },
    keep(key: string, value: T) {
      const entry = { value, bytes: key.length + sizeOf(value) }
      if (entry.bytes > limits.bytes_max) return
      drop(key)
      kept.set(key, entry)
      bytes += entry.bytes
      for (const oldest of kept.keys()) {
        if (kept.size <= limits.entries_max && bytes <= limits.bytes_max) break
        drop(oldest)
      }
    },
    size: () => ({ entries: kept.size, bytes }),
  }
}
