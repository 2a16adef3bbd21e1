/**
 * Posts what had happened, thousands of orders a transaction, through the same functions as a live order. Like any
 * history it brings its own goods, so no level moves, and its keys, each just read from its own table, are not checked.
 */
import { once } from 'node:events'
import type postgres from 'postgres'
import type { PastOrder, PastStep } from './past.ts'

export type Batch = { orders: PastOrder[]; steps: PastStep[] }
type Cell = string | number | boolean | null

/** Of a session; `cost` is what a piece of each sku cost on average. */
export async function prepareSession(sql: postgres.ReservedSql): Promise<void> {
  await sql.unsafe(`
    set synchronous_commit = off;
    set work_mem = '64MB';
    create temp table past_order (
      visit_id text, channel_id bigint, customer_id bigint, distributor_id bigint, warehouse_id bigint,
      is_counted boolean, state text, placed_at timestamptz, paid_at timestamptz, shipped_at timestamptz,
      completed_at timestamptz, cancelled_at timestamptz, list_cents bigint, discount_cents bigint,
      shipping_cents bigint
    ) on commit delete rows;
    create temp table past_line (
      visit_id text, line_no integer, sku_id bigint, quantity bigint, unit_price_cents bigint, list_cents bigint,
      discount_cents bigint
    ) on commit delete rows;
    create temp table past_step (
      at timestamptz, step text, visit_id text, channel_id bigint, distributor_id bigint, promo_code text, sku_id bigint
    ) on commit delete rows;
    create temp table piece_cost as
      select sku_id, sum(cost_cents)::numeric / sum(quantity) as piece_cents
      from order_line where cost_cents is not null group by sku_id;
    analyze piece_cost;
  `)
}

/** Whole or not at all; a batch that is there already is left alone. Returns how many orders were posted. */
export async function post(sql: postgres.ReservedSql, { orders, steps }: Batch): Promise<number> {
  const [first] = orders
  if (first === undefined) return 0
  const [there] = await sql`
    select from sales_order where channel_id = ${first.channel_id} and external_id = ${first.visit_id}
  `
  if (there) return 0
  await sql`begin`
  try {
    await sql`select import_without_key_checks(true)`
    await copy(sql, 'past_order', orders.map(orderCells))
    await copy(sql, 'past_line', orders.flatMap(lineCells))
    await copy(sql, 'past_step', steps.map(stepCells))
    await insertPast(sql)
    await postLedgers(sql)
    await sql`commit`
    return orders.length
  } catch (error) {
    await sql`rollback`.catch(() => {})
    throw error
  }
}

function orderCells(order: PastOrder): Cell[] {
  const { visit_id, channel_id, customer_id, distributor_id, warehouse_id, is_counted } = order
  const { state, placed_at, paid_at, shipped_at, completed_at, cancelled_at } = order
  return [
    ...[visit_id, channel_id, customer_id, distributor_id, warehouse_id, is_counted, state],
    ...[placed_at, paid_at, shipped_at, completed_at, cancelled_at].map(momentOf),
    ...[order.list_cents, order.discount_cents, order.shipping_cents],
  ]
}

function lineCells({ visit_id, lines }: PastOrder): Cell[][] {
  return lines.map((line, index) => [
    ...[visit_id, index + 1, line.sku_id, line.quantity],
    ...[line.unit_price_cents, line.list_cents, line.discount_cents],
  ])
}

function stepCells(step: PastStep): Cell[] {
  const { at, visit_id, channel_id, distributor_id, promo_code, sku_id } = step
  return [momentOf(at), step.step, visit_id, channel_id, distributor_id, promo_code, sku_id]
}

function momentOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}

/** Ids, whole numbers, moments and codes of our own: nothing in them needs escaping. */
async function copy(sql: postgres.ReservedSql, table: string, rows: Cell[][]): Promise<void> {
  const stream = await sql.unsafe(`copy ${table} from stdin`).writable()
  const text = rows.map((row) => row.map((cell) => cell ?? '\\N').join('\t')).join('\n')
  stream.end(rows.length === 0 ? '' : `${text}\n`)
  await once(stream, 'finish')
}

async function insertPast(sql: postgres.ReservedSql): Promise<void> {
  await sql`analyze past_order, past_line, past_step`
  await sql`
    insert into funnel_event (at, business_day, step, visit_id, channel_id, distributor_id, ancestor_ids, promo_code,
      sku_id)
    select at, (at at time zone instance.time_zone)::date, step, visit_id, channel_id, past_step.distributor_id,
      coalesce(ancestor_ids(distributor.path), '{}'), promo_code, sku_id
    from instance
    cross join past_step
    left join distributor on distributor.id = past_step.distributor_id
    order by at
  `
  await sql`
    insert into sales_order (order_no, channel_id, external_id, distributor_id, ancestor_ids, customer_id, warehouse_id,
      visit_id, state, list_cents, discount_cents, shipping_cents, total_cents, placed_at, paid_at, shipped_at,
      completed_at, cancelled_at)
    select 'S' || to_char(placed_at at time zone instance.time_zone, 'YYMMDD') || '-' || visit_id, channel_id, visit_id,
      past_order.distributor_id, coalesce(ancestor_ids(distributor.path), '{}'), customer_id,
      coalesce(past_order.warehouse_id, (select id from warehouse order by priority, id limit 1)),
      case when is_counted then visit_id end, state, list_cents, discount_cents, shipping_cents,
      list_cents - discount_cents + shipping_cents, placed_at, paid_at, shipped_at, completed_at, cancelled_at
    from instance
    cross join past_order
    left join distributor on distributor.id = past_order.distributor_id
    order by placed_at
  `
  await sql`
    insert into order_line (order_id, line_no, sku_id, quantity, unit_price_cents, list_cents, discount_cents,
      total_cents, cost_cents)
    select sales_order.id, line_no, past_line.sku_id, quantity, unit_price_cents, past_line.list_cents,
      past_line.discount_cents, past_line.list_cents - past_line.discount_cents,
      coalesce(round(piece_cents * quantity), 0)
    from past_order
    join sales_order on sales_order.channel_id = past_order.channel_id and sales_order.external_id = past_order.visit_id
    join past_line on past_line.visit_id = past_order.visit_id
    left join piece_cost on piece_cost.sku_id = past_line.sku_id
    order by sales_order.id, line_no
  `
  await sql`
    insert into payment (order_id, kind, out_no, channel_txn, method, amount_cents, at)
    select sales_order.id, paid.kind, order_no || paid.suffix,
      case paid.kind when 'pay' then sales_order.external_id end, 'card', total_cents, paid.at
    from past_order
    join sales_order on sales_order.channel_id = past_order.channel_id and sales_order.external_id = past_order.visit_id
    cross join lateral (values
      ('pay', '', sales_order.paid_at), ('refund', '-R', sales_order.cancelled_at)
    ) as paid (kind, suffix, at)
    where sales_order.paid_at is not null and paid.at is not null
  `
}

async function postLedgers(sql: postgres.ReservedSql): Promise<void> {
  await sql`
    with posted as (
      select array_agg(sales_order.id order by sales_order.id) as placed,
        coalesce(array_agg(sales_order.id order by sales_order.id) filter (where sales_order.paid_at is not null), '{}')
          as paid,
        coalesce(array_agg(sales_order.id order by sales_order.id) filter (where sales_order.shipped_at is not null), '{}')
          as shipped,
        coalesce(array_agg(sales_order.id order by sales_order.id) filter (where sales_order.completed_at is not null), '{}')
          as completed,
        coalesce(array_agg(sales_order.id order by sales_order.id) filter (where sales_order.cancelled_at is not null), '{}')
          as cancelled
      from past_order
      join sales_order on sales_order.channel_id = past_order.channel_id
        and sales_order.external_id = past_order.visit_id
    )
    select attribute_lines(placed), post_placed(placed), post_paid(paid), post_shipped(shipped),
      post_completed(completed), post_cancelled(cancelled)
    from posted
  `
}
