/**
 * Sales a second way: from orders and their lines, not from the journal. A fact is one movement of one order, with
 * everything it is analysed by.
 */
import { exact, OWN_TREE, ratio, type Relation, type ViewOracle } from './kind.ts'

/** When money went back: a return when it is completed, a paid order when it is cancelled. */
const MONEY_BACK = `
  select case when o.kind = 'return' then o.completed_at when o.paid_at is not null then o.cancelled_at end as at
`

const MOVEMENT = `
  select o.id as order_id, line.id as order_line_id, line.sku_id, o.paid_at as at, line.list_cents as gross_goods,
    0 as shipping, line.discount_cents as discount, 0::bigint as refund, line.quantity as units, 0::bigint as back,
    0::bigint as cogs, 0 as fee, o.id as sold, null::bigint as refunded
  from sales_order as o
  join order_line as line on line.order_id = o.id
  where o.paid_at is not null
  union all
  select o.id, null, null, o.paid_at, 0, o.shipping_cents, 0, 0, 0, 0, 0,
    floor((o.total_cents::numeric * channel.fee_bps + 5000) / 10000), null, null
  from sales_order as o
  join channel on channel.id = o.channel_id
  where o.paid_at is not null
  union all
  select o.id, line.id, line.sku_id, back.at, 0, 0, 0, line.total_cents, -line.quantity, line.quantity, 0, 0, null, o.id
  from sales_order as o
  join order_line as line on line.order_id = o.id
  cross join lateral (${MONEY_BACK}) as back
  where back.at is not null
  union all
  select o.id, null, null, back.at, 0, 0, 0, o.shipping_cents, 0, 0, 0, 0, null, o.id
  from sales_order as o
  cross join lateral (${MONEY_BACK}) as back
  where back.at is not null and o.shipping_cents <> 0
  union all
  select o.id, line.id, line.sku_id, coalesce(o.shipped_at, o.completed_at), 0, 0, 0, 0, 0, 0,
    case o.kind when 'return' then -line.cost_cents else line.cost_cents end, 0, null, null
  from sales_order as o
  join order_line as line on line.order_id = o.id
  join sku on sku.id = line.sku_id and not sku.is_service
  where o.shipped_at is not null or o.kind = 'return'
`

/** Amounts by order line (goods) and by order (shipping, fees), each at its own time. */
const FACT = `
  select movement.at, movement.gross_goods + movement.shipping as gross, movement.shipping, movement.discount,
    movement.refund, movement.units, movement.back, movement.cogs, movement.fee, 0::bigint as commission,
    movement.sold, movement.refunded, movement.sku_id, movement.order_line_id, o.id as order_id, o.channel_id,
    o.distributor_id, o.customer_id, o.warehouse_id, o.ancestor_ids
  from oracle_movement as movement
  join sales_order as o on o.id = movement.order_id
  union all
  select earned.at, 0, 0, 0, 0, 0, 0, 0, 0, earned.amount_cents, null, null, earned.sku_id, earned.order_line_id, o.id,
    o.channel_id, o.distributor_id, o.customer_id, o.warehouse_id, o.ancestor_ids
  from commission_entry as earned
  join sales_order as o on o.id = earned.order_id
  where earned.kind in ('accrue', 'clawback')
`

export const SALES_RELATIONS: Relation[] = [
  ['oracle_movement', MOVEMENT],
  ['oracle_fact', `select fact.*, business_day(fact.at) as day from (${FACT}) as fact`, 'kept'],
  [
    'oracle_sales',
    `
      select fact.*, fact.day::text as business_day, channel.code as channel, channel.name as channel_name,
        distributor.region, distributor.name as distributor, customer.name as customer, customer.segment as customer_segment,
        customer.region as customer_region, product.id as product_id, product.name as product, product.category,
        sku.name as sku, warehouse.name as warehouse
      from oracle_fact as fact
      left join channel on channel.id = fact.channel_id
      left join distributor on distributor.id = fact.distributor_id
      left join customer on customer.id = fact.customer_id
      left join sku on sku.id = fact.sku_id
      left join product on product.id = sku.product_id
      left join warehouse on warehouse.id = fact.warehouse_id
    `,
  ],
  [
    'oracle_team',
    `
      select fact.at, fact.day::text as business_day, fact.gross - fact.discount - fact.refund as revenue,
        fact.sold, fact.order_id, fact.ancestor_ids, fact.distributor_id as seller_id, node.id as distributor_id,
        node.name as distributor, node.depth, node.region, node.parent_id, node.grade,
        array_position(fact.ancestor_ids, node.id) as position
      from oracle_fact as fact
      join distributor as node on node.id = any (fact.ancestor_ids)
      where fact.gross <> 0 or fact.discount <> 0 or fact.refund <> 0 or fact.sold is not null
    `,
  ],
  [
    'oracle_commission',
    `
      select entry.*, entry.business_day::text as day, distributor.name as distributor
      from commission_entry as entry
      join distributor on distributor.id = entry.distributor_id
    `,
  ],
]

export const REVENUE = 'sum(gross - discount - refund)'
const GROSS_PROFIT = 'sum(gross - discount - refund - cogs)'
const NET_PROFIT = 'sum(gross - discount - refund - cogs - commission - fee)'

const MONEY = {
  revenue_cents: REVENUE,
  gross_sales_cents: 'sum(gross)',
  discount_cents: 'sum(discount)',
  refund_cents: 'sum(refund)',
}

const RATES = {
  shipping_cents: 'sum(shipping)',
  discount_rate: ratio('sum(discount)', 'sum(gross)'),
  refund_rate: ratio('sum(refund)', 'sum(gross - discount)'),
}

export const SALES_ORACLE: Record<string, ViewOracle> = {
  sales: {
    from: 'oracle_sales',
    scope: OWN_TREE,
    measures: {
      ...MONEY,
      ...RATES,
      order_count: 'count(distinct sold)',
      refunded_order_count: 'count(distinct refunded)',
      average_order_cents: `round(${exact(REVENUE)} / nullif(count(distinct sold), 0))`,
      units: 'sum(units)',
      refunded_units: 'sum(back)',
    },
  },
  profit: {
    from: 'oracle_sales',
    scope: null,
    measures: {
      ...MONEY,
      ...RATES,
      cogs_cents: 'sum(cogs)',
      gross_profit_cents: GROSS_PROFIT,
      commission_cents: 'sum(commission)',
      fee_cents: 'sum(fee)',
      net_profit_cents: NET_PROFIT,
      gross_margin: ratio(GROSS_PROFIT, REVENUE),
      net_margin: ratio(NET_PROFIT, REVENUE),
      commission_rate: ratio('sum(commission)', REVENUE),
      fee_rate: ratio('sum(fee)', REVENUE),
    },
  },
  products: {
    from: 'oracle_sales',
    scope: OWN_TREE,
    measures: { units: 'sum(units)', revenue_cents: REVENUE, order_count: 'count(distinct sold)' },
  },
  order_lines: {
    from: 'oracle_sales',
    scope: OWN_TREE,
    measures: { ...MONEY, units: 'sum(units)' },
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
}
