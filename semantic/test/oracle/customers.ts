/** Customers a second way: from the orders they paid and those that were given back. */
import { exact, OWN_TREE, ratio, type ViewOracle } from './kind.ts'
import { CUSTOMER_DAYS, RFM_DAYS } from './parameters.ts'

/** Everything a customer paid (+) and got back (−); $1 is the distributor whose part is looked at, if any. */
const PURCHASE = `
  select o.customer_id, business_day(cash.at) as day, cash.cents, cash.paid, o.ancestor_ids
  from sales_order as o
  cross join lateral (
    select o.paid_at as at, o.total_cents as cents, 1 as paid
    where o.paid_at is not null
    union all
    select case when o.kind = 'return' then o.completed_at else o.cancelled_at end, -o.total_cents, 0
    where case when o.kind = 'return' then o.completed_at is not null
      else o.paid_at is not null and o.cancelled_at is not null end
  ) as cash
  where o.customer_id is not null and ($1::bigint is null or ${OWN_TREE})
`

/** 5 for the first fifth of the places; where five does not divide their number, the first fifths have one more. */
const fifth = (place: string) =>
  `5 - (select count(*) from generate_series(1, 4) as n where ${place} > number / 5 * n + least(number % 5, n))`

const CUSTOMER = `(
  select placed.*, ${fifth('recency_place')} as recency_score, ${fifth('frequency_place')} as frequency_score,
    ${fifth('monetary_place')} as monetary_score, customer.name as customer, customer.segment as customer_segment,
    customer.region as customer_region
  from (
    select bought.*, count(*) over () as number,
      row_number() over (order by recency, frequency desc, customer_id) as recency_place,
      row_number() over (order by frequency desc, recency, customer_id) as frequency_place,
      row_number() over (order by monetary desc, recency, customer_id) as monetary_place
    from (
      select customer_id, min(day) filter (where paid = 1) as first_day, max(day) filter (where paid = 1) as last_day,
        sum(paid) as orders, sum(cents) as lifetime,
        coalesce(sum(paid) filter (where day > business_day(statement_timestamp()) - ${RFM_DAYS}), 0) as frequency,
        coalesce(sum(cents) filter (where day > business_day(statement_timestamp()) - ${RFM_DAYS}), 0) as monetary,
        business_day(statement_timestamp()) - max(day) filter (where paid = 1) as recency,
        business_day(statement_timestamp()) - min(day) filter (where paid = 1) as age
      from (${PURCHASE}) as purchase
      group by customer_id
      having sum(paid) > 0
    ) as bought
  ) as placed
  join customer on customer.id = placed.customer_id
) as customers`

const SEGMENT = `case
  when recency_score >= 4 and frequency_score >= 4 then 'champions'
  when recency_score >= 3 and frequency_score >= 3 then 'loyal'
  when recency_score >= 4 and orders = 1 then 'new'
  when recency_score >= 3 then 'promising'
  when frequency_score >= 4 then 'cant_lose'
  when frequency_score = 3 then 'at_risk'
  when recency_score = 2 then 'hibernating'
  else 'lost' end`

/** Every month from a customer's first paid order to today, and any other in which money moved. */
const COHORT = `(
  with purchase as (${PURCHASE}),
  first as (
    select customer_id, date_trunc('month', min(day))::date as cohort
    from purchase
    where paid = 1
    group by customer_id
  ),
  cell as (
    select first.cohort, date_trunc('month', purchase.day)::date as month,
      count(distinct customer_id) filter (where paid = 1) as active, sum(paid) as orders, sum(cents) as revenue
    from purchase
    join first using (customer_id)
    group by 1, 2
  ),
  grid as (
    select cohort, month from cell
    union
    select cohort, generate_series(cohort, business_day(statement_timestamp()), interval '1 month')::date
    from first
  )
  select to_char(grid.cohort, 'YYYY-MM') as cohort_month, to_char(grid.month, 'YYYY-MM') as month,
    since.months as months_since, case when since.months = 0 then 'new' else 'returning' end as customer_type,
    (select count(*) from first where first.cohort = grid.cohort) as size, coalesce(cell.active, 0) as active,
    coalesce(cell.orders, 0) as orders, coalesce(cell.revenue, 0) as revenue,
    (select coalesce(sum(earlier.revenue), 0) from cell as earlier
      where earlier.cohort = grid.cohort and earlier.month <= grid.month) as to_date
  from grid
  left join cell using (cohort, month)
  cross join lateral (
    select (extract(year from grid.month) - extract(year from grid.cohort)) * 12
      + extract(month from grid.month) - extract(month from grid.cohort) as months
  ) as since
) as cohorts`

const RECENT = {
  order_count: 'sum(orders)',
  lifetime_value_cents: 'sum(lifetime)',
  recent_order_count: 'sum(frequency)',
  recent_revenue_cents: 'sum(monetary)',
  average_recency_days: 'round(sum(recency) / count(*)::numeric, 1)',
}

export const CUSTOMER_ORACLE: Record<string, ViewOracle> = {
  customers: {
    from: CUSTOMER,
    scope: 'true',
    dimensions: { rfm_segment: SEGMENT },
    measures: {
      ...RECENT,
      customer_count: 'count(*)',
      new_customer_count: `count(*) filter (where age < ${CUSTOMER_DAYS})`,
      returning_customer_count: `count(*) filter (where recency < ${CUSTOMER_DAYS} and age >= ${CUSTOMER_DAYS})`,
      repeat_customer_count: 'count(*) filter (where orders >= 2)',
      repeat_rate: ratio('count(*) filter (where orders >= 2)', 'count(*)'),
      average_lifetime_value_cents: `round(${exact('sum(lifetime)')} / nullif(count(*), 0))`,
    },
  },
  customer_profiles: {
    from: CUSTOMER,
    scope: null,
    dimensions: { rfm_segment: SEGMENT },
    measures: RECENT,
  },
  customer_cohorts: {
    from: COHORT,
    scope: 'true',
    measures: {
      cohort_customers: 'sum(size)',
      active_customers: 'sum(active)',
      retention: ratio('sum(active)', 'sum(size)'),
      order_count: 'sum(orders)',
      revenue_cents: 'sum(revenue)',
      value_to_date_cents: 'sum(to_date)',
      value_per_customer_cents: `round(${exact('sum(to_date)')} / nullif(sum(size), 0))`,
    },
  },
}
