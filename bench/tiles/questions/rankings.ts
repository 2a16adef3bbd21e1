/** The executive page: teams and products, and what stands behind the rows that are shown. */
import { MEASURED, type Parts, type Question } from './question.ts'

const base = { group: 'today', as: 'admin' } as const

export function rankingQuestions(parts: Parts): Question[] {
  return [
    teamRanking(parts),
    theSameTeamsAWeekAgo(parts),
    productRanking(parts),
    fourteenDaysOfTheProducts(parts),
  ]
}

function teamRanking({ setting, over }: Parts): Question {
  const measure = ['distributors.team_revenue_cents', 'distributors.own_revenue_cents']
  return {
    ...base,
    name: 'team ranking',
    tiles: ['distributors'],
    query: {
      measures: measure,
      dimensions: ['distributors.distributor_id', 'distributors.distributor'],
      order: { 'distributors.team_revenue_cents': 'desc' },
      ...over('distributors', setting.today),
      limit: 8,
      total: true,
    },
    columns: measure,
    sql: (d) =>
      `select team_cents, own_cents, node_id, name
       from (select * from ${d.teams(d.during(setting.today))} as team order by team_cents desc limit 8) as top
       join ${d.table('distributor')} as distributor on distributor.id = top.node_id`,
  }
}

function theSameTeamsAWeekAgo({ setting, over }: Parts): Question {
  const nodes = setting.top_distributors.join(', ')
  return {
    ...base,
    name: 'the same teams a week ago',
    tiles: ['distributors'],
    query: {
      measures: ['distributors.team_revenue_cents'],
      dimensions: ['distributors.distributor_id'],
      filters: [
        {
          member: 'distributors.distributor_id',
          operator: 'equals',
          values: setting.top_distributors,
        },
      ],
      ...over('distributors', setting.sameTime),
      limit: 25,
    },
    columns: ['distributors.distributor_id', 'distributors.team_revenue_cents'],
    sql: (d) =>
      `select node_id, team_cents from ${d.teams(d.during(setting.sameTime))} as team
       where node_id in (${nodes})`,
  }
}

function productRanking({ setting, over }: Parts): Question {
  return {
    ...base,
    name: 'product ranking',
    tiles: ['velocity'],
    query: {
      measures: ['sales.units'],
      dimensions: ['sales.product_id', 'sales.product'],
      filters: [{ member: 'sales.product_id', operator: 'set' }],
      order: { 'sales.units': 'desc' },
      ...over('sales', setting.today),
      limit: 7,
      total: true,
    },
    columns: ['sales.units'],
    sql: (d) =>
      `select units, product_id, name
       from (
         select product_id, sum(quantity) as units from ${d.table('journal_entry')}
         where product_id is not null and ${d.during(setting.today)}
         group by product_id order by units desc limit 7
       ) as top
       join ${d.table('product')} as product on product.id = top.product_id`,
  }
}

function fourteenDaysOfTheProducts({ setting, over }: Parts): Question {
  const products = setting.top_products.join(', ')
  const filters = [{ member: 'sales.product_id', operator: 'equals', values: setting.top_products }]
  return {
    ...base,
    name: 'fourteen days of the products',
    tiles: ['velocity'],
    query: {
      measures: ['sales.units'],
      dimensions: ['sales.product_id'],
      filters,
      ...over('sales', setting.fourteenDays, 'day'),
      limit: 98,
    },
    columns: ['sales.product_id', 'sales.at.day', 'sales.units'],
    sql: (d) =>
      `select product_id, ${d.bucket('day')} as day, sum(quantity) from ${d.table('journal_entry')}
       where ${MEASURED}
         and product_id in (${products}) and ${d.during(setting.fourteenDays)}
       group by product_id, day`,
  }
}
