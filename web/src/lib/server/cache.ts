type Entry<Value> = { value: Promise<Value>; until: number }

/**
 * Remembers answers for a while, at most `entries_max` of them, oldest out first. Callers who ask
 * the same at the same time share one question; a failed answer is not kept.
 */
export function createCache<Value>(entries_max: number) {
  const entries = new Map<string, Entry<Value>>()

  function get(key: string, load: () => Promise<{ value: Value; until: number }>): Promise<Value> {
    const known = entries.get(key)
    if (known && known.until > Date.now()) return known.value

    const loading = load()
    const entry: Entry<Value> = { value: loading.then(({ value }) => value), until: Infinity }
    entries.delete(key)
    entries.set(key, entry)
    loading.then(
      ({ until }) => (entry.until = until),
      () => {
        if (entries.get(key) === entry) entries.delete(key)
      },
    )
    for (const oldest of entries.keys()) {
      if (entries.size <= entries_max) break
      entries.delete(oldest)
    }
    return entry.value
  }

  return { get, forget: (key: string) => entries.delete(key) }
}
