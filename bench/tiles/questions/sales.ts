/** The executive page: totals, hours, shares. */
import type { Dialect } from '../dialect.ts'
import {
  MEASURED,
  netOf,
  PAID,
  paidOf,
  REVENUE,
  SALES,
  type Parts,
  type Question,
} from './question.ts'

const STEPS = ['visit', 'view', 'cart', 'order', 'paid']
const base = { group: 'today', as: 'admin' } as const

export function salesQuestions(parts: Parts): Question[] {
  return [
    salesTotals(parts),
    salesByHourAWeekAgo(parts),
    profitTotals(parts),
    funnelTotals(parts),
    revenueByHour(parts),
    channelShare(parts),
    regionsThatSold(parts),
  ]
}

function salesTotals({ setting, over }: Parts): Question {
  return {
    ...base,
    name: 'sales totals',
    tiles: ['revenue', 'orders', 'average-order'],
    query: { measures: SALES, ...over('sales', setting.today) },
    columns: ['sales.revenue_cents', 'sales.order_count'],
    sql: (d) =>
      `select ${netOf(d)}, ${paidOf(d)} from ${d.table('journal_entry')} where ${d.during(setting.today)}`,
  }
}

function salesByHourAWeekAgo({ setting, over }: Parts): Question {
  return {
    ...base,
    name: 'sales by hour, a week ago',
    tiles: ['revenue', 'orders', 'average-order'],
    query: { measures: SALES, ...over('sales', setting.weekBefore, 'hour'), limit: 25 },
    columns: ['sales.at.hour', 'sales.revenue_cents', 'sales.order_count'],
    sql: (d) =>
      `select ${d.bucket('hour')} as hour, ${netOf(d)}, ${paidOf(d)} from ${d.table('journal_entry')}
       where account in ('sales', 'shipping_income', 'discount', 'refund', 'cogs', 'commission', 'fee', 'cash')
         and ${d.during(setting.weekBefore)} group by hour`,
  }
}

function profitTotals({ setting, over }: Parts): Question {
  return {
    ...base,
    name: 'profit totals',
    tiles: ['gross-profit', 'net-profit', 'profit'],
    query: {
      measures: [...Object.keys(PROFIT), 'profit.gross_margin', 'profit.net_margin'],
      ...over('profit', setting.today),
    },
    columns: Object.keys(PROFIT),
    sql: (d) =>
      `select ${profitOf(d).join(', ')} from ${d.table('journal_entry')} where ${d.during(setting.today)}`,
  }
}

function funnelTotals({ setting, over }: Parts): Question {
  return {
    ...base,
    name: 'funnel totals',
    tiles: ['conversion', 'funnel'],
    query: {
      measures: [
        ...['visits', 'views', 'carts', 'orders', 'paid', 'conversion_rate'].map(
          (name) => `conversion.${name}`,
        ),
      ],
      ...over('conversion', setting.today),
    },
    columns: ['visits', 'views', 'carts', 'orders', 'paid'].map((name) => `conversion.${name}`),
    sql: (d) =>
      `select ${STEPS.map((step) => d.countIf(`step = '${step}'`)).join(', ')}
       from ${d.table('funnel_event')} where ${d.during(setting.today)}`,
  }
}

function revenueByHour({ setting, over }: Parts): Question {
  return {
    ...base,
    name: 'revenue by hour',
    tiles: ['hours'],
    query: {
      measures: ['sales.revenue_cents'],
      ...over('sales', setting.today, 'hour'),
      limit: 25,
    },
    columns: ['sales.at.hour', 'sales.revenue_cents'],
    sql: (d) =>
      `select ${d.bucket('hour')} as hour, ${netOf(d)} from ${d.table('journal_entry')}
       where ${d.during(setting.today)} group by hour`,
  }
}

function channelShare({ setting, over }: Parts): Question {
  return {
    ...base,
    name: 'channel share',
    tiles: ['channels'],
    query: {
      measures: ['sales.revenue_cents'],
      dimensions: ['sales.channel', 'sales.channel_name'],
      ...over('sales', setting.today),
      limit: 50,
    },
    columns: ['sales.channel', 'sales.channel_name', 'sales.revenue_cents'],
    sql: (d) =>
      `select code, name, revenue
       from (
         select channel_id, ${netOf(d)} as revenue
         from ${d.table('journal_entry')} where ${d.during(setting.today)} group by channel_id
       ) as share
       join ${d.table('channel')} as channel on channel.id = share.channel_id`,
  }
}

function regionsThatSold({ setting, over }: Parts): Question {
  return {
    ...base,
    name: 'regions that sold',
    tiles: [],
    query: {
      measures: ['sales.order_count'],
      dimensions: ['sales.region'],
      filters: [{ member: 'sales.region', operator: 'set' }],
      ...over('sales', setting.month),
      limit: 50,
    },
    columns: ['sales.region', 'sales.order_count'],
    sql: (d) =>
      `select region, sum(orders)
       from (
         select distributor_id, count(*) as orders
         from ${d.table('journal_entry')}
         where ${PAID} and ${d.during(setting.month)} group by distributor_id
       ) as sold
       join ${d.table('distributor')} as distributor on distributor.id = sold.distributor_id
       where region is not null
       group by region`,
  }
}

const PROFIT: Record<string, string> = {
  'profit.gross_sales_cents': "account in ('sales', 'shipping_income')",
  'profit.discount_cents': "account = 'discount'",
  'profit.refund_cents': "account = 'refund'",
  'profit.revenue_cents': REVENUE,
  'profit.cogs_cents': "account = 'cogs'",
  'profit.gross_profit_cents':
    "account in ('sales', 'shipping_income', 'discount', 'refund', 'cogs')",
  'profit.commission_cents': "account = 'commission'",
  'profit.fee_cents': "account = 'fee'",
  'profit.net_profit_cents': MEASURED,
}
/** Deductions are shown as positive numbers, as the journal has them. */
const DEDUCTION = /discount|refund_|cogs|commission|fee/

function profitOf(d: Dialect) {
  return Object.entries(PROFIT).map(([name, condition]) =>
    d.sumIf(DEDUCTION.test(name) ? 'amount_cents' : '-amount_cents', condition),
  )
}
