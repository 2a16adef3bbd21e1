/** What an order costs, line by line, in whole minor units: the lines add up to the header exactly. */
import { invalid, Refusal } from '../lib/refusal.ts'
import { CENTS_MAX } from '../lib/schema.ts'

export type PricedLine = {
  sku_id: number
  quantity: number
  unit_price_cents: bigint
  list_cents: bigint
  discount_cents: bigint
  total_cents: bigint
}

export type PricedOrder = {
  lines: PricedLine[]
  list_cents: bigint
  discount_cents: bigint
  shipping_cents: bigint
  total_cents: bigint
}

type Wanted = {
  lines: { sku_id: number; quantity: number; price_cents: bigint }[]
  discount_cents: bigint
  shipping_cents: bigint
}

export function priceOrder({ lines, discount_cents, shipping_cents }: Wanted): PricedOrder {
  const lists = lines.map((line) => line.price_cents * BigInt(line.quantity))
  const list = lists.reduce((sum, amount) => sum + amount, 0n)
  if (list + shipping_cents > CENTS_MAX) {
    throw new Refusal(
      422,
      'AMOUNT_TOO_LARGE',
      'The order is worth more than can be kept',
      `The order is worth ${list + shipping_cents} minor units; at most ${CENTS_MAX} can be kept`,
    )
  }
  if (discount_cents > list) throw invalid('discount_cents', 'is more than the lines are worth')

  const discounts = allocate(discount_cents, lists)
  return {
    lines: lines.map(({ sku_id, quantity, price_cents }, index) => {
      const list_cents = lists[index] ?? 0n
      const lineDiscount = discounts[index] ?? 0n
      return {
        sku_id,
        quantity,
        unit_price_cents: price_cents,
        list_cents,
        discount_cents: lineDiscount,
        total_cents: list_cents - lineDiscount,
      }
    }),
    list_cents: list,
    discount_cents,
    shipping_cents,
    total_cents: list - discount_cents + shipping_cents,
  }
}

/**
 * Splits an amount in proportion to weights, by largest remainder: the parts add up to the amount, and
 * none differs from its exact share by a whole unit. Equal remainders go to the earlier line.
 */
export function allocate(amount: bigint, weights: bigint[]): bigint[] {
  const whole = weights.reduce((sum, weight) => sum + weight, 0n)
  if (whole === 0n) return weights.map(() => 0n)

  const shares = weights.map((weight, index) => ({
    index,
    floor: (amount * weight) / whole,
    remainder: (amount * weight) % whole,
  }))
  const left = amount - shares.reduce((sum, { floor }) => sum + floor, 0n)
  const roundedUp = new Set(
    shares
      .toSorted((a, b) =>
        a.remainder === b.remainder ? a.index - b.index : a.remainder < b.remainder ? 1 : -1,
      )
      .slice(0, Number(left))
      .map(({ index }) => index),
  )
  return shares.map(({ index, floor }) => (roundedUp.has(index) ? floor + 1n : floor))
}
