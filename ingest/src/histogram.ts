/** How long things took, in the buckets Prometheus draws quantiles from. */
const BOUNDS_MS = [
  1, 2, 5, 10, 15, 20, 30, 40, 60, 80, 100, 150, 200, 300, 500, 1_000, 2_000, 5_000, 10_000, 30_000,
  60_000, 300_000, 3_600_000,
] as const

export type Histogram = { buckets: number[]; count: number; sumMs: number }

export function createHistogram(): Histogram {
  return { buckets: BOUNDS_MS.map(() => 0), count: 0, sumMs: 0 }
}

/** A clock that was set back makes a negative time, which is none. */
export function observe(histogram: Histogram, ms: number) {
  const time = Math.max(0, ms)
  const index = BOUNDS_MS.findIndex((bound) => time <= bound)
  if (index !== -1) histogram.buckets[index] = (histogram.buckets[index] ?? 0) + 1
  histogram.count += 1
  histogram.sumMs += time
}

/** Cumulative, in seconds, as the exposition format wants it; `labels` go into each line. */
export function linesOf(name: string, labels: string, histogram: Histogram): string[] {
  let below = 0
  const lines = BOUNDS_MS.map((bound, index) => {
    below += histogram.buckets[index] ?? 0
    return `${name}_bucket{${labels},le="${bound / 1_000}"} ${below}`
  })
  return [
    ...lines,
    `${name}_bucket{${labels},le="+Inf"} ${histogram.count}`,
    `${name}_sum{${labels}} ${histogram.sumMs / 1_000}`,
    `${name}_count{${labels}} ${histogram.count}`,
  ]
}

/** The bound a share of all observations lies below, in milliseconds; null before the first. */
export function quantileMs(histogram: Histogram, share: number): number | null {
  if (histogram.count === 0) return null
  const wanted = histogram.count * share
  let below = 0
  for (const [index, bound] of BOUNDS_MS.entries()) {
    below += histogram.buckets[index] ?? 0
    if (below >= wanted) return bound
  }
  return Infinity
}
