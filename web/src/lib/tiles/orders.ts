import type { Dimension } from '../../../../dashboards/define.ts'
import { viewOf } from './member.ts'
import { wordOf } from './turn.ts'

/** Views whose numbers are sums over the lines of orders. */
const OF_ORDERS = ['sales', 'profit', 'products', 'distributors', 'distributor_performance']

/** Views that tell of goods and sellers as they stand, whose orders can be listed all the same. */
const WITH_ORDERS = [...OF_ORDERS, 'product_velocity']

/** Dimensions that lines of orders have too, under the same word. */
const SHARED: Record<string, Dimension> = {
  channel: 'order_lines.channel',
  region: 'order_lines.region',
  distributor_id: 'order_lines.distributor_id',
  product_id: 'order_lines.product_id',
  sku_id: 'order_lines.sku_id',
  category: 'order_lines.category',
  customer_segment: 'order_lines.customer_segment',
}

export function isOfOrders(measure: string) {
  return OF_ORDERS.includes(viewOf(measure))
}

/** What a row is, as lines of orders know it; nothing, where they do not: visits by link, customers by standing. */
export function orderMember(id: Dimension): Dimension | undefined {
  return WITH_ORDERS.includes(viewOf(id)) ? SHARED[wordOf(id)] : undefined
}
