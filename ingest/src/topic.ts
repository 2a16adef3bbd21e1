/** What a page listens to. A table without an entry is a topic of its own. */
const TOPICS: Record<string, string> = {
  sales_order: 'orders',
  order_line: 'orders',
  order_event: 'orders',
  journal_entry: 'sales',
  stock_move: 'stock',
  alert: 'alerts',
  alert_event: 'alerts',
  stock_transfer: 'alerts',
  purchase_request: 'alerts',
  commission_entry: 'commissions',
  funnel_event: 'funnel',
  distributor: 'catalog',
  product: 'catalog',
  sku: 'catalog',
  price: 'catalog',
  warehouse: 'catalog',
  channel: 'catalog',
  customer: 'catalog',
  instance: 'catalog',
}

export function topicOf(table: string): string {
  return TOPICS[table] ?? table
}
