// One row for each customer who ever paid: what he paid less what went back to him, over all time and lately. Money is
// read from the cash side of the journal: one entry for each payment and each refund, and its sum is the revenue.
// Each score compares him with all the others: fifths of their number, the first fifth one larger where it does not
// divide. Equals stand in a stated order, so a score is the same whenever it is asked. Days are numbers in here: least and
// greatest of them take half the time they take of dates.
import { group, TODAY } from './words'
import { RFM_SEGMENTS } from './rfm-segments'
import { RFM_DAYS } from './parameters'

cube(`customer_values`, {
  sql: `
    select *,
      6 - ntile(5) over (order by last_number desc, frequency desc, customer_id) as recency_score,
      6 - ntile(5) over (order by frequency desc, last_number desc, customer_id) as frequency_score,
      6 - ntile(5) over (order by monetary desc, last_number desc, customer_id) as monetary_score
    from (
      select customer_id, minIf(toInt32(business_day), kind = 'sale') as first_number,
        maxIf(toInt32(business_day), kind = 'sale') as last_number, countIf(kind = 'sale') as paid_orders,
        sum(amount_cents) as lifetime_cents, toInt32(${TODAY}) as today,
        countIf(kind = 'sale' and toInt32(business_day) > today - ${RFM_DAYS}) as frequency,
        sumIf(amount_cents, toInt32(business_day) > today - ${RFM_DAYS}) as monetary,
        today - last_number as recency_days, today - first_number as age_days
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
        [
          `Recency score`,
          `5: among the fifth of customers who ordered last; 1: longest ago. Of the same day, who ordered more in the last ${RFM_DAYS} days stands first, then the smaller id.`,
        ],
        [
          `最近得分`,
          `5 为最近下单的五分之一客户，1 为最久未下单。同日者，最近 ${RFM_DAYS} 天订单多者在前，再按编号小者在前。`,
        ],
      ),
    },
    frequency_score: {
      sql: `frequency_score`,
      type: `number`,
      ...group(
        [
          `Frequency score`,
          `5: among the fifth with most orders in the last ${RFM_DAYS} days. Of equally many, who ordered later stands first, then the smaller id.`,
        ],
        [
          `频次得分`,
          `5 为最近 ${RFM_DAYS} 天订单最多的五分之一客户。订单数相同者，最近下单者在前，再按编号小者在前。`,
        ],
      ),
    },
    monetary_score: {
      sql: `monetary_score`,
      type: `number`,
      ...group(
        [
          `Monetary score`,
          `5: among the fifth who paid most in the last ${RFM_DAYS} days, less refunds. Of equal amounts, who ordered later stands first, then the smaller id.`,
        ],
        [
          `金额得分`,
          `5 为最近 ${RFM_DAYS} 天净付款最多的五分之一客户。金额相同者，最近下单者在前，再按编号小者在前。`,
        ],
      ),
    },
    first_day: {
      sql: `toDate32(${CUBE}.first_number)`,
      type: `string`,
      ...group(
        [`First order`, `The business day of the first paid order.`],
        [`首单日`, `首次付款的营业日。`],
      ),
    },
    last_day: {
      sql: `toDate32(${CUBE}.last_number)`,
      type: `string`,
      ...group(
        [`Last order`, `The business day of the last paid order.`],
        [`最近下单日`, `最近一次付款的营业日。`],
      ),
    },
  },
})
