import { expect, test } from 'vitest'
import { LINGER_MS_MAX, lingerMs } from './linger.ts'

test('an idle stream writes at once', () => {
  expect(lingerMs({ startedAt: 1_000, ms: 20 }, 2_000, 1)).toBe(0)
})

test('a busy one writes for at most half of the time', () => {
  expect(lingerMs({ startedAt: 1_000, ms: 20 }, 1_020, 10)).toBeCloseTo(20)
})

test('nobody waits longer than the limit, however slow the writes are', () => {
  expect(lingerMs({ startedAt: 1_000, ms: 2_000 }, 1_000, 10)).toBe(LINGER_MS_MAX)
  expect(lingerMs({ startedAt: 1_000, ms: 2_000 }, 3_000, 10)).toBe(0)
})

test('a batch that is large already is not kept waiting', () => {
  expect(lingerMs({ startedAt: 1_000, ms: 20 }, 1_020, 5_000)).toBe(0)
})
