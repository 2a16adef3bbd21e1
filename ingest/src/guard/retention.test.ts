import { expect, test } from 'vitest'
import { levelOf } from './retention.ts'

const GB = 1024 ** 3
const LIMITS = { warnBytes: GB, dropBytes: 0 }
const slot = {
  active: true,
  wal_status: 'reserved',
  retained_bytes: 0,
  safe_bytes: null,
  spilled_bytes: 0,
}

test('a slot that holds back little is nothing to speak of', () => {
  expect(levelOf({ ...slot, retained_bytes: GB / 2 }, LIMITS)).toBe('ok')
})

test('a gigabyte held back is a warning, where Postgres would keep it for ever', () => {
  expect(levelOf({ ...slot, retained_bytes: GB }, LIMITS)).toBe('warning')
})

test('half of what Postgres keeps at most is a warning, four fifths an alarm', () => {
  const half = { ...slot, retained_bytes: GB / 10, safe_bytes: GB / 10 }
  expect(levelOf(half, LIMITS)).toBe('warning')
  expect(levelOf({ ...half, retained_bytes: GB * 0.17, safe_bytes: GB * 0.03 }, LIMITS)).toBe(
    'alarm',
  )
})

test('a slot that Postgres is about to give up, or has given up, is an alarm', () => {
  for (const wal_status of ['unreserved', 'lost'])
    expect(levelOf({ ...slot, wal_status }, LIMITS)).toBe('alarm')
})

test('a limit of our own counts like that of Postgres', () => {
  const limits = { warnBytes: GB, dropBytes: GB / 10 }
  expect(levelOf({ ...slot, retained_bytes: GB / 11 }, limits)).toBe('alarm')
})
