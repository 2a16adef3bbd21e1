// Customers by the month of their first paid order, followed month by month to today. Months without an order are rows
// too, so a quiet month lowers retention instead of vanishing from it. Read from the journal's cash entries,
// each joined to the first month of its customer; what comes out is a row for each cohort and month.
import { amount, figure, group, quotient, ratio, TODAY } from './words'

// SQL: whole months since 1970. As numbers they are compared and joined in half the time of dates.
const MONTH = `toInt32(toRelativeMonthNum(business_day) - toRelativeMonthNum(toDate32('1970-01-01')))`

const ONE_MONTH = [`month`, `months_since`, `customer_type`]

cube(`customer_months`, {
  sql: `
    select cohort, number as months_since, addMonths(cohort, number) as month, size,
      arrayElement(actives, indexOf(numbers, number)) as active,
      arrayElement(order_counts, indexOf(numbers, number)) as orders,
      arrayElement(revenues, indexOf(numbers, number)) as revenue,
      arraySum(arrayFilter((cents, at) -> at <= number, revenues, numbers)) as revenue_to_date
    from (
      select cohort, sumIf(customers, number = 0) as size, groupArray(number) as numbers,
        groupArray(customers) as actives, groupArray(paid) as order_counts, groupArray(cents) as revenues
      from (
        select addMonths(toDate32('1970-01-01'), first_month) as cohort, paid_month - first_month as number,
          uniqExactIf(customer_id, kind = 'sale') as customers,
          countIf(kind = 'sale') as paid, sum(amount_cents) as cents
        from (
          select customer_id, kind, amount_cents, ${MONTH} as paid_month
          from journal_entry
          where account = 'cash' and isNotNull(customer_id)
            and ${SECURITY_CONTEXT.scope.requiredFilter((scope) => `(${scope} = 'all' or has(ancestor_ids, toInt64OrZero(${scope})))`)}
        ) as entry
        inner join (
          select customer_id, min(${MONTH}) as first_month
          from journal_entry
          where account = 'cash' and isNotNull(customer_id) and kind = 'sale'
            and ${SECURITY_CONTEXT.scope.requiredFilter((scope) => `(${scope} = 'all' or has(ancestor_ids, toInt64OrZero(${scope})))`)}
          group by customer_id
        ) as first using (customer_id)
        group by first_month, paid_month
      )
      group by cohort
    )
    array join arrayDistinct(arrayConcat(numbers, range(toInt32(dateDiff('month', cohort, ${TODAY})) + 1))) as number
  `,
  public: false,

  dimensions: {
    id: {
      sql: `concat(toString(${CUBE}.cohort), '.', toString(${CUBE}.months_since))`,
      type: `string`,
      primary_key: true,
    },
    cohort_month: {
      sql: `formatDateTime(${CUBE}.cohort, '%Y-%m')`,
      type: `string`,
      ...group(
        [`Cohort`, `The month of a customer's first paid order.`],
        [`首单月份`, `客户首次付款的月份。`],
      ),
    },
    month: {
      sql: `formatDateTime(${CUBE}.month, '%Y-%m')`,
      type: `string`,
      ...group([`Month`, `The month looked at.`], [`月份`, `所看的月份。`]),
    },
    months_since: {
      sql: `${CUBE}.months_since`,
      type: `number`,
      ...group(
        [`Months since`, `Whole months since the month of the first paid order; 0 is that month.`],
        [`相隔月数`, `距首单月份的月数，0 为首单当月。`],
      ),
    },
    customer_type: {
      sql: `if(${CUBE}.months_since = 0, 'new', 'returning')`,
      type: `string`,
      ...group(
        [`New or returning`, `New in the month of the first paid order, returning after it.`],
        [`新客或回头客`, `首单当月为新客，之后为回头客。`],
        { new: { en: `New`, zh: `新客` }, returning: { en: `Returning`, zh: `回头客` } },
      ),
    },
  },

  measures: {
    cohort_customers: {
      sql: `size`,
      type: `sum`,
      drill_members: [cohort_month, months_since],
      ...amount(
        `count`,
        `up`,
        [`Cohort size`, `Customers of the cohort; counted anew for each month since.`],
        [`批次客户数`, `该批次的客户数；每个月份各计一次。`],
        ONE_MONTH,
      ),
    },
    active_customers: {
      sql: `active`,
      type: `sum`,
      drill_members: [cohort_month, months_since],
      ...amount(
        `count`,
        `up`,
        [
          `Active customers`,
          `Customers who paid an order in the month; counted anew for each month.`,
        ],
        [`活跃客户`, `当月付款的客户；每个月份各计一次。`],
        ONE_MONTH,
      ),
    },
    retention: {
      sql: ratio(active_customers, cohort_customers),
      type: `number`,
      drill_members: [cohort_month, months_since],
      ...figure(
        `ratio`,
        `up`,
        [
          `Retention`,
          `Active customers divided by the size of their cohorts, of those cohorts that are that old; the running month is not over yet.`,
        ],
        [`留存率`, `活跃客户除以批次客户数，只计已满该月数的批次；本月尚未结束。`],
      ),
    },
    order_count: {
      sql: `orders`,
      type: `sum`,
      drill_members: [cohort_month, months_since],
      ...amount(
        `count`,
        `up`,
        [`Orders`, `Orders paid in the month.`],
        [`订单数`, `当月付款的订单。`],
      ),
    },
    revenue_cents: {
      sql: `revenue`,
      type: `sum`,
      drill_members: [cohort_month, months_since],
      ...amount(
        `cents`,
        `up`,
        [`Revenue`, `What was paid in the month, less what went back.`],
        [`收入`, `当月付款减退款。`],
      ),
    },
    value_to_date_cents: {
      sql: `revenue_to_date`,
      type: `sum`,
      drill_members: [cohort_month, months_since],
      ...amount(
        `cents`,
        `up`,
        [
          `Value to date`,
          `What the cohort has paid up to and with the month, less what went back.`,
        ],
        [`累计价值`, `该批次截至当月的付款减退款。`],
        ONE_MONTH,
      ),
    },
    value_per_customer_cents: {
      sql: `toInt64(${quotient(value_to_date_cents, cohort_customers, 0)})`,
      type: `number`,
      drill_members: [cohort_month, months_since],
      ...figure(
        `cents`,
        `up`,
        [
          `Value per customer`,
          `Value to date divided by the size of the cohort, rounded half up to a cent.`,
        ],
        [`人均累计价值`, `累计价值除以批次客户数，四舍五入到分。`],
      ),
    },
  },
})
