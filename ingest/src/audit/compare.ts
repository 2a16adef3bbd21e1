import type { Compared, Digest } from './digest.ts'

/** A range and day whose two sides are not the same. */
export type Deviation = {
  range: bigint
  day: string
  postgres: Digest | null
  clickhouse: Digest | null
}

export type Comparison = { checks: number; deviations: Deviation[] }

/** Count, hash and every sum of each group, on both sides; a group only one side has is a deviation. */
export function compare({ postgres, clickhouse }: Compared): Comparison {
  const keys = new Set([...postgres.keys(), ...clickhouse.keys()])
  const deviations: Deviation[] = []
  for (const key of keys) {
    const [one, other] = [postgres.get(key) ?? null, clickhouse.get(key) ?? null]
    if (isSame(one, other)) continue
    const { range, day } = one ?? other ?? { range: 0n, day: '' }
    deviations.push({ range, day, postgres: one, clickhouse: other })
  }
  return { checks: keys.size, deviations }
}

function isSame(one: Digest | null, other: Digest | null): boolean {
  return (
    one !== null &&
    other !== null &&
    one.count === other.count &&
    one.hash === other.hash &&
    one.sums.every((sum, index) => sum === other.sums[index])
  )
}

/** What a key has on each side: the hash of its row, and how many rows ClickHouse has of it. */
export type KeyHashes = {
  postgres: Map<string, bigint>
  clickhouse: Map<string, { count: number; hash: bigint }>
}

/**
 * missing: Postgres alone has it. extra: ClickHouse alone has it. doubled: ClickHouse has it more than once.
 * differs: one row each, not the same. ahead: its version is from a future that has not happened.
 */
export type Damage = 'missing' | 'extra' | 'doubled' | 'differs' | 'ahead'

export function damagesOf({ postgres, clickhouse }: KeyHashes): { key: string; damage: Damage }[] {
  const damages: { key: string; damage: Damage }[] = []
  for (const [key, hash] of postgres) {
    const copy = clickhouse.get(key)
    if (!copy) damages.push({ key, damage: 'missing' })
    else if (copy.count > 1) damages.push({ key, damage: 'doubled' })
    else if (copy.hash !== hash) damages.push({ key, damage: 'differs' })
  }
  for (const key of clickhouse.keys()) {
    if (!postgres.has(key)) damages.push({ key, damage: 'extra' })
  }
  return damages
}
