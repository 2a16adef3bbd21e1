/**
 * Each transition moves the header only from the state it may leave, and says whether it did: two
 * requests at once cannot both. The clock is read under the row's lock, so times follow states.
 */
import type { Queryable } from '../lib/postgres.ts'

export async function markPaid(sql: Queryable, id: number) {
  const { count } = await sql`
    update sales_order
    set state = 'paid', paid_at = clock_timestamp()
    where id = ${id} and kind = 'sale' and state = 'placed'
  `
  return count === 1
}

export async function markShipped(sql: Queryable, id: number) {
  const { count } = await sql`
    update sales_order
    set state = 'shipped', shipped_at = clock_timestamp()
    where id = ${id} and kind = 'sale' and state = 'paid'
  `
  return count === 1
}

export async function markCompleted(sql: Queryable, id: number) {
  const { count } = await sql`
    update sales_order
    set state = 'completed', completed_at = clock_timestamp()
    where id = ${id} and kind = 'sale' and state = 'shipped'
  `
  return count === 1
}

export async function markCancelled(sql: Queryable, id: number) {
  const [row] = await sql<[{ is_paid: boolean }?]>`
    update sales_order
    set state = 'cancelled', cancelled_at = clock_timestamp()
    where id = ${id} and kind = 'sale' and state in ('placed', 'paid')
    returning paid_at is not null as is_paid
  `
  return row
}

/** Unpaid for too long; orders someone is paying for right now are left alone. */
export async function markExpired(sql: Queryable, minutes: number, limit: number) {
  const rows = await sql<{ id: number }[]>`
    update sales_order
    set state = 'cancelled', cancelled_at = clock_timestamp()
    where id in (
      select id
      from sales_order
      where state = 'placed' and source = 'api'
        and placed_at < now() - make_interval(mins => ${minutes})
      order by placed_at
      limit ${limit}
      for update skip locked
    ) and state = 'placed'
    returning id
  `
  return rows.map(({ id }) => id)
}

export async function postPlaced(sql: Queryable, id: number) {
  await sql`select post_placed(array[${id}]::bigint[])`
}

export async function postPaid(sql: Queryable, id: number) {
  await sql`select post_paid(array[${id}]::bigint[])`
}

export async function postShipped(sql: Queryable, id: number) {
  await sql`select post_shipped(array[${id}]::bigint[])`
}

export async function postCompleted(sql: Queryable, id: number) {
  await sql`select post_completed(array[${id}]::bigint[])`
}

export async function postCancelled(sql: Queryable, ids: number[]) {
  await sql`select post_cancelled(${ids}::bigint[])`
}
