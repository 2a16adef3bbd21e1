// How long orders take from step to step, and how long open ones have stood still: beside what became of them.
import { amount, figure } from './words'
import { EXPIRING_MINUTES, STUCK_HOURS, UNPAID_MINUTES } from './parameters'

// SQL: hours from one moment to another, of whole seconds, at a rank among those that have come so far.
function hours(level, from, to) {
  return `round(divideDecimal(toDecimal256(quantileExact(${level})(toUnixTimestamp(${to}) - toUnixTimestamp(${from})), 0), toDecimal256(3600, 0), 8), 2)`
}

cube(`order_times`, {
  extends: placed_orders,
  public: false,
  measures: {
    stuck_count: {
      sql: `countIf(stands_hours >= ${STUCK_HOURS})`,
      type: `number`,
      drill_members: [order_id, state],
      ...amount(
        `count`,
        `down`,
        [`Stuck`, `Of these, open and in their state for ${STUCK_HOURS} hours or longer.`],
        [`滞留订单`, `其中未完成且在当前状态停留 ${STUCK_HOURS} 小时及以上的订单数。`],
      ),
    },
    expiring_count: {
      sql: `countIf(${CUBE}.state = 'placed' and placed_at <= now64(6) - interval ${UNPAID_MINUTES - EXPIRING_MINUTES} minute)`,
      type: `number`,
      drill_members: [order_id, state],
      ...amount(
        `count`,
        `down`,
        [
          `About to expire`,
          `Of these, unpaid for ${UNPAID_MINUTES - EXPIRING_MINUTES} minutes or longer; at ${UNPAID_MINUTES} they are cancelled.`,
        ],
        [
          `即将过期`,
          `其中未付款已达 ${UNPAID_MINUTES - EXPIRING_MINUTES} 分钟的订单数；满 ${UNPAID_MINUTES} 分钟自动取消。`,
        ],
      ),
    },
    hours_to_pay_p50: {
      sql: hours(0.5, `placed_at`, `paid_at`),
      type: `number`,
      drill_members: [order_id, state],
      ...figure(
        `hours`,
        `down`,
        [
          `From placed to paid, P50`,
          `From placed to paid, in hours: half of the orders took no longer. Of those that have come so far.`,
        ],
        [`下单到付款 P50`, `下单到付款的小时数：一半订单不超过此时间。只计已到该步的订单。`],
      ),
    },
    hours_to_pay_p90: {
      sql: hours(0.9, `placed_at`, `paid_at`),
      type: `number`,
      drill_members: [order_id, state],
      ...figure(
        `hours`,
        `down`,
        [
          `From placed to paid, P90`,
          `From placed to paid, in hours: nine in ten took no longer. Of those that have come so far.`,
        ],
        [`下单到付款 P90`, `下单到付款的小时数：九成订单不超过此时间。只计已到该步的订单。`],
      ),
    },
    hours_to_ship_p50: {
      sql: hours(0.5, `paid_at`, `shipped_at`),
      type: `number`,
      drill_members: [order_id, state],
      ...figure(
        `hours`,
        `down`,
        [
          `From paid to shipped, P50`,
          `From paid to shipped, in hours: half of the orders took no longer. Of those that have come so far.`,
        ],
        [`付款到发货 P50`, `付款到发货的小时数：一半订单不超过此时间。只计已到该步的订单。`],
      ),
    },
    hours_to_ship_p90: {
      sql: hours(0.9, `paid_at`, `shipped_at`),
      type: `number`,
      drill_members: [order_id, state],
      ...figure(
        `hours`,
        `down`,
        [
          `From paid to shipped, P90`,
          `From paid to shipped, in hours: nine in ten took no longer. Of those that have come so far.`,
        ],
        [`付款到发货 P90`, `付款到发货的小时数：九成订单不超过此时间。只计已到该步的订单。`],
      ),
    },
    hours_to_complete_p50: {
      sql: hours(0.5, `shipped_at`, `completed_at`),
      type: `number`,
      drill_members: [order_id, state],
      ...figure(
        `hours`,
        `down`,
        [
          `From shipped to received, P50`,
          `From shipped to received, in hours: half of the orders took no longer. Of those that have come so far.`,
        ],
        [`发货到收货 P50`, `发货到收货的小时数：一半订单不超过此时间。只计已到该步的订单。`],
      ),
    },
    hours_to_complete_p90: {
      sql: hours(0.9, `shipped_at`, `completed_at`),
      type: `number`,
      drill_members: [order_id, state],
      ...figure(
        `hours`,
        `down`,
        [
          `From shipped to received, P90`,
          `From shipped to received, in hours: nine in ten took no longer. Of those that have come so far.`,
        ],
        [`发货到收货 P90`, `发货到收货的小时数：九成订单不超过此时间。只计已到该步的订单。`],
      ),
    },
    stands_hours_p50: {
      sql: `quantileExact(0.5)(stands_hours)`,
      type: `number`,
      drill_members: [order_id, state],
      ...figure(
        `hours`,
        `down`,
        [
          `Age in state, P50`,
          `Whole hours that open orders have stood in their state: half of them no longer.`,
        ],
        [`停留时长 P50`, `未完成订单在当前状态停留的整小时数：一半不超过此数。`],
      ),
    },
    stands_hours_max: {
      sql: `max(stands_hours)`,
      type: `number`,
      drill_members: [order_id, state],
      ...figure(
        `hours`,
        `down`,
        [
          `Oldest in state`,
          `Whole hours that the longest waiting open order has stood in its state.`,
        ],
        [`最长停留`, `停留最久的未完成订单在当前状态的整小时数。`],
      ),
    },
  },
})
