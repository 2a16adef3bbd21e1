// One row for each distributor: what he and his team sold in the period and in the equal period before it. Teams are as
// they were when each order was placed; who stands below whom in the list, and beside whom he is ranked, is today's tree. A
// distributor sees his team of today and what was sold through himself; ranks are of all, so that he learns his place and
// nobody's numbers. Money is read from the cash side of the journal: one entry for each payment and refund. What few questions
// need (first sales, best customers, commission) is joined from a cube of its own, so that the others do not wait for it. The
// period is that of team_structure, the cube the view shows: Cube knows filters by the name of the cube that is asked, not of
// the one it extends.
import { group } from './words'
import { ACTIVATION_DAYS, DEPENDENCE_PERCENT, INACTIVE_DAYS, PERFORMANCE_DAYS } from './parameters'
import { periodOf } from './period'

cube(`team_performance`, {
  sql: `
    with
      ${periodOf(FILTER_PARAMS.team_structure.at)},
      greatest(since * 2 - until - 1, 0) as before,
      toDate32(toTimeZone(toDateTime(until, 'UTC'), (select time_zone from current_instance))) as until_day,
      ${SECURITY_CONTEXT.scope.requiredFilter((scope) => `toInt64OrZero(${scope})`)} as viewer
    select node.id as node_id, toDateTime(until, 'UTC') as at_second,
      toDate32(toTimeZone(node.joined_at, (select time_zone from current_instance))) as joined_on,
      ifNull(sold.own, 0) as own, ifNull(sold.own_before, 0) as own_before, ifNull(sold.team, 0) as team,
      ifNull(sold.team_before, 0) as team_before, ifNull(sold.own_orders, 0) as own_orders,
      ifNull(sold.own_orders_before, 0) as own_orders_before, ifNull(sold.team_orders, 0) as team_orders,
      ifNull(sold.top_child, 0) as top_child, viewer in (0, node_id) as is_shown_commission,
      row_number() over (order by ifNull(sold.own_of_all, 0) desc, node_id) as place,
      row_number() over (partition by node.parent_id order by ifNull(sold.team_of_all, 0) desc, node_id) as sibling_place,
      count() over (partition by node.parent_id) as siblings,
      joined_on + ${ACTIVATION_DAYS} < until_day as is_old_enough,
      multiIf(
        ifNull(sold.last_team >= until_day - ${INACTIVE_DAYS}, false), 'selling',
        joined_on >= until_day - ${INACTIVE_DAYS}, 'new',
        'inactive'
      ) as activity,
      viewer = 0 or has(arrayMap(id -> toInt64(id), splitByChar('.', node.path)), viewer) as is_visible
    from current_distributor as node
    left join (
      select path[position] as node_id, sum(cents) as team_of_all, sumIf(cents, is_own) as own_of_all,
        sumIf(cents, is_seen) as team, sumIf(cents_before, is_seen) as team_before,
        sumIf(cents, is_own and is_seen) as own, sumIf(cents_before, is_own and is_seen) as own_before,
        sumIf(orders, is_seen) as team_orders, sumIf(orders, is_own and is_seen) as own_orders,
        sumIf(orders_before, is_own and is_seen) as own_orders_before,
        maxIf(last_day, is_seen) as last_team,
        arrayMax(arrayPushBack(tupleElement(sumMapIf([path[position + 1]], [cents], is_seen and not is_own), 2), 0)) as top_child
      from (
        select ancestor_ids as path, sumIf(amount_cents, at_second >= toDateTime(since, 'UTC')) as cents,
          sumIf(amount_cents, at_second < toDateTime(since, 'UTC') and at_second >= toDateTime(before, 'UTC')) as cents_before,
          countIf(kind = 'sale' and at_second >= toDateTime(since, 'UTC')) as orders,
          countIf(kind = 'sale' and at_second < toDateTime(since, 'UTC') and at_second >= toDateTime(before, 'UTC')) as orders_before,
          max(if(kind = 'sale', business_day, null)) as last_day, viewer = 0 or has(path, viewer) as is_seen
        from journal_entry
        where account = 'cash' and isNotNull(order_id) and notEmpty(ancestor_ids)
          and at_second >= toDateTime(least(before, greatest(until - ${INACTIVE_DAYS + 2} * 86400, 0)), 'UTC')
          and at_second <= toDateTime(until, 'UTC')
        group by path
      )
      array join arrayEnumerate(path) as position, arrayMap(place -> place = length(path), arrayEnumerate(path)) as is_own
      group by node_id
    ) as sold on sold.node_id = node.id
    where node.status != 'applied'
    qualify is_visible
  `,
  public: false,

  joins: {
    distributor: { relationship: `many_to_one`, sql: `${CUBE}.node_id = ${distributor}.id` },
    first_sale: { relationship: `one_to_one`, sql: `${CUBE}.node_id = ${first_sale}.sold_by` },
    top_customer: {
      relationship: `one_to_one`,
      sql: `${CUBE}.node_id = ${top_customer}.bought_from`,
    },
    earned_commission: {
      relationship: `one_to_one`,
      sql: `${CUBE}.node_id = ${earned_commission}.earned_by`,
    },
  },

  dimensions: {
    distributor_id: {
      sql: `${CUBE}.node_id`,
      type: `string`,
      primary_key: true,
      public: true,
      ...group(
        [`Distributor id`, `Who sold, and heads the team.`],
        [`分销商编号`, `成交并带领团队的分销商。`],
      ),
    },
    at: {
      sql: `${CUBE}.at_second`,
      type: `time`,
      ...group(
        [
          `Period`,
          `The period looked at, as a range of dates without a granularity; without one the last ${PERFORMANCE_DAYS} days up to now. Growth compares it with the equally long period right before; of a period that is not over, what has passed.`,
        ],
        [
          `期间`,
          `所看的日期范围，不分粒度；不限时为截至当前的 ${PERFORMANCE_DAYS} 天。增长与紧邻的等长上期相比；未结束的期间只算到当前。`,
        ],
      ),
    },
    activity: {
      sql: `activity`,
      type: `string`,
      ...group(
        [
          `Activity`,
          `selling: an own or team sale in the ${INACTIVE_DAYS} days up to the end of the period; new: none yet, and joined within them; inactive: otherwise.`,
        ],
        [
          `活跃状态`,
          `在售：期末前 ${INACTIVE_DAYS} 天内本人或团队有销售；新加入：尚无销售且在此期间加入；沉寂：其余。`,
        ],
        {
          selling: { en: `Selling`, zh: `在售` },
          new: { en: `New`, zh: `新加入` },
          inactive: { en: `Inactive`, zh: `沉寂` },
        },
      ),
    },
    dependence: {
      sql: `multiIf(
        team > 0 and toInt256(top_child) * 100 > toInt256(team) * ${DEPENDENCE_PERCENT}, 'child',
        team > 0 and toInt256(greatest(ifNull(${top_customer.cents}, 0), 0)) * 100 > toInt256(team) * ${DEPENDENCE_PERCENT}, 'customer',
        'none'
      )`,
      type: `string`,
      ...group(
        [
          `Single-point dependence`,
          `child: one team directly below makes more than ${DEPENDENCE_PERCENT} % of the team's revenue of the period; customer: one customer does; none: neither.`,
        ],
        [
          `单点依赖`,
          `下级：一个直接下级团队占团队本期收入 ${DEPENDENCE_PERCENT}% 以上；客户：一个客户如此；无：都不是。`,
        ],
        {
          child: { en: `On one team`, zh: `依赖一个下级` },
          customer: { en: `On one customer`, zh: `依赖一个客户` },
          none: { en: `None`, zh: `无` },
        },
      ),
    },
  },
})
