import fc from 'fast-check'
import { expect, test } from 'vitest'
import { versionOf } from './change.ts'
import { createVersions, lastAtOrBelow } from './version.ts'

const epoch = fc.integer({ min: 0, max: 2 ** 16 - 1 })
const lsn = fc.oneof(fc.bigInt({ min: 0n, max: 3n }), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }))
const seq = fc.integer({ min: 0, max: 2 ** 32 - 1 })
const change = fc.integer({ min: 1, max: 2 ** 32 - 1 })

test('the digits of a version are those of the version, wherever the transaction and the change stand', () => {
  fc.assert(
    fc.property(epoch, lsn, seq, (ofEpoch, commit, place) => {
      const digits = createVersions(ofEpoch, commit).digits(place)
      expect(BigInt(digits)).toBe(versionOf(ofEpoch, commit, place))
    }),
  )
})

test('what a table holds of a transaction is told by its version: a change up to it is there, the next is not', () => {
  fc.assert(
    // Changes count from one: of a transaction that is not there at all, none is.
    fc.property(lsn, change, lsn, seq, (commit, one, otherCommit, other) => {
      const last = lastAtOrBelow(createVersions(1, commit), versionOf(1, otherCommit, other))
      const isHeld = versionOf(1, commit, one) <= versionOf(1, otherCommit, other)
      expect(one <= last).toBe(isHeld)
    }),
  )
})
