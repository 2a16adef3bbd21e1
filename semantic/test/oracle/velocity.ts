/** Velocity a second way: from order lines and levels. */
import { ratio, type Relation, type ViewOracle } from './kind.ts'
import { A_PERCENT, B_PERCENT, DEAD_DAYS, VELOCITY_WEEKS } from './parameters.ts'

const DAYS = VELOCITY_WEEKS * 7

/** Once, and not for every row. */
const TODAY = `(select business_day(statement_timestamp()))`

const LATELY = `between ${TODAY} - ${DAYS} and ${TODAY} - 1`

export const VELOCITY_RELATIONS: Relation[] = [
  [
    'oracle_sku_week',
    `
      select sku.id as sku_id, week.number, coalesce(sum(fact.units) filter (where fact.sold is not null), 0) as units
      from sku
      cross join generate_series(0, ${VELOCITY_WEEKS - 1}) as week (number)
      left join oracle_fact as fact on fact.sku_id = sku.id
        and fact.day between ${TODAY} - 7 - 7 * week.number
          and ${TODAY} - 1 - 7 * week.number
      group by sku.id, week.number
    `,
    'kept',
  ],
  [
    'oracle_sku',
    `
      select sku.id as sku_id, sku.name as sku, sku.product_id, product.name as product, product.category,
        coalesce(lately.units, 0) as units, coalesce(lately.revenue, 0) as revenue, coalesce(lately.cogs, 0) as cogs,
        coalesce(level.on_hand, 0) as on_hand, coalesce(level.value, 0) as value, ever.first_day as first_sale_day,
        ever.last_day as last_sale_day, demand.mean, demand.deviation,
        ${TODAY} - coalesce(ever.last_day, arrived.day) as idle_days
      from sku
      join product on product.id = sku.product_id
      left join (
        select sku_id, sum(units) as units, sum(gross - discount - refund) as revenue, sum(cogs) as cogs
        from oracle_fact
        where day ${LATELY}
        group by sku_id
      ) as lately on lately.sku_id = sku.id
      left join (
        select sku_id, min(day) as first_day, max(day) as last_day
        from oracle_fact
        where sold is not null
        group by sku_id
      ) as ever on ever.sku_id = sku.id
      left join (
        select sku_id, sum(on_hand) as on_hand, sum(value_cents) as value
        from stock_level
        group by sku_id
      ) as level on level.sku_id = sku.id
      left join (
        select sku_id, min(business_day) as day
        from stock_move
        group by sku_id
      ) as arrived on arrived.sku_id = sku.id
      left join (
        select sku_id, avg(units) as mean, stddev_pop(units) as deviation
        from oracle_sku_week
        group by sku_id
      ) as demand on demand.sku_id = sku.id
      where not sku.is_service
    `,
    'kept',
  ],
  [
    'oracle_velocity',
    `
      select goods.*, goods.on_hand > 0 and goods.idle_days > ${DEAD_DAYS} as is_dead,
        case when goods.revenue <= 0 then 'C'
          when better.revenue * 100 < total.revenue * ${A_PERCENT} then 'A'
          when better.revenue * 100 < total.revenue * ${B_PERCENT} then 'B' else 'C' end as abc,
        case when goods.mean = 0 then 'Z' when goods.deviation <= goods.mean / 2 then 'X'
          when goods.deviation <= goods.mean then 'Y' else 'Z' end as xyz
      from oracle_sku as goods
      cross join (select sum(greatest(revenue, 0)) as revenue from oracle_sku) as total
      cross join lateral (
        select coalesce(sum(greatest(other.revenue, 0)), 0) as revenue
        from oracle_sku as other
        where other.revenue > goods.revenue or (other.revenue = goods.revenue and other.sku_id < goods.sku_id)
      ) as better
    `,
  ],
]

export const VELOCITY_ORACLE: Record<string, ViewOracle> = {
  product_velocity: {
    from: 'oracle_velocity',
    scope: null,
    dimensions: {
      stock_state: `case when is_dead then 'dead' when on_hand > 0 then 'moving' else 'none' end`,
    },
    measures: {
      sku_count: 'count(*)',
      units: 'sum(units)',
      revenue_cents: 'sum(revenue)',
      cogs_cents: 'sum(cogs)',
      on_hand: 'sum(on_hand)',
      stock_value_cents: 'sum(value)',
      sell_through: ratio('sum(units)', 'sum(units) + sum(on_hand)'),
      days_of_cover: `case when sum(units) > 0 then round(sum(on_hand) * ${DAYS}.0 / sum(units), 1) end`,
      turnover: `case when sum(value) > 0 then round(sum(cogs) * 365.0 / (sum(value) * ${DAYS}), 2) end`,
      dead_sku_count: 'count(*) filter (where is_dead)',
      dead_units: 'coalesce(sum(on_hand) filter (where is_dead), 0)',
      dead_value_cents: 'coalesce(sum(value) filter (where is_dead), 0)',
      idle_days: 'max(idle_days)',
      demand_variation: 'max(case when mean > 0 then round(deviation / mean, 4) end)',
    },
  },
}
