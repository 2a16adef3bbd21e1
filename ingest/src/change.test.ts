import fc from 'fast-check'
import { expect, test } from 'vitest'
import { versionOf } from './change.ts'

const place = fc.record({
  epoch: fc.integer({ min: 0, max: 2 ** 16 - 1 }),
  // Few enough that equal ones are met.
  lsn: fc.oneof(fc.bigInt({ min: 0n, max: 3n }), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
  seq: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
})

test('versions order as epoch, then commit, then place in the transaction', () => {
  fc.assert(
    fc.property(place, place, (one, other) => {
      const isLater =
        one.epoch > other.epoch ||
        (one.epoch === other.epoch &&
          (one.lsn > other.lsn || (one.lsn === other.lsn && one.seq > other.seq)))
      expect(
        versionOf(one.epoch, one.lsn, one.seq) > versionOf(other.epoch, other.lsn, other.seq),
      ).toBe(isLater)
    }),
  )
})

test('the highest version still fits an unsigned 128-bit number', () => {
  expect(versionOf(2 ** 16 - 1, 2n ** 64n - 1n, 2 ** 32 - 1)).toBeLessThan(2n ** 128n)
})
