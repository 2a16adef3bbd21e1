/** Chance that repeats: the same seed gives the same day. */
export type Random = () => number

/** sfc32 seeded by splitmix32: small, fast, and long enough for years of visits. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0
  let a = next()
  let b = next()
  let c = next()
  let counter = 1
  return () => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 2 ** 32
  }

  function next(): number {
    state = (state + 0x9e3779b9) | 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return mixed ^ (mixed >>> 15)
  }
}

export function between(random: Random, from: number, to: number): number {
  return from + random() * (to - from)
}

/** Waiting time until the next of events that happen `perSecond` times a second. */
export function waitMs(random: Random, perSecond: number): number {
  return (-Math.log(1 - random()) / perSecond) * 1000
}

/** 1, 2, 3 … each less likely than the one before it by `factor`. */
export function countOf(random: Random, factor: number, max: number): number {
  let count = 1
  while (count < max && random() < factor) count += 1
  return count
}

/** Picks by weight; a few are picked often and most of them hardly ever when the weights say so. */
export function picker<T>(items: T[], weightOf: (item: T, rank: number) => number) {
  const sums: number[] = []
  let whole = 0
  items.forEach((item, rank) => {
    whole += weightOf(item, rank)
    sums.push(whole)
  })
  return (random: Random): T => {
    const wanted = random() * whole
    let low = 0
    let high = sums.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((sums[middle] ?? 0) > wanted) high = middle
      else low = middle + 1
    }
    const item = items[low]
    if (item === undefined) throw new Error('there is nothing to pick from')
    return item
  }
}

export function shuffled<T>(items: T[], random: Random): T[] {
  return items
    .map((item) => ({ item, key: random() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ item }) => item)
}
