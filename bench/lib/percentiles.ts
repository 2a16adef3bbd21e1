export type Percentiles = { p50: number; p95: number; p99: number; max: number; n: number }

export function percentilesOf(samples: number[]): Percentiles {
  const sorted = samples.toSorted((one, other) => one - other)
  const at = (share: number) =>
    Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1))
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1), n: sorted.length }
}

export function medianOf(samples: number[]): number {
  return samples.toSorted((one, other) => one - other)[Math.floor(samples.length / 2)] ?? 0
}
