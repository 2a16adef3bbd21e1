import type { Journal } from '#lib/api/client.ts'
import { sum } from '#lib/decimal.ts'

export type Voucher = {
  id: number
  kind: string
  at: string
  entries: { id: number; account: string; debit: bigint | null; credit: bigint | null }[]
  /** What debits and credits differ by; nothing, as long as the books hold. */
  apart: bigint
}

/** Entries by the voucher they were posted with, oldest first. */
export function vouchersOf({ items }: Journal): Voucher[] {
  const vouchers = new Map<number, Voucher>()
  for (const { txn_id, kind, at, id, account, amount_cents } of items) {
    const voucher = vouchers.get(txn_id) ?? { id: txn_id, kind, at, entries: [], apart: 0n }
    const cents = BigInt(amount_cents)
    voucher.entries.push({
      id,
      account,
      debit: cents < 0n ? null : cents,
      credit: cents < 0n ? -cents : null,
    })
    vouchers.set(txn_id, voucher)
  }
  return [...vouchers.values()].map((voucher) => ({
    ...voucher,
    apart: sum(voucher.entries.map(({ debit, credit }) => (debit ?? 0n) - (credit ?? 0n))),
  }))
}
