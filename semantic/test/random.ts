/** Chance that can be repeated: the same seed tells the same story. */
export type Random = {
  /** From 0 up to, not including, `below`. */
  below(below: number): number
  between(least: number, most: number): number
  chance(probability: number): boolean
  pick<T>(from: readonly T[]): T
  some<T>(from: readonly T[], most: number): T[]
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0

  function next() {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  function below(limit: number) {
    return Math.floor(next() * limit)
  }
  function pick<T>(from: readonly T[]): T {
    const picked = from[below(from.length)]
    if (picked === undefined) throw new Error('nothing to pick from')
    return picked
  }

  return {
    below,
    between: (least, most) => least + below(most - least + 1),
    chance: (probability) => next() < probability,
    pick,
    some: (from, most) => {
      const count = below(most + 1)
      return [...new Set(Array.from({ length: count }, () => pick(from)))]
    },
  }
}
