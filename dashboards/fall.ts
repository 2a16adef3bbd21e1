import type { WaterfallTile } from './define.ts'

/** From what was asked for at list price to what is kept: the same steps wherever they are drawn. */
export const fall: WaterfallTile['steps'] = [
  {
    title: { zh: '销售总额', en: 'Gross sales' },
    measure: 'profit.gross_sales_cents',
    good: 'up',
    sum: true,
  },
  {
    title: { zh: '折扣', en: 'Discounts' },
    measure: 'profit.discount_cents',
    good: 'down',
  },
  { title: { zh: '退款', en: 'Refunds' }, measure: 'profit.refund_cents', good: 'down' },
  {
    title: { zh: '销售额', en: 'Revenue' },
    measure: 'profit.revenue_cents',
    good: 'up',
    sum: true,
  },
  { title: { zh: '成本', en: 'Cost of goods' }, measure: 'profit.cogs_cents', good: 'down' },
  {
    title: { zh: '毛利', en: 'Gross profit' },
    measure: 'profit.gross_profit_cents',
    good: 'up',
    sum: true,
  },
  {
    title: { zh: '佣金', en: 'Commission' },
    measure: 'profit.commission_cents',
    good: 'down',
  },
  { title: { zh: '平台与支付', en: 'Fees' }, measure: 'profit.fee_cents', good: 'down' },
  {
    title: { zh: '净利', en: 'Net profit' },
    measure: 'profit.net_profit_cents',
    good: 'up',
    sum: true,
  },
]
