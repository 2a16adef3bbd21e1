import { expect, test } from 'vitest'
import { createAttempts } from './attempts.ts'

const MINUTE_MS = 60_000

test('ten failures make a login wait until its five minutes are over, in any spelling', () => {
  const attempts = createAttempts()
  for (let count = 0; count < 9; count += 1) attempts.failed('Ann', 0)
  expect(attempts.secondsToWait('ann', 0)).toBe(0)
  attempts.failed('ANN', MINUTE_MS)
  expect(attempts.secondsToWait('ann', MINUTE_MS)).toBe(240)
  expect(attempts.secondsToWait('ann', 5 * MINUTE_MS)).toBe(0)
})

test('failures of long ago do not add up with those of today', () => {
  const attempts = createAttempts()
  for (let count = 0; count < 9; count += 1) attempts.failed('ann', 0)
  for (let count = 0; count < 9; count += 1) attempts.failed('ann', 6 * MINUTE_MS)
  expect(attempts.secondsToWait('ann', 6 * MINUTE_MS)).toBe(0)
})

test('success clears the slate, and nobody waits for another', () => {
  const attempts = createAttempts()
  for (let count = 0; count < 10; count += 1) attempts.failed('ann', 0)
  expect(attempts.secondsToWait('bob', 0)).toBe(0)
  attempts.succeeded('ann')
  expect(attempts.secondsToWait('ann', 0)).toBe(0)
})

test('endless invented logins forget the oldest instead of filling the memory', () => {
  const attempts = createAttempts()
  for (let count = 0; count < 10; count += 1) attempts.failed('first', 0)
  for (let index = 0; index < 10_000; index += 1) attempts.failed(`login-${index}`, 0)
  expect(attempts.secondsToWait('first', 0)).toBe(0)
})
