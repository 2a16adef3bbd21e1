/** Visits and orders a second way: who went how far, and what became of what was placed. */
import { OWN_TREE, quantile, ratio, type Relation, type ViewOracle } from './kind.ts'
import { EXPIRING_MINUTES, STUCK_HOURS, UNPAID_MINUTES } from './parameters.ts'

/** Whole seconds between two moments, each cut to its second. */
const seconds = (from: string, to: string) =>
  `(floor(extract(epoch from ${to})) - floor(extract(epoch from ${from})))::bigint`

export const FLOW_RELATIONS: Relation[] = [
  [
    'oracle_step',
    `
      select event.at, event.business_day::text as business_day, event.step, event.ancestor_ids, event.order_id,
        event.distributor_id, distributor.region, distributor.name as distributor, event.promo_code,
        channel.code as channel, channel.name as channel_name
      from funnel_event as event
      join channel on channel.id = event.channel_id
      left join distributor on distributor.id = event.distributor_id
    `,
  ],
  [
    'oracle_visit',
    `
      select begun.at, begun.business_day::text as business_day, begun.ancestor_ids, begun.distributor_id,
        distributor.region, distributor.name as distributor, begun.promo_code, channel.code as channel,
        channel.name as channel_name, has.*,
        case when has.paid then 'paid' when has.ordered then 'order' when has.carted then 'cart'
          when has.viewed then 'view' else 'visit' end as furthest_step
      from funnel_event as begun
      join channel on channel.id = begun.channel_id
      left join distributor on distributor.id = begun.distributor_id
      cross join lateral (
        select max(later.order_id) as order_id, bool_or(later.step = 'paid') as paid,
          bool_or(later.step in ('order', 'paid')) as ordered,
          bool_or(later.step in ('cart', 'order', 'paid')) as carted,
          bool_or(later.step in ('view', 'cart', 'order', 'paid')) as viewed
        from funnel_event as later
        where later.visit_id = begun.visit_id
      ) as has
      where begun.step = 'visit'
    `,
  ],
  [
    'oracle_transition',
    `
      select entered.at, business_day(entered.at)::text as business_day, entered.state, entered.delta,
        entered.delta * o.total_cents as value, o.id as order_id, o.ancestor_ids, o.distributor_id,
        distributor.region, distributor.name as distributor, customer.segment as customer_segment,
        channel.code as channel, channel.name as channel_name, warehouse.name as warehouse
      from sales_order as o
      cross join lateral (values
        (o.placed_at, 'placed', 1),
        (o.paid_at, 'placed', -1), (o.paid_at, 'paid', 1),
        (o.shipped_at, 'paid', -1), (o.shipped_at, 'shipped', 1),
        (o.completed_at, 'shipped', -1), (o.completed_at, 'completed', 1),
        (o.cancelled_at, case when o.paid_at is null then 'placed' else 'paid' end, -1),
        (o.cancelled_at, 'cancelled', 1)
      ) as entered (at, state, delta)
      join channel on channel.id = o.channel_id
      join warehouse on warehouse.id = o.warehouse_id
      left join distributor on distributor.id = o.distributor_id
      left join customer on customer.id = o.customer_id
      where o.kind = 'sale' and entered.at is not null
    `,
  ],
  [
    'oracle_order',
    `
      select o.placed_at as at, o.*, o.id as order_id, distributor.region, distributor.name as distributor,
        customer.segment as customer_segment, channel.code as channel, channel.name as channel_name,
        warehouse.name as warehouse, o.state in ('placed', 'paid', 'shipped') as is_open, stands.hours
      from sales_order as o
      join channel on channel.id = o.channel_id
      join warehouse on warehouse.id = o.warehouse_id
      left join distributor on distributor.id = o.distributor_id
      left join customer on customer.id = o.customer_id
      cross join lateral (
        select ${seconds(
          `case o.state when 'placed' then o.placed_at when 'paid' then o.paid_at when 'shipped' then o.shipped_at end`,
          'statement_timestamp()',
        )} / 3600 as hours
      ) as stands
      where o.kind = 'sale'
    `,
  ],
]

const STEP = (step: string) => `count(*) filter (where step = '${step}')`
const REACHED = (step: string) => `count(*) filter (where ${step})`
const STATE = (state: string) => `count(*) filter (where state = '${state}')`
const EVER_PAID = 'count(paid_at)'
const REFUNDED = `count(*) filter (where state = 'cancelled' and paid_at is not null)`

const hours = (share: number, from: string, to: string) =>
  `round(${quantile(share, seconds(from, to))} / 3600.0, 2)`

export const FLOW_ORACLE: Record<string, ViewOracle> = {
  conversion: {
    from: 'oracle_step',
    scope: OWN_TREE,
    measures: {
      visits: STEP('visit'),
      views: STEP('view'),
      carts: STEP('cart'),
      orders: STEP('order'),
      paid: STEP('paid'),
      view_rate: ratio(STEP('view'), STEP('visit')),
      cart_rate: ratio(STEP('cart'), STEP('view')),
      order_rate: ratio(STEP('order'), STEP('cart')),
      payment_rate: ratio(STEP('paid'), STEP('order')),
      conversion_rate: ratio(STEP('paid'), STEP('visit')),
    },
  },
  conversion_cohort: {
    from: 'oracle_visit',
    scope: OWN_TREE,
    measures: {
      visits: 'count(*)',
      viewed: REACHED('viewed'),
      carted: REACHED('carted'),
      ordered: REACHED('ordered'),
      paid: REACHED('paid'),
      view_rate: ratio(REACHED('viewed'), 'count(*)'),
      cart_rate: ratio(REACHED('carted'), REACHED('viewed')),
      order_rate: ratio(REACHED('ordered'), REACHED('carted')),
      payment_rate: ratio(REACHED('paid'), REACHED('ordered')),
      conversion_rate: ratio(REACHED('paid'), 'count(*)'),
    },
  },
  orders_pipeline: {
    from: 'oracle_transition',
    scope: OWN_TREE,
    measures: {
      order_count: 'sum(delta)',
      value_cents: 'sum(value)',
      open_count: `coalesce(sum(delta) filter (where state in ('placed', 'paid', 'shipped')), 0)`,
      open_value_cents: `coalesce(sum(value) filter (where state in ('placed', 'paid', 'shipped')), 0)`,
      entered_count: 'count(*) filter (where delta = 1)',
      entered_value_cents: 'coalesce(sum(value) filter (where delta = 1), 0)',
      left_count: 'count(*) filter (where delta = -1)',
    },
  },
  fulfilment: {
    from: 'oracle_order',
    scope: OWN_TREE,
    dimensions: {
      age_band: `case when not is_open then 'closed' when hours < 1 then 'h1' when hours < 24 then 'd1'
        when hours < 72 then 'd3' when hours < 168 then 'd7' else 'older' end`,
    },
    measures: {
      order_count: 'count(*)',
      value_cents: 'sum(total_cents)',
      open_value_cents: 'coalesce(sum(total_cents) filter (where is_open), 0)',
      unpaid_count: STATE('placed'),
      to_ship_count: STATE('paid'),
      in_transit_count: STATE('shipped'),
      completed_count: STATE('completed'),
      cancelled_count: STATE('cancelled'),
      paid_count: EVER_PAID,
      refunded_count: REFUNDED,
      stuck_count: `count(*) filter (where is_open and hours >= ${STUCK_HOURS})`,
      expiring_count: `count(*) filter (where state = 'placed'
        and placed_at <= statement_timestamp() - interval '${UNPAID_MINUTES - EXPIRING_MINUTES} minutes')`,
      payment_rate: ratio(EVER_PAID, 'count(*)'),
      cancellation_rate: ratio(STATE('cancelled'), 'count(*)'),
      refund_rate: ratio(REFUNDED, EVER_PAID),
      completion_rate: ratio(STATE('completed'), 'count(*)'),
      hours_to_pay_p50: hours(0.5, 'placed_at', 'paid_at'),
      hours_to_pay_p90: hours(0.9, 'placed_at', 'paid_at'),
      hours_to_ship_p50: hours(0.5, 'paid_at', 'shipped_at'),
      hours_to_ship_p90: hours(0.9, 'paid_at', 'shipped_at'),
      hours_to_complete_p50: hours(0.5, 'shipped_at', 'completed_at'),
      hours_to_complete_p90: hours(0.9, 'shipped_at', 'completed_at'),
      stands_hours_p50: quantile(0.5, 'hours'),
      stands_hours_max: 'max(hours)',
    },
  },
}
