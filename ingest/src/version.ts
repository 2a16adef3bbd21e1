/** The versions of one transaction's changes, as digits: from change to change only the last of them differ. */
import { versionOf } from './change.ts'

/** As many digits as a number keeps exactly. */
const LOW_DIGITS = 15
const LOW_MAX = 10 ** LOW_DIGITS
const SEQ_STEP = 2 ** 16

export type Versions = { of(seq: number): bigint; digits(seq: number): string }

export function createVersions(epoch: number, commitLsn: bigint): Versions {
  const of = (seq: number) => versionOf(epoch, commitLsn, seq)
  const first = of(0)
    .toString()
    .padStart(LOW_DIGITS + 1, '0')
  const high = first.slice(0, -LOW_DIGITS)
  const low = Number(first.slice(-LOW_DIGITS))
  return {
    of,
    digits(seq) {
      const sum = low + seq * SEQ_STEP
      return sum < LOW_MAX ? high + String(sum).padStart(LOW_DIGITS, '0') : of(seq).toString()
    },
  }
}

/** The last change of the transaction that is at or below a version: none is 0, all of them Infinity. */
export function lastAtOrBelow({ of }: Versions, version: bigint): number {
  const first = of(0)
  if (version < first) return 0
  const seq = (version - first) / BigInt(SEQ_STEP)
  return seq >= 2n ** 32n ? Infinity : Number(seq)
}
