// What customers come to: how many, how new, how often, for how much.
import { amount, figure, quotient, ratio } from './words'
import { CUSTOMER_DAYS, RFM_DAYS } from './parameters'

cube(`customer_figures`, {
  extends: customer_values,
  public: false,
  measures: {
    customer_count: {
      sql: `count()`,
      type: `number`,
      drill_members: [customer_id, rfm_segment],
      ...amount(
        `count`,
        `up`,
        [`Customers`, `Who ever paid an order.`],
        [`客户数`, `付过款的客户。`],
      ),
    },
    new_customer_count: {
      sql: `countIf(age_days < ${CUSTOMER_DAYS})`,
      type: `number`,
      drill_members: [customer_id, rfm_segment],
      ...amount(
        `count`,
        `up`,
        [`New customers`, `Whose first paid order is of the last ${CUSTOMER_DAYS} days.`],
        [`新客户`, `首单在最近 ${CUSTOMER_DAYS} 天内的客户。`],
      ),
    },
    returning_customer_count: {
      sql: `countIf(recency_days < ${CUSTOMER_DAYS} and age_days >= ${CUSTOMER_DAYS})`,
      type: `number`,
      drill_members: [customer_id, rfm_segment],
      ...amount(
        `count`,
        `up`,
        [
          `Returning customers`,
          `Who paid an order in the last ${CUSTOMER_DAYS} days, and their first one before.`,
        ],
        [`回头客`, `最近 ${CUSTOMER_DAYS} 天内下单且首单更早的客户。`],
      ),
    },
    repeat_customer_count: {
      sql: `countIf(${CUBE}.paid_orders >= 2)`,
      type: `number`,
      drill_members: [customer_id, rfm_segment],
      ...amount(
        `count`,
        `up`,
        [`Repeat customers`, `Who paid two orders or more.`],
        [`复购客户`, `付款两单及以上的客户。`],
      ),
    },
    repeat_rate: {
      sql: ratio(repeat_customer_count, customer_count),
      type: `number`,
      drill_members: [customer_id, rfm_segment],
      ...figure(
        `ratio`,
        `up`,
        [`Repeat rate`, `Repeat customers divided by customers.`],
        [`复购率`, `复购客户除以客户数。`],
      ),
    },
    order_count: {
      sql: `paid_orders`,
      type: `sum`,
      drill_members: [customer_id, rfm_segment],
      ...amount(
        `count`,
        `up`,
        [`Orders`, `Orders that these customers ever paid.`],
        [`订单数`, `这些客户历来付款的订单。`],
      ),
    },
    lifetime_value_cents: {
      sql: `lifetime_cents`,
      type: `sum`,
      drill_members: [customer_id, rfm_segment],
      ...amount(
        `cents`,
        `up`,
        [`Lifetime value`, `What these customers ever paid, less what went back.`],
        [`累计价值`, `这些客户历来付款减退款。`],
      ),
    },
    average_lifetime_value_cents: {
      sql: `toInt64(${quotient(lifetime_value_cents, customer_count, 0)})`,
      type: `number`,
      drill_members: [customer_id, rfm_segment],
      ...figure(
        `cents`,
        `up`,
        [
          `Average lifetime value`,
          `Lifetime value divided by customers, rounded half up to a cent.`,
        ],
        [`人均累计价值`, `累计价值除以客户数，四舍五入到分。`],
      ),
    },
    recent_order_count: {
      sql: `frequency`,
      type: `sum`,
      drill_members: [customer_id, rfm_segment],
      ...amount(
        `count`,
        `up`,
        [`Recent orders`, `Orders that these customers paid in the last ${RFM_DAYS} days.`],
        [`近期订单`, `这些客户最近 ${RFM_DAYS} 天付款的订单。`],
      ),
    },
    recent_revenue_cents: {
      sql: `monetary`,
      type: `sum`,
      drill_members: [customer_id, rfm_segment],
      ...amount(
        `cents`,
        `up`,
        [
          `Recent revenue`,
          `What these customers paid in the last ${RFM_DAYS} days, less what went back.`,
        ],
        [`近期收入`, `这些客户最近 ${RFM_DAYS} 天付款减退款。`],
      ),
    },
    average_recency_days: {
      sql: quotient(`sum(recency_days)`, customer_count, 1),
      type: `number`,
      drill_members: [customer_id, rfm_segment],
      ...figure(
        `days`,
        `down`,
        [`Average recency`, `Days since the last paid order, on average.`],
        [`平均未购天数`, `距最近一次付款的平均天数。`],
      ),
    },
  },
})
