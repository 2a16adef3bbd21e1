/** What a distributor's page asks; he sees his own part of everything. */
import { netOf, REVENUE, type Parts, type Question } from './question.ts'

const base = { group: 'portal', as: 'distributor', tiles: [] } as const

export function portalQuestions(parts: Parts): Question[] {
  return [teamSalesByDay(parts), teamsBelow(parts), bestProducts(parts), commissionByState(parts)]
}

function teamSalesByDay({ setting, over }: Parts): Question {
  const own = {
    member: 'distributors.distributor_id',
    operator: 'equals',
    values: [String(setting.distributor_id)],
  }
  return {
    ...base,
    name: 'portal: team sales by day',
    query: {
      measures: ['distributors.team_revenue_cents'],
      dimensions: ['distributors.business_day'],
      filters: [own],
      order: { 'distributors.business_day': 'asc' },
      ...over('distributors', setting.month),
      limit: 62,
    },
    columns: ['distributors.business_day', 'distributors.team_revenue_cents'],
    sql: (d) =>
      `select business_day, ${netOf(d)} from ${d.table('journal_entry')}
       where ${REVENUE} and ${d.holds('ancestor_ids', setting.distributor_id)} and ${d.during(setting.month)}
       group by business_day order by business_day`,
  }
}

function teamsBelow({ setting, over }: Parts): Question {
  const children = {
    member: 'distributors.parent_id',
    operator: 'equals',
    values: [String(setting.distributor_id)],
  }
  return {
    ...base,
    name: 'portal: teams below',
    query: {
      measures: [
        ...['own_revenue_cents', 'team_revenue_cents', 'team_order_count'].map(
          (name) => `distributors.${name}`,
        ),
      ],
      dimensions: ['distributors.distributor_id'],
      filters: [children],
      ...over('distributors', setting.month),
      limit: 500,
    },
    columns: [
      'distributors.distributor_id',
      'distributors.team_revenue_cents',
      'distributors.own_revenue_cents',
    ],
    sql: (d) =>
      `select node_id, team_cents, own_cents
       from ${d.teams(`${d.holds('ancestor_ids', setting.distributor_id)} and ${d.during(setting.month)}`)} as team
       join ${d.table('distributor')} as distributor on distributor.id = team.node_id
       where distributor.parent_id = ${setting.distributor_id}`,
  }
}

function bestProducts({ setting, over }: Parts): Question {
  return {
    ...base,
    name: 'portal: best products',
    query: {
      measures: ['sales.revenue_cents', 'sales.units'],
      dimensions: ['sales.product_id', 'sales.product'],
      order: { 'sales.revenue_cents': 'desc' },
      ...over('sales', setting.month),
      limit: 6,
    },
    columns: ['sales.revenue_cents'],
    sql: (d) =>
      `select revenue, units, name
       from (
         select product_id, ${netOf(d)} as revenue, sum(quantity) as units from ${d.table('journal_entry')}
         where ${d.holds('ancestor_ids', setting.distributor_id)} and ${d.during(setting.month)}
         group by product_id order by revenue desc limit 6
       ) as top
       left join ${d.table('product')} as product on product.id = top.product_id`,
  }
}

function commissionByState({ setting }: Parts): Question {
  return {
    ...base,
    name: 'portal: commission by state',
    query: {
      measures: ['commissions.amount_cents'],
      dimensions: ['commissions.state', 'commissions.level'],
    },
    columns: ['commissions.state', 'commissions.level', 'commissions.amount_cents'],
    sql: (d) =>
      `select state, level, sum(amount_cents) from ${d.table('commission_entry')}
       where distributor_id = ${setting.distributor_id} group by state, level`,
  }
}
