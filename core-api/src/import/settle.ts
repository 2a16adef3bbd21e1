/** What the rules' verdict makes of a line's signs. A line that is not understood is refused, none is bent. */
import type { Amounts } from './amount.ts'
import type { Verdict } from './rules.ts'
import { type Head, type Line, type Refused, refuse } from './staged.ts'

const CENTS_MAX = 9_000_000_000_000_000n
const QUANTITY_MAX = 1_000_000_000n

export function settle(
  head: Head,
  verdict: Verdict,
  quantity: bigint,
  worth: Amounts,
): Line | Refused {
  const { kind, role, amounts, isReturnByLine } = verdict
  const no = (field: string, code: string, message: string) =>
    refuse(head.document, field, code, message)
  if (verdict.refusal !== null) return no('rules', 'REFUSED', verdict.refusal)
  if (quantity > QUANTITY_MAX || quantity < -QUANTITY_MAX || tooMuch(worth)) {
    return no('amount', 'TOO_LARGE', 'the line is worth more than can be kept')
  }

  const flip = kind === 'return' && amounts === 'negative' ? -1n : 1n
  const sign = kind === 'write_off' ? -1n : flip
  // Freight for nothing is no income; it stays a line of the order.
  const isLine = role === 'shipping' && worth.total_cents === 0n
  const line: Line = {
    ...head,
    kind,
    role: isLine || role === 'service' ? 'goods' : role,
    is_service: role !== 'goods',
    // A return told by its line alone shares its number with the sale it undoes.
    external_id: isReturnByLine ? `${head.document}-R` : head.document,
    quantity: quantity * sign,
    unit_price_cents: worth.unit_price_cents,
    list_cents: worth.list_cents * flip,
    discount_cents: worth.discount_cents * flip,
    total_cents: worth.total_cents * flip,
    cost_cents: worth.cost_cents === null ? null : worth.cost_cents * flip,
    account: verdict.account,
  }
  return refusalOf(line) ?? line

  function refusalOf({ total_cents, list_cents, cost_cents }: Line): Refused | null {
    if (kind === 'adjustment') return null
    if (kind === 'write_off') {
      if (total_cents !== 0n)
        return no('amount', 'WRITE_OFF_WITH_VALUE', 'a write-off has no price')
      return line.quantity === 0n ? no('quantity', 'ZERO', 'nothing was written off') : null
    }
    if (role === 'discount') {
      return total_cents > 0n ? no('amount', 'SIGN', 'a discount line must be negative') : null
    }
    if (line.quantity <= 0n && role !== 'shipping') {
      return no('quantity', 'SIGN', `a ${kind} of ${quantity} pieces: no rule says what it is`)
    }
    if (total_cents < 0n || list_cents < 0n) {
      return no('amount', 'SIGN', `a ${kind} of ${worth.total_cents}: no rule says what it is`)
    }
    if (cost_cents !== null && cost_cents < 0n) return no('cost', 'SIGN', 'the cost is negative')
    return null
  }
}

function tooMuch({ list_cents, total_cents, cost_cents }: Amounts): boolean {
  return [list_cents, total_cents, cost_cents ?? 0n].some(
    (cents) => cents > CENTS_MAX || cents < -CENTS_MAX,
  )
}
