/** Orders at a steady rate, each one statement: what is measured is the way after its commit. */
import { setTimeout as sleep } from 'node:timers/promises'
import type postgres from 'postgres'

/** Row changes of one order that is placed: header, line, reservation, event, funnel step. */
export const CHANGES_PER_ORDER = 5
const SESSIONS = 4

export type Load = { rate: number; seconds: number }

/** Shelves that never run empty, and the statement. Ids of what is sold run from 1. */
export async function prepareOrders(sql: postgres.Sql) {
  await sql`select receive_stock(id, 1, 10000000, 1000000000, 'opening', now()) from sku`
  await sql`
    create function bench_place_order(tag text) returns void language plpgsql as $$
    declare
      placed_id bigint;
    begin
      insert into funnel_event (at, business_day, step, visit_id, channel_id)
      values (clock_timestamp(), current_date, 'visit', tag, 1);
      insert into sales_order (order_no, channel_id, warehouse_id, list_cents, total_cents, placed_at)
      values (tag, 1, 1, 1999, 1999, clock_timestamp())
      returning id into placed_id;
      insert into order_line (order_id, line_no, sku_id, quantity, unit_price_cents, list_cents, total_cents)
      values (placed_id, 1, 1 + placed_id % (select count(*) from sku), 1, 1999, 1999, 1999);
      perform post_placed(array[placed_id]);
    end $$
  `
}

/** Open loop: an order is due when it is due, whether or not the last one is done. */
export async function placeOrders(
  sql: postgres.Sql,
  { rate, seconds }: Load,
  onCommit: (at: number) => void = () => {},
): Promise<number> {
  const orders = Math.round((rate / CHANGES_PER_ORDER) * seconds)
  const startedAt = performance.now()
  let next = 0
  async function session() {
    while (next < orders) {
      const dueAt = startedAt + (next * 1_000 * CHANGES_PER_ORDER) / rate
      next += 1
      const wait = dueAt - performance.now()
      if (wait > 1) await sleep(wait)
      await sql`select bench_place_order(${crypto.randomUUID()})`
      onCommit(performance.now())
    }
  }
  await Promise.all(Array.from({ length: SESSIONS }, session))
  return orders
}
