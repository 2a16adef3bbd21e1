// One row for each customer who ever paid: what he paid less what went back to him, over all time and lately. Money is
// read from the cash side of the journal: one entry for each payment and each refund, and its sum is the revenue.
// Each score compares him with all the others: fifths of their number, equal values with equal scores.
import { amount, figure, group, quotient, ratio, TODAY } from './words'
import { RFM_SEGMENTS } from './rfm-segments'
import { CUSTOMER_DAYS, RFM_DAYS } from './parameters'

cube(`customer_values`, {
  sql: `
    select *,
      1 + intDiv(5 * (rank() over (order by recency_days desc) - 1), count() over ()) as recency_score,
      1 + intDiv(5 * (rank() over (order by frequency) - 1), count() over ()) as frequency_score,
      1 + intDiv(5 * (rank() over (order by monetary) - 1), count() over ()) as monetary_score
    from (
      select customer_id, minIf(business_day, kind = 'sale') as first_day, maxIf(business_day, kind = 'sale') as last_day,
        countIf(kind = 'sale') as paid_orders, sum(amount_cents) as lifetime_cents,
        countIf(kind = 'sale' and business_day > ${TODAY} - ${RFM_DAYS}) as frequency,
        sumIf(amount_cents, business_day > ${TODAY} - ${RFM_DAYS}) as monetary,
        dateDiff('day', last_day, ${TODAY}) as recency_days, dateDiff('day', first_day, ${TODAY}) as age_days
      from journal_entry
      where account = 'cash' and isNotNull(customer_id)
        and ${SECURITY_CONTEXT.scope.requiredFilter((scope) => `(${scope} = 'all' or has(ancestor_ids, toInt64OrZero(${scope})))`)}
      group by customer_id
      having paid_orders > 0
    )
  `,
  public: false,

  joins: {
    customer: { relationship: `many_to_one`, sql: `${CUBE}.customer_id = ${customer}.id` },
  },

  dimensions: {
    customer_id: {
      sql: `${CUBE}.customer_id`,
      type: `string`,
      primary_key: true,
      public: true,
      ...group([`Customer id`, `Who paid.`], [`客户编号`, `付款的客户。`]),
    },
    rfm_segment: {
      sql: `multiIf(
        recency_score >= 4 and frequency_score >= 4, 'champions',
        recency_score >= 3 and frequency_score >= 3, 'loyal',
        recency_score >= 4 and ${CUBE}.paid_orders = 1, 'new',
        recency_score >= 3, 'promising',
        frequency_score >= 4, 'cant_lose',
        frequency_score = 3, 'at_risk',
        recency_score = 2, 'hibernating',
        'lost'
      )`,
      type: `string`,
      ...group(
        [
          `RFM segment`,
          `By the scores of recency (R) and frequency (F): champions R 4–5, F 4–5; loyal R 3–5, F 3–5; new R 4–5 with one order; promising other R 3–5; cannot lose R 1–2, F 4–5; at risk R 1–2, F 3; hibernating R 2, lost R 1, both F 1–2.`,
        ],
        [
          `RFM 分群`,
          `按最近（R）和频次（F）得分：冠军 R 4–5、F 4–5；忠诚 R 3–5、F 3–5；新客 R 4–5 且仅一单；潜力为其余 R 3–5；不可流失 R 1–2、F 4–5；有流失风险 R 1–2、F 3；沉睡 R 2、流失 R 1，均为 F 1–2。`,
        ],
        RFM_SEGMENTS,
      ),
    },
    recency_score: {
      sql: `recency_score`,
      type: `number`,
      ...group(
        [`Recency score`, `5: among the fifth of customers who ordered last; 1: longest ago.`],
        [`最近得分`, `5 为最近下单的五分之一客户，1 为最久未下单。`],
      ),
    },
    frequency_score: {
      sql: `frequency_score`,
      type: `number`,
      ...group(
        [`Frequency score`, `5: among the fifth with most orders in the last ${RFM_DAYS} days.`],
        [`频次得分`, `5 为最近 ${RFM_DAYS} 天订单最多的五分之一客户。`],
      ),
    },
    monetary_score: {
      sql: `monetary_score`,
      type: `number`,
      ...group(
        [
          `Monetary score`,
          `5: among the fifth who paid most in the last ${RFM_DAYS} days, less refunds.`,
        ],
        [`金额得分`, `5 为最近 ${RFM_DAYS} 天净付款最多的五分之一客户。`],
      ),
    },
    first_day: {
      sql: `${CUBE}.first_day`,
      type: `string`,
      ...group(
        [`First order`, `The business day of the first paid order.`],
        [`首单日`, `首次付款的营业日。`],
      ),
    },
    last_day: {
      sql: `${CUBE}.last_day`,
      type: `string`,
      ...group(
        [`Last order`, `The business day of the last paid order.`],
        [`最近下单日`, `最近一次付款的营业日。`],
      ),
    },
  },

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
