/** Who looks on, and whose orders they look for: distributors of the demo company that sell the most. */
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import type postgres from 'postgres'
import { call, logIn } from '../../test/company.ts'
import type { Stack } from '../../test/stack.ts'

export type Scope = { login: string; token: string; distributor_id: number }
export type Shop = { token: string; channel_id: number; sku_id: number; warehouse_id: number }

const Order = Type.Object({ id: Type.Integer() })
const PLENTY = 10_000

/** One log-in for each of the busiest distributors, and the executive's; the password is the demo's own. */
export async function openScopes(stack: Stack, sql: postgres.Sql, count: number): Promise<Scope[]> {
  const rows = await sql<{ login: string; distributor_id: string }[]>`
    with busiest as (
      select sales_order.distributor_id
      from sales_order
      where sales_order.distributor_id is not null
      group by sales_order.distributor_id
      order by count(*) desc, sales_order.distributor_id
      limit ${count}
    ),
    made as (
      insert into app_user (login, name, role, distributor_id, password_hash)
      select 'viewer-' || distributor.id, distributor.name, 'distributor', distributor.id, admin.password_hash
      from busiest
      join distributor on distributor.id = busiest.distributor_id
      cross join app_user as admin
      where admin.login = ${stack.admin_login}
      returning login, distributor_id
    )
    select login, distributor_id from made
  `
  const scopes: Scope[] = []
  for (const { login, distributor_id } of rows) {
    const token = await logIn(stack, login)
    scopes.push({ login, token, distributor_id: Number(distributor_id) })
  }
  return scopes
}

/** Something of which there is plenty, so that no probe is refused. */
export async function openShop(stack: Stack, sql: postgres.Sql): Promise<Shop> {
  const token = await logIn(stack, stack.admin_login)
  const [thing] = await sql<{ channel_id: string; sku_id: string; warehouse_id: string }[]>`
    select channel.id as channel_id, sku.id as sku_id, warehouse.id as warehouse_id
    from sku
    join price on price.sku_id = sku.id
    cross join channel
    cross join warehouse
    where not sku.is_service
    order by sku.id, channel.id, warehouse.id
    limit 1
  `
  if (!thing) throw new Error('the demo has nothing to sell')
  const shop = {
    token,
    channel_id: Number(thing.channel_id),
    sku_id: Number(thing.sku_id),
    warehouse_id: Number(thing.warehouse_id),
  }
  const { sku_id, warehouse_id } = shop
  const receipts = [{ sku_id, warehouse_id, quantity: PLENTY, cost_cents: PLENTY * 100 }]
  await call(stack, token, 'POST', '/stock/receipts', { receipts })
  return shop
}

/** One paid order that a distributor brought; returns what its commit can be found by, and when that was. */
export async function payProbe(
  stack: Stack,
  sql: postgres.Sql,
  shop: Shop,
  distributor_id: number,
) {
  const { token, channel_id, sku_id, warehouse_id } = shop
  const lines = [{ sku_id, quantity: 1 }]
  const order: unknown = await call(stack, token, 'POST', '/orders', {
    channel_id,
    distributor_id,
    warehouse_id,
    lines,
  })
  if (!Value.Check(Order, order)) throw new Error('the answer to a placed order is not an order')
  await call(stack, token, 'POST', `/orders/${order.id}/pay`, {})
  const at = Date.now()
  // What is flushed by now holds the payment, and little more.
  const [flushed] = await sql<[{ lsn: string }]>`
    select (pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::text as lsn
  `
  return { lsn: BigInt(flushed.lsn), at }
}
