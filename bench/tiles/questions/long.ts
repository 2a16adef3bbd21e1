/** No tile of the executive page, but what somebody will ask next: months, quarters, years. */
import { MEASURED, netOf, paidOf, SALES, type Parts, type Question } from './question.ts'

const base = { group: 'long', as: 'admin', tiles: [] } as const

export function longQuestions(parts: Parts): Question[] {
  return [
    salesByMonthTwoYears(parts),
    profitByChannelTwoYears(parts),
    bestProductsAQuarter(parts),
    teamRankingAQuarter(parts),
  ]
}

function salesByMonthTwoYears({ setting, over }: Parts): Question {
  return {
    ...base,
    name: 'sales by month, two years',
    query: { measures: SALES, ...over('sales', setting.twoYears, 'month') },
    columns: ['sales.at.month', 'sales.revenue_cents', 'sales.order_count'],
    sql: (d) =>
      `select ${d.bucket('month')} as month, ${netOf(d)}, ${paidOf(d)} from ${d.table('journal_entry')}
       where ${d.during(setting.twoYears)} group by month`,
  }
}

function profitByChannelTwoYears({ setting, over }: Parts): Question {
  return {
    ...base,
    name: 'profit by channel, two years',
    query: {
      measures: ['profit.revenue_cents', 'profit.net_profit_cents', 'profit.net_margin'],
      dimensions: ['profit.channel'],
      ...over('profit', setting.twoYears),
    },
    columns: ['profit.channel', 'profit.revenue_cents', 'profit.net_profit_cents'],
    sql: (d) =>
      `select code, revenue, net
       from (
         select channel_id, ${netOf(d)} as revenue,
           ${d.sumIf('-amount_cents', MEASURED)} as net
         from ${d.table('journal_entry')} where ${d.during(setting.twoYears)} group by channel_id
       ) as share
       join ${d.table('channel')} as channel on channel.id = share.channel_id`,
  }
}

function bestProductsAQuarter({ setting, over }: Parts): Question {
  return {
    ...base,
    name: 'best products, a quarter',
    query: {
      measures: ['products.revenue_cents', 'products.units'],
      dimensions: ['products.product_id', 'products.product'],
      order: { 'products.revenue_cents': 'desc' },
      ...over('products', setting.quarter),
      limit: 20,
    },
    columns: ['products.revenue_cents'],
    sql: (d) =>
      `select revenue, units, name
       from (
         select product_id, ${netOf(d)} as revenue, sum(quantity) as units from ${d.table('journal_entry')}
         where ${d.during(setting.quarter)} group by product_id order by revenue desc limit 20
       ) as top
       left join ${d.table('product')} as product on product.id = top.product_id`,
  }
}

function teamRankingAQuarter({ setting, over }: Parts): Question {
  return {
    ...base,
    name: 'team ranking, a quarter',
    query: {
      measures: ['distributors.team_revenue_cents'],
      dimensions: ['distributors.distributor'],
      order: { 'distributors.team_revenue_cents': 'desc' },
      ...over('distributors', setting.quarter),
      limit: 20,
    },
    columns: ['distributors.team_revenue_cents'],
    sql: (d) =>
      `select team_cents, name
       from (select * from ${d.teams(d.during(setting.quarter))} as team order by team_cents desc limit 20) as top
       join ${d.table('distributor')} as distributor on distributor.id = top.node_id`,
  }
}
