import { expect, test } from 'vitest'
import { lingerMs, PERIOD_MS_MIN } from './linger.ts'

test('an idle stream writes at once', () => {
  expect(lingerMs({ startedAt: 1_000, ms: 20 }, 2_000, 1)).toBe(0)
})

test('a busy one whose writes are slow writes when the last is done', () => {
  expect(lingerMs({ startedAt: 1_000, ms: 40 }, 1_040, 10)).toBe(0)
})

test('one whose writes are fast waits until the next is due, and no longer whatever the clock says', () => {
  expect(lingerMs({ startedAt: 1_000, ms: 5 }, 1_005, 10)).toBe(PERIOD_MS_MIN - 5)
  expect(lingerMs({ startedAt: 9_000, ms: 5 }, 1_000, 10)).toBe(PERIOD_MS_MIN)
})

test('a batch that is large already is not kept waiting', () => {
  expect(lingerMs({ startedAt: 1_000, ms: 5 }, 1_005, 5_000)).toBe(0)
})
