import { expect, test } from 'vitest'
import { createHistogram, linesOf, observe, quantileMs } from './histogram.ts'

test('buckets add up from below, in seconds, and the last holds all', () => {
  const histogram = createHistogram()
  for (const ms of [0.5, 7, 7, 90, 7_200_000]) observe(histogram, ms)
  const lines = linesOf('lag', 'stage="facts"', histogram)
  expect(lines).toContain('lag_bucket{stage="facts",le="0.001"} 1')
  expect(lines).toContain('lag_bucket{stage="facts",le="0.01"} 3')
  expect(lines).toContain('lag_bucket{stage="facts",le="3600"} 4')
  expect(lines).toContain('lag_bucket{stage="facts",le="+Inf"} 5')
  expect(lines).toContain('lag_count{stage="facts"} 5')
})

test('a quantile is the bound its bucket ends at; nobody knows one before the first', () => {
  const histogram = createHistogram()
  expect(quantileMs(histogram, 0.5)).toBe(null)
  for (let n = 0; n < 99; n += 1) observe(histogram, 12)
  observe(histogram, 450)
  expect(quantileMs(histogram, 0.5)).toBe(15)
  expect(quantileMs(histogram, 0.99)).toBe(15)
  expect(quantileMs(histogram, 1)).toBe(500)
})

test('a clock that was set back makes no negative time', () => {
  const histogram = createHistogram()
  observe(histogram, -3_600_000)
  expect(histogram.sumMs).toBe(0)
  expect(quantileMs(histogram, 0.5)).toBe(1)
})
