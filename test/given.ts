/** Things that happened, made through the public API as a shop makes them. */
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { call, type Company, logIn } from './company.ts'
import type { Stack } from './stack.ts'

const Order = Type.Object({ id: Type.Integer(), order_no: Type.String() })

/** A paid order of one of the distributor's customers; what it cost is in the price list. */
export async function payOrder(
  stack: Stack,
  company: Company,
  distributor: string,
  lines: [sku: string, quantity: number][],
  taken: { discount_cents?: string } = {},
) {
  const token = await logIn(stack, stack.admin_login)
  const order: unknown = await call(stack, token, 'POST', '/orders', {
    channel_id: company.channels.web,
    customer_id: company.customers[distributor],
    ...taken,
    lines: lines.map(([sku, quantity]) => ({ sku_id: company.skus[sku], quantity })),
  })
  if (!Value.Check(Order, order)) throw new Error('the answer to a placed order is not an order')
  await call(stack, token, 'POST', `/orders/${order.id}/pay`, {})
  return order
}

/** What happens to a paid order next: its goods leave, or it is called off and the money goes back. */
export async function moveOrder(stack: Stack, { id }: { id: number }, step: 'ship' | 'cancel') {
  await call(stack, await logIn(stack, stack.admin_login), 'POST', `/orders/${id}/${step}`, {})
}
