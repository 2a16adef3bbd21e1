/**
 * The same numbers a second way: plain SQL over the operational tables of Postgres, not over the journal that
 * ClickHouse has a copy of. A fact is one movement of one order, with everything it is analysed by.
 */
import type { Sql } from 'postgres'

export async function createOracle(sql: Sql) {
  await createFacts(sql)
  await createViews(sql)
}

/** Amounts by order line (goods) and by order (shipping, fees), each at its own time. */
async function createFacts(sql: Sql) {
  await sql.unsafe(`
    create view oracle_movement as
    select o.id as order_id, line.sku_id, o.paid_at as at, line.list_cents as gross_goods, 0 as shipping,
      line.discount_cents as discount, 0::bigint as refund, line.quantity as units, 0::bigint as cogs, 0 as fee, o.id as sold
    from sales_order as o
    join order_line as line on line.order_id = o.id
    where o.paid_at is not null
    union all
    select o.id, null, o.paid_at, 0, o.shipping_cents, 0, 0, 0, 0,
      floor((o.total_cents::numeric * channel.fee_bps + 5000) / 10000), null
    from sales_order as o
    join channel on channel.id = o.channel_id
    where o.paid_at is not null
    union all
    select o.id, line.sku_id, back.at, 0, 0, 0, line.total_cents, -line.quantity, 0, 0, null
    from sales_order as o
    join order_line as line on line.order_id = o.id
    cross join lateral (
      select case when o.kind = 'return' then o.completed_at when o.paid_at is not null then o.cancelled_at end as at
    ) as back
    where back.at is not null
    union all
    select o.id, null, back.at, 0, 0, 0, o.shipping_cents, 0, 0, 0, null
    from sales_order as o
    cross join lateral (
      select case when o.kind = 'return' then o.completed_at when o.paid_at is not null then o.cancelled_at end as at
    ) as back
    where back.at is not null
    union all
    select o.id, line.sku_id, coalesce(o.shipped_at, o.completed_at), 0, 0, 0, 0, 0,
      case o.kind when 'return' then -line.cost_cents else line.cost_cents end, 0, null
    from sales_order as o
    join order_line as line on line.order_id = o.id
    join sku on sku.id = line.sku_id and not sku.is_service
    where o.shipped_at is not null or o.kind = 'return'
  `)
  await sql.unsafe(`
    create view oracle_fact as
    select movement.at, movement.gross_goods + movement.shipping as gross, movement.shipping, movement.discount,
      movement.refund, movement.units, movement.cogs, movement.fee, 0::bigint as commission, movement.sold,
      movement.sku_id, o.id as order_id, o.channel_id, o.distributor_id, o.customer_id, o.ancestor_ids
    from oracle_movement as movement
    join sales_order as o on o.id = movement.order_id
    union all
    select earned.at, 0, 0, 0, 0, 0, 0, 0, earned.amount_cents, null, earned.sku_id, o.id, o.channel_id,
      o.distributor_id, o.customer_id, o.ancestor_ids
    from commission_entry as earned
    join sales_order as o on o.id = earned.order_id
    where earned.kind in ('accrue', 'clawback')
  `)
}

/** What a view is asked by: the facts with the names of their dimensions. */
async function createViews(sql: Sql) {
  await sql.unsafe(`
    create view oracle_sales as
    select fact.*, business_day(fact.at)::text as business_day, channel.code as channel, channel.name as channel_name,
      distributor.region, distributor.name as distributor, customer.segment as customer_segment,
      product.id as product_id, product.name as product, product.category, sku.name as sku
    from oracle_fact as fact
    left join channel on channel.id = fact.channel_id
    left join distributor on distributor.id = fact.distributor_id
    left join customer on customer.id = fact.customer_id
    left join sku on sku.id = fact.sku_id
    left join product on product.id = sku.product_id
  `)
  await sql.unsafe(`
    create view oracle_team as
    select fact.at, business_day(fact.at)::text as business_day, fact.gross - fact.discount - fact.refund as revenue,
      fact.sold, fact.ancestor_ids, fact.distributor_id as seller_id, node.id as distributor_id,
      node.name as distributor, node.depth, node.region, node.parent_id, node.grade,
      array_position(fact.ancestor_ids, node.id) as position
    from oracle_fact as fact
    join distributor as node on node.id = any (fact.ancestor_ids)
    where fact.gross <> 0 or fact.discount <> 0 or fact.refund <> 0 or fact.sold is not null
  `)
  await sql.unsafe(`
    create view oracle_commission as
    select entry.*, entry.business_day::text as day, distributor.name as distributor
    from commission_entry as entry
    join distributor on distributor.id = entry.distributor_id
  `)
  await sql.unsafe(`
    create view oracle_visit as
    select event.at, event.business_day::text as business_day, event.step, event.ancestor_ids,
      event.distributor_id, event.promo_code, channel.code as channel, channel.name as channel_name
    from funnel_event as event
    join channel on channel.id = event.channel_id
  `)
  await sql.unsafe(`
    create view oracle_stock as
    select level.sku_id, sku.name as sku, sku.product_id, product.name as product, level.warehouse_id,
      warehouse.name as warehouse, sku.reorder_point, sku.lead_time_days, level.on_hand, level.reserved,
      level.on_hand - level.reserved as available, level.value_cents, coalesce(sold.units, 0) as sold
    from stock_level as level
    join sku on sku.id = level.sku_id
    join product on product.id = sku.product_id
    join warehouse on warehouse.id = level.warehouse_id
    left join (
      select line.sku_id, o.warehouse_id, sum(line.quantity) as units
      from order_line as line
      join sales_order as o on o.id = line.order_id
      join sku on sku.id = line.sku_id and not sku.is_service
      where o.shipped_at > now() - interval '14 days'
      group by line.sku_id, o.warehouse_id
    ) as sold on sold.sku_id = level.sku_id and sold.warehouse_id = level.warehouse_id
  `)
}

/** Postgres divides to some sixteen digits, unless the dividend has more behind the point. */
const exact = (sum: string) => `(${sum})::numeric(60, 20)`

const REVENUE = 'sum(gross - discount - refund)'
const GROSS_PROFIT = 'sum(gross - discount - refund - cogs)'
const NET_PROFIT = 'sum(gross - discount - refund - cogs - commission - fee)'
const RATIO = (part: string) =>
  `case when ${REVENUE} > 0 then round(${exact(part)} / ${REVENUE}, 6) end`

const MONEY = {
  revenue_cents: REVENUE,
  gross_sales_cents: 'sum(gross)',
  shipping_cents: 'sum(shipping)',
  discount_cents: 'sum(discount)',
  refund_cents: 'sum(refund)',
}

const SEVERITY = `case
  when available <= 0 then 'out'
  when available < sold / 14.0 * lead_time_days / 2 then 'critical'
  when available < sold / 14.0 * lead_time_days then 'soon'
  when available < sold / 14.0 * lead_time_days * 1.5 or available <= reorder_point then 'watch'
  else 'ok' end`

const STEP = (step: string) => `count(*) filter (where step = '${step}')`

export type ViewOracle = {
  from: string
  /** The rows of one distributor, as a condition on his id in $1. */
  scope: string | null
  /** Where the column that a dimension shows has another name. */
  dimensions?: Record<string, string>
  measures: Record<string, string>
}

export const ORACLE: Record<string, ViewOracle> = {
  sales: {
    from: 'oracle_sales',
    scope: '$1::bigint = any (ancestor_ids)',
    measures: {
      ...MONEY,
      order_count: 'count(distinct sold)',
      average_order_cents: `round(${exact(REVENUE)} / nullif(count(distinct sold), 0))`,
      units: 'sum(units)',
    },
  },
  profit: {
    from: 'oracle_sales',
    scope: null,
    measures: {
      ...MONEY,
      cogs_cents: 'sum(cogs)',
      gross_profit_cents: GROSS_PROFIT,
      commission_cents: 'sum(commission)',
      fee_cents: 'sum(fee)',
      net_profit_cents: NET_PROFIT,
      gross_margin: RATIO(GROSS_PROFIT),
      net_margin: RATIO(NET_PROFIT),
    },
  },
  products: {
    from: 'oracle_sales',
    scope: '$1::bigint = any (ancestor_ids)',
    measures: { units: 'sum(units)', revenue_cents: REVENUE, order_count: 'count(distinct sold)' },
  },
  distributors: {
    from: 'oracle_team',
    scope: 'position >= array_position(ancestor_ids, $1::bigint)',
    measures: {
      own_revenue_cents: 'coalesce(sum(revenue) filter (where distributor_id = seller_id), 0)',
      team_revenue_cents: 'sum(revenue)',
      own_order_count: 'count(distinct sold) filter (where distributor_id = seller_id)',
      team_order_count: 'count(distinct sold)',
    },
  },
  commissions: {
    from: 'oracle_commission',
    scope: 'distributor_id = $1::bigint',
    dimensions: { business_day: 'day' },
    measures: { amount_cents: 'sum(amount_cents)', entry_count: 'count(*)' },
  },
  conversion: {
    from: 'oracle_visit',
    scope: '$1::bigint = any (ancestor_ids)',
    measures: {
      visits: STEP('visit'),
      views: STEP('view'),
      carts: STEP('cart'),
      orders: STEP('order'),
      paid: STEP('paid'),
      conversion_rate: `round(${exact(STEP('paid'))} / nullif(${STEP('visit')}, 0), 6)`,
    },
  },
  stock: {
    from: 'oracle_stock',
    scope: null,
    dimensions: { severity: SEVERITY },
    measures: {
      on_hand: 'sum(on_hand)',
      reserved: 'sum(reserved)',
      available: 'sum(available)',
      value_cents: 'sum(value_cents)',
      sold_14d: 'sum(sold)',
      daily_velocity: 'round(sum(sold) / 14.0, 4)',
      days_of_cover: 'case when sum(sold) > 0 then round(sum(available) * 14.0 / sum(sold), 2) end',
    },
  },
}
