/**
 * What a part of a purchase costs when nobody says: so much of the expected cost as has arrived by now, less what was
 * posted before. Parts add up to the whole, to the cent.
 */
export function shareOf(
  purchase: {
    quantity: number
    cost_cents: string
    received_quantity: number
    received_cost_cents: string
  },
  arrived: number,
): string {
  const whole = BigInt(purchase.cost_cents)
  const quantity = BigInt(purchase.quantity)
  const soFar = BigInt(purchase.received_quantity + arrived)
  const due = (whole * soFar * 2n + quantity) / (quantity * 2n)
  const share = due - BigInt(purchase.received_cost_cents)
  return (share > 0n ? share : 0n).toString()
}
