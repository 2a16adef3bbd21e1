/** Performance a second way: from orders, who stood above whom when each was placed, and today's tree. */
import { OWN_TREE, ratio, type Period, type Relation, type ViewOracle } from './kind.ts'
import {
  ACTIVATION_DAYS,
  DEPENDENCE_PERCENT,
  INACTIVE_DAYS,
  PERFORMANCE_DAYS,
} from './parameters.ts'

export const PERFORMANCE_RELATIONS: Relation[] = [
  [
    'oracle_cash',
    `
      select date_trunc('second', cash.at) as at, business_day(cash.at) as day, cash.cents, cash.paid, o.distributor_id,
        o.ancestor_ids, o.customer_id
      from sales_order as o
      cross join lateral (
        select o.paid_at as at, o.total_cents as cents, 1 as paid
        where o.paid_at is not null
        union all
        select case when o.kind = 'return' then o.completed_at else o.cancelled_at end, -o.total_cents, 0
        where case when o.kind = 'return' then o.completed_at is not null
          else o.paid_at is not null and o.cancelled_at is not null end
      ) as cash
    `,
    'kept',
    ['(distributor_id)', 'using gin (ancestor_ids)'],
  ],
]

/** $1 is the distributor who looks, if one does: he sees what was sold through him. */
const SEEN = `($1::bigint is null or ${OWN_TREE})`
const OWN = 'cash.distributor_id = node.id'
const IN_TEAM = 'cash.ancestor_ids @> array[node.id]'

function performance(period: Period) {
  const nowSecond = `date_trunc('second', statement_timestamp())`
  const until = period ? `least(${period.to}, ${nowSecond})` : nowSecond
  const since = period
    ? period.from
    : `(${until} - interval '${PERFORMANCE_DAYS * 86_400 - 1} seconds')`
  const now = `cash.at between ${since} and ${until}`
  const before = `cash.at < ${since} and cash.at >= ${since} - (${until} - ${since}) - interval '1 second'`
  const sum = (what: string, when: string, where: string) =>
    `(select coalesce(sum(${what}), 0) from oracle_cash as cash where ${when} and ${where})`
  const largest = (by: string, where: string) => `(
    select greatest(coalesce(max(part), 0), 0)
    from (
      select sum(cash.cents) as part
      from oracle_cash as cash
      where ${now} and ${IN_TEAM} and ${SEEN} and ${where}
      group by ${by}
    ) as parts
  )`
  return `(
    select judged.*, case when team > 0 and top_child * 100.0 > team * ${DEPENDENCE_PERCENT} then 'child'
      when team > 0 and top_customer * 100.0 > team * ${DEPENDENCE_PERCENT} then 'customer' else 'none' end as dependence,
      coalesce(first_own <= joined_on + ${ACTIVATION_DAYS}, false) as is_activated,
      joined_on + ${ACTIVATION_DAYS} < until_day as is_old_enough,
      case when last_team >= until_day - ${INACTIVE_DAYS} then 'selling'
        when joined_on >= until_day - ${INACTIVE_DAYS} then 'new' else 'inactive' end as activity
    from (
      select node.id as distributor_id, node.name as distributor, node.region, node.depth, node.parent_id, node.grade,
        node.path, ${until} as at, business_day(node.joined_at) as joined_on, business_day(${until}) as until_day,
        ${sum('cash.cents', now, `${OWN} and ${SEEN}`)} as own,
        ${sum('cash.cents', before, `${OWN} and ${SEEN}`)} as own_before,
        ${sum('cash.cents', now, `${IN_TEAM} and ${SEEN}`)} as team,
        ${sum('cash.cents', before, `${IN_TEAM} and ${SEEN}`)} as team_before,
        ${sum('cash.paid', now, `${OWN} and ${SEEN}`)} as own_orders,
        ${sum('cash.paid', before, `${OWN} and ${SEEN}`)} as own_orders_before,
        ${sum('cash.paid', now, `${IN_TEAM} and ${SEEN}`)} as team_orders,
        ${largest(
          'cash.ancestor_ids[array_position(cash.ancestor_ids, node.id) + 1]',
          'cash.distributor_id <> node.id',
        )} as top_child,
        ${largest('cash.customer_id', 'cash.customer_id is not null')} as top_customer,
        case when $1::bigint is null or $1 = node.id then (
          select coalesce(sum(entry.amount_cents), 0)
          from commission_entry as entry
          where entry.kind in ('accrue', 'clawback') and entry.distributor_id = node.id
            and date_trunc('second', entry.at) between ${since} and ${until}
        ) end as commission,
        row_number() over (order by ${sum('cash.cents', now, OWN)} desc, node.id) as place,
        row_number() over (partition by node.parent_id order by ${sum('cash.cents', now, IN_TEAM)} desc, node.id)
          as sibling_place,
        count(*) over (partition by node.parent_id) as siblings,
        (select min(day) from oracle_cash as cash
          where paid = 1 and cash.at <= ${until} and ${OWN} and ${SEEN}) as first_own,
        (select max(day) from oracle_cash as cash
          where paid = 1 and cash.at <= ${until} and ${IN_TEAM} and ${SEEN}) as last_team
      from distributor as node
      where node.status <> 'applied'
    ) as judged
  ) as performances`
}

const count = (condition: string) => `count(*) filter (where ${condition})`

const topShare = (percent: number) => `(
  select case when sum(part) > 0 then round(
    coalesce(sum(part) filter (where place <= ceil(number * ${percent} / 100.0)), 0)::numeric(60, 20) / sum(part), 6) end
  from (
    select greatest(one, 0) as part, row_number() over (order by one desc) as place, count(*) over () as number
    from unnest(array_agg(own)) as one
  ) as parts
)`

export const PERFORMANCE_ORACLE: Record<string, ViewOracle> = {
  distributor_performance: {
    from: performance,
    scope: `(path ~ ('*.' || $1::text || '.*')::lquery)`,
    measures: {
      distributor_count: 'count(*)',
      own_revenue_cents: 'sum(own)',
      previous_own_revenue_cents: 'sum(own_before)',
      own_growth: ratio('sum(own) - sum(own_before)', 'sum(own_before)'),
      team_revenue_cents: 'sum(team)',
      previous_team_revenue_cents: 'sum(team_before)',
      team_growth: ratio('sum(team) - sum(team_before)', 'sum(team_before)'),
      own_order_count: 'sum(own_orders)',
      team_order_count: 'sum(team_orders)',
      rank: 'min(place)',
      sibling_rank: 'min(sibling_place)',
      sibling_count: 'max(siblings)',
      active_count: count('own_orders > 0'),
      previous_active_count: count('own_orders_before > 0'),
      retained_count: count('own_orders > 0 and own_orders_before > 0'),
      retention: ratio(
        count('own_orders > 0 and own_orders_before > 0'),
        count('own_orders_before > 0'),
      ),
      activated_count: count('is_activated and is_old_enough'),
      activation_rate: ratio(count('is_activated and is_old_enough'), count('is_old_enough')),
      inactive_count: count(`activity = 'inactive'`),
      dependent_count: count(`dependence <> 'none'`),
      commission_cents: 'sum(commission)',
      commission_rate: ratio('sum(commission)', 'sum(team)'),
      top_1_share: topShare(1),
      top_5_share: topShare(5),
      top_10_share: topShare(10),
      concentration_hhi: `round(sum(greatest(own, 0)::numeric(60, 20) ^ 2) / nullif(sum(greatest(own, 0)) ^ 2, 0), 6)`,
    },
  },
}
