/** What the demo's people have planned and noted: goals that follow from what was sold, and notes on its charts. */
import type postgres from 'postgres'

/** Beginning with the one that runs, so many: a demo that is left on still has a goal tomorrow. */
const PERIODS = [
  { period: 'day', length: '1 day', count: 14 },
  { period: 'week', length: '7 days', count: 4 },
  { period: 'month', length: '1 month', count: 2 },
  { period: 'quarter', length: '3 months', count: 1 },
]
/** Fewer days than this of the quarter before say little about a quarter: then some of its own are asked too. */
const BASE_DAYS_MIN = 28
const GRADES_WITH_GOALS = ['region', 'state']
const GROWTH = 1.05
/** Goals are round: to a twentieth of their first digit's place, so 5 to 10 % above what they are made from. */
const ROUND_PARTS = 20

/** A moment of the shop's own day; one that is still to come is left out. */
const NOTES = [
  { days_ago: 18, clock: '10:00', text: 'New catalogue sent to shops' },
  { days_ago: 6, clock: '09:30', text: 'Newsletter sent to customers' },
  { days_ago: 0, clock: '09:00', text: 'Prices checked with the regions' },
]

/** Needs the sales and the log-ins; `sellers` are codes of distributors who log in. Done twice, it does nothing. */
export async function makePlans(sql: postgres.Sql, sellers: string[]): Promise<void> {
  await sql.begin(async (transaction) => {
    await readSales(transaction, sellers)
    await setGoals(transaction)
    await writeNotes(transaction)
  })
}

/** By day since the market's first whole one: of the company (no distributor), and of the teams that get a goal. */
async function readSales(sql: postgres.TransactionSql, sellers: string[]): Promise<void> {
  await sql`
    create temp table sold on commit drop as
    with planned as (
      select id as distributor_id, code = any(${sellers}) as is_seller
      from distributor
      where grade = any(${GRADES_WITH_GOALS}) or code = any(${sellers})
      union all
      select null, true
    ),
    daily as (
      select business_day, ancestor_ids, -sum(amount_cents) as revenue_cents,
        count(distinct order_id) filter (where account = 'sales') as orders
      from journal_entry
      where account in ('sales', 'shipping_income', 'discount', 'refund') and business_day < business_day(now())
        and business_day > (select business_day(min(placed_at)) from sales_order where source = 'api')
      group by business_day, ancestor_ids
    )
    select planned.distributor_id, business_day as day, measure, sum(value) as value
    from daily
    cross join unnest(ancestor_ids || null::bigint) as member (distributor_id)
    join planned on planned.distributor_id is not distinct from member.distributor_id
    cross join lateral (values
      ('sales.revenue_cents', revenue_cents, true), ('sales.order_count', orders, is_seller)
    ) as told (measure, value, is_wanted)
    where is_wanted
    group by planned.distributor_id, business_day, measure
  `
}

/** From the mean day of the period before. A month is what teams are measured by; the company by each period. */
async function setGoals(sql: postgres.TransactionSql): Promise<void> {
  await sql`
    with span as (
      select period, length::interval, count, starts_on,
        greatest((starts_on - length::interval)::date, first_day) as since,
        least(business_day(now()), greatest(starts_on, first_day + ${BASE_DAYS_MIN}::integer)) as until
      from jsonb_to_recordset(${JSON.stringify(PERIODS)}::text::jsonb) as wanted (period text, length text, count integer)
      cross join lateral (select date_trunc(period, business_day(now())::timestamp)::date as starts_on) as running
      cross join (select min(day) as first_day from sold) as known
    ),
    base as (
      select distributor_id, measure, period, sum(value) / (until - since) as per_day
      from span
      join sold on day >= since and day < until and (distributor_id is null or period = 'month')
      group by distributor_id, measure, period, since, until
      having sum(value) > 0
    ),
    wanted as (
      select distributor_id, measure, period, begins.starts_on,
        ceil(per_day * ((begins.starts_on + length)::date - begins.starts_on) * ${GROWTH}::numeric) as above
      from base
      join span using (period)
      cross join generate_series(0, count - 1) as later
      cross join lateral (select (span.starts_on + later * length)::date as starts_on) as begins
    )
    insert into goal (measure, distributor_id, period, starts_on, target, set_by, set_at)
    select measure, wanted.distributor_id, period, starts_on, ceil(above / step) * step, app_user.id, now()
    from wanted
    cross join lateral (
      select greatest(1, trunc(power(10::numeric, floor(log(above))) / ${ROUND_PARTS}::numeric)) as step
    ) as round
    join app_user on app_user.login = 'executive'
    on conflict do nothing
  `
}

async function writeNotes(sql: postgres.TransactionSql): Promise<void> {
  await sql`
    insert into annotation (at, text, written_by, written_at)
    select at, note.text, app_user.id, at
    from instance
    cross join jsonb_to_recordset(${JSON.stringify(NOTES)}::text::jsonb) as note (days_ago integer, clock time, text text)
    cross join lateral (
      select (business_day(now()) - days_ago + clock) at time zone instance.time_zone as at
    ) as happened
    join app_user on app_user.login = 'operations'
    where at < now() and not exists (select from annotation where annotation.text = note.text)
  `
}
