/**
 * Answers already computed, by everything that decides them. Bounded by count and by bytes; the one not asked for
 * longest goes first. A question that is being answered is not asked twice.
 */
export type Cache<T> = {
  get(key: string, compute: () => Promise<T>): Promise<{ value: T; cached: boolean }>
  size(): { entries: number; bytes: number }
}

export type CacheLimits = { entries_max: number; bytes_max: number }

export const CACHE_LIMITS: CacheLimits = { entries_max: 2_000, bytes_max: 64 * 1024 * 1024 }

export function createCache<T>(sizeOf: (value: T) => number, limits = CACHE_LIMITS): Cache<T> {
  const kept = new Map<string, { value: T; bytes: number }>()
  const computing = new Map<string, Promise<T>>()
  let bytes = 0

  function keep(key: string, value: T) {
    const entry = { value, bytes: key.length + sizeOf(value) }
    if (entry.bytes > limits.bytes_max) return
    drop(key)
    kept.set(key, entry)
    bytes += entry.bytes
    for (const oldest of kept.keys()) {
      if (kept.size <= limits.entries_max && bytes <= limits.bytes_max) break
      drop(oldest)
    }
  }

  function drop(key: string) {
    bytes -= kept.get(key)?.bytes ?? 0
    kept.delete(key)
  }

  async function compute(key: string, work: () => Promise<T>) {
    try {
      const value = await work()
      keep(key, value)
      return value
    } finally {
      computing.delete(key)
    }
  }

  async function get(key: string, work: () => Promise<T>) {
    const entry = kept.get(key)
    if (entry) {
      // Asked for again, so it is the newest: a Map keeps the order of insertion.
      kept.delete(key)
      kept.set(key, entry)
      return { value: entry.value, cached: true }
    }
    const joined = computing.get(key)
    if (joined) return { value: await joined, cached: true }
    const computed = compute(key, work)
    computing.set(key, computed)
    return { value: await computed, cached: false }
  }

  return { get, size: () => ({ entries: kept.size, bytes }) }
}
