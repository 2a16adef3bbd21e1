// A transition is +1 into a state and -1 out of another, so orders standing in a state are a sum, at any time.
import { amount, BUSINESS_DAY, group, ORDER, SELLER } from './words'
import { ORDER_STATES } from './order-states'

cube(`order_events`, {
  sql: `
    select id, at_second, business_day, order_id, state, delta, total_cents, channel_id, distributor_id, customer_id,
      warehouse_id
    from order_event
    where ${SECURITY_CONTEXT.scope.requiredFilter((scope) => `(${scope} = 'all' or has(ancestor_ids, toInt64OrZero(${scope})))`)}
  `,
  public: false,

  joins: {
    channel: { relationship: `many_to_one`, sql: `${CUBE}.channel_id = ${channel}.id` },
    distributor: { relationship: `many_to_one`, sql: `${CUBE}.distributor_id = ${distributor}.id` },
    customer: { relationship: `many_to_one`, sql: `${CUBE}.customer_id = ${customer}.id` },
    warehouse: { relationship: `many_to_one`, sql: `${CUBE}.warehouse_id = ${warehouse}.id` },
  },

  dimensions: {
    id: { sql: `id`, type: `number`, primary_key: true },
    at: {
      sql: `${CUBE}.at_second`,
      type: `time`,
      ...group(
        [`Time`, `When the order entered or left the state.`],
        [`时间`, `订单进入或离开该状态的时间。`],
      ),
    },
    business_day: { sql: `${CUBE}.business_day`, type: `string`, ...BUSINESS_DAY },
    order_id: { sql: `${CUBE}.order_id`, type: `string`, ...ORDER },
    distributor_id: { sql: `${CUBE}.distributor_id`, type: `string`, ...SELLER },
    state: {
      sql: `${CUBE}.state`,
      type: `string`,
      ...group(
        [`State`, `What the order was: placed, paid, shipped, completed or cancelled.`],
        [`状态`, `订单状态：待付款、待发货、待收货、已完成、已取消。`],
        ORDER_STATES,
      ),
    },
  },

  measures: {
    order_count: {
      sql: `delta`,
      type: `sum`,
      drill_members: [order_id, state],
      ...amount(
        `count`,
        `none`,
        [
          `Orders in state`,
          `Orders that entered the state less those that left it. Without a period, how many stand in it now; in a period, by how many it grew.`,
        ],
        [
          `在该状态的订单`,
          `进入减离开该状态的订单数。不限时间时为当前数量；限定时间时为净增数量。`,
        ],
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
          `Value in state`,
          `What these orders come to, shipping included. Without a period, what stands in the state now.`,
        ],
        [`在该状态的金额`, `这些订单的总额（含运费）。不限时间时为当前金额。`],
      ),
    },
    open_count: {
      sql: `if(state in ('placed', 'paid', 'shipped'), delta, 0)`,
      type: `sum`,
      drill_members: [order_id, state],
      ...amount(
        `count`,
        `none`,
        [
          `Open orders`,
          `Orders that are neither completed nor cancelled. Without a period, now; in a period, by how many they grew.`,
        ],
        [`未完成订单`, `既未完成也未取消的订单。不限时间时为当前数量；限定时间时为净增数量。`],
      ),
    },
    open_value_cents: {
      sql: `if(state in ('placed', 'paid', 'shipped'), total_cents, 0)`,
      type: `sum`,
      drill_members: [order_id, state],
      ...amount(
        `cents`,
        `none`,
        [`Open value`, `What the orders come to that are neither completed nor cancelled.`],
        [`未完成金额`, `既未完成也未取消的订单总额。`],
      ),
    },
    entered_count: {
      sql: `if(delta = 1, 1, 0)`,
      type: `sum`,
      drill_members: [order_id, state],
      ...amount(
        `count`,
        `none`,
        [
          `Entered`,
          `Orders that entered the state in the period: by state, how many were placed, paid, shipped, completed, cancelled.`,
        ],
        [`进入`, `本期进入该状态的订单数：按状态即下单、付款、发货、完成、取消数。`],
      ),
    },
    entered_value_cents: {
      sql: `if(delta = 1, total_cents, 0)`,
      type: `sum`,
      drill_members: [order_id, state],
      ...amount(
        `cents`,
        `none`,
        [`Value entered`, `What the orders come to that entered the state in the period.`],
        [`进入金额`, `本期进入该状态的订单总额。`],
      ),
    },
    left_count: {
      sql: `if(delta = -1, 1, 0)`,
      type: `sum`,
      drill_members: [order_id, state],
      ...amount(
        `count`,
        `none`,
        [`Left`, `Orders that left the state in the period.`],
        [`离开`, `本期离开该状态的订单数。`],
      ),
    },
  },
})
