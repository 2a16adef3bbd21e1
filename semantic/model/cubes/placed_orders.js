// Orders where they were placed, with what has become of each since: the newest row of each order, because how long
// things take and what stands still is asked of the order, not of its movements. Returns are credit notes, not orders.
import { amount, figure, group, ORDER, ratio, SELLER } from './words'
import { AGE_BANDS, ORDER_STATES } from './order-states'

cube(`placed_orders`, {
  sql: `
    select id, toDateTime(placed_at, 'UTC') as at_second, state, channel_id, distributor_id, customer_id,
      warehouse_id, total_cents, placed_at, paid_at, shipped_at, completed_at,
      multiIf(
        state = 'placed', intDiv(toUnixTimestamp(now()) - toUnixTimestamp(placed_at), 3600),
        state = 'paid', intDiv(toUnixTimestamp(now()) - toUnixTimestamp(paid_at), 3600),
        state = 'shipped', intDiv(toUnixTimestamp(now()) - toUnixTimestamp(shipped_at), 3600),
        null
      ) as stands_hours
    from current_sales_order
    where kind = 'sale'
      and ${SECURITY_CONTEXT.scope.requiredFilter((scope) => `(${scope} = 'all' or has(ancestor_ids, toInt64OrZero(${scope})))`)}
  `,
  public: false,

  joins: {
    channel: { relationship: `many_to_one`, sql: `${CUBE}.channel_id = ${channel}.id` },
    distributor: { relationship: `many_to_one`, sql: `${CUBE}.distributor_id = ${distributor}.id` },
    customer: { relationship: `many_to_one`, sql: `${CUBE}.customer_id = ${customer}.id` },
    warehouse: { relationship: `many_to_one`, sql: `${CUBE}.warehouse_id = ${warehouse}.id` },
  },

  dimensions: {
    order_id: { sql: `${CUBE}.id`, type: `string`, primary_key: true, public: true, ...ORDER },
    at: {
      sql: `${CUBE}.at_second`,
      type: `time`,
      ...group([`Time`, `When the order was placed.`], [`时间`, `下单时间。`]),
    },
    distributor_id: { sql: `${CUBE}.distributor_id`, type: `string`, ...SELLER },
    state: {
      sql: `${CUBE}.state`,
      type: `string`,
      ...group([`State`, `What the order is now.`], [`状态`, `订单当前的状态。`], ORDER_STATES),
    },
    age_band: {
      sql: `multiIf(isNull(stands_hours), 'closed', stands_hours < 1, 'h1', stands_hours < 24, 'd1', stands_hours < 72, 'd3', stands_hours < 168, 'd7', 'older')`,
      type: `string`,
      ...group(
        [
          `Age in state`,
          `How long the order has stood in its state; closed when it is completed or cancelled.`,
        ],
        [`停留时长`, `订单在当前状态停留的时间；已完成或已取消为“已结束”。`],
        AGE_BANDS,
      ),
    },
  },

  measures: {
    order_count: {
      sql: `count()`,
      type: `number`,
      drill_members: [order_id, state],
      ...amount(
        `count`,
        `none`,
        [`Orders`, `Orders placed in the period.`],
        [`订单数`, `本期下单的订单数。`],
      ),
    },
    unpaid_count: {
      sql: `countIf(${CUBE}.state = 'placed')`,
      type: `number`,
      drill_members: [order_id, state],
      ...amount(
        `count`,
        `down`,
        [`Unpaid`, `Of these, not paid yet.`],
        [`待付款`, `其中尚未付款的订单数。`],
      ),
    },
    to_ship_count: {
      sql: `countIf(${CUBE}.state = 'paid')`,
      type: `number`,
      drill_members: [order_id, state],
      ...amount(
        `count`,
        `down`,
        [`To ship`, `Of these, paid and not shipped yet.`],
        [`待发货`, `其中已付款未发货的订单数。`],
      ),
    },
    in_transit_count: {
      sql: `countIf(${CUBE}.state = 'shipped')`,
      type: `number`,
      drill_members: [order_id, state],
      ...amount(
        `count`,
        `none`,
        [`In transit`, `Of these, shipped and not received yet.`],
        [`待收货`, `其中已发货未收货的订单数。`],
      ),
    },
    completed_count: {
      sql: `countIf(${CUBE}.state = 'completed')`,
      type: `number`,
      drill_members: [order_id, state],
      ...amount(
        `count`,
        `up`,
        [`Completed`, `Of these, received.`],
        [`已完成`, `其中已收货的订单数。`],
      ),
    },
    cancelled_count: {
      sql: `countIf(${CUBE}.state = 'cancelled')`,
      type: `number`,
      drill_members: [order_id, state],
      ...amount(
        `count`,
        `down`,
        [`Cancelled`, `Of these, cancelled, paid or not.`],
        [`已取消`, `其中已取消的订单数，无论是否已付款。`],
      ),
    },
    paid_count: {
      sql: `countIf(isNotNull(paid_at))`,
      type: `number`,
      drill_members: [order_id, state],
      ...amount(
        `count`,
        `up`,
        [`Ever paid`, `Of these, paid at some time, cancelled later or not.`],
        [`付过款`, `其中付过款的订单数，无论后来是否取消。`],
      ),
    },
    refunded_count: {
      sql: `countIf(${CUBE}.state = 'cancelled' and isNotNull(paid_at))`,
      type: `number`,
      drill_members: [order_id, state],
      ...amount(
        `count`,
        `down`,
        [
          `Cancelled after payment`,
          `Of these, paid and cancelled later, so that the money went back.`,
        ],
        [`付款后取消`, `其中付款后取消、已退款的订单数。`],
      ),
    },
    value_cents: {
      sql: `total_cents`,
      type: `sum`,
      drill_members: [order_id, state],
      ...amount(
        `cents`,
        `none`,
        [
          `Order value`,
          `What the orders come to that were placed in the period, shipping included.`,
        ],
        [`订单金额`, `本期下单的订单总额（含运费）。`],
      ),
    },
    open_value_cents: {
      sql: `if(${CUBE}.state in ('placed', 'paid', 'shipped'), total_cents, 0)`,
      type: `sum`,
      drill_members: [order_id, state],
      ...amount(
        `cents`,
        `none`,
        [`Open value`, `What those come to that are neither completed nor cancelled.`],
        [`未完成金额`, `其中既未完成也未取消的订单总额。`],
      ),
    },
    payment_rate: {
      sql: ratio(paid_count, order_count),
      type: `number`,
      drill_members: [order_id, state],
      ...figure(
        `ratio`,
        `up`,
        [
          `Payment rate`,
          `Ever paid divided by orders placed in the period; young orders have had less time. Empty without a denominator.`,
        ],
        [`付款率`, `付过款的订单除以本期下单数；新订单时间尚短。分母为零时为空。`],
      ),
    },
    cancellation_rate: {
      sql: ratio(cancelled_count, order_count),
      type: `number`,
      drill_members: [order_id, state],
      ...figure(
        `ratio`,
        `down`,
        [
          `Cancellation rate`,
          `Cancelled divided by orders placed in the period; young orders have had less time. Empty without a denominator.`,
        ],
        [`取消率`, `已取消订单除以本期下单数；新订单时间尚短。分母为零时为空。`],
      ),
    },
    refund_rate: {
      sql: ratio(refunded_count, paid_count),
      type: `number`,
      drill_members: [order_id, state],
      ...figure(
        `ratio`,
        `down`,
        [
          `Refund rate`,
          `Cancelled after payment divided by ever paid; young orders have had less time. Empty without a denominator.`,
        ],
        [`退款率`, `付款后取消的订单除以付过款的订单；新订单时间尚短。分母为零时为空。`],
      ),
    },
    completion_rate: {
      sql: ratio(completed_count, order_count),
      type: `number`,
      drill_members: [order_id, state],
      ...figure(
        `ratio`,
        `up`,
        [
          `Completion rate`,
          `Completed divided by orders placed in the period; young orders have had less time. Empty without a denominator.`,
        ],
        [`完成率`, `已完成订单除以本期下单数；新订单时间尚短。分母为零时为空。`],
      ),
    },
  },
})
