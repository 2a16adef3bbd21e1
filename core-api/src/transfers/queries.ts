import type { Queryable } from '../lib/postgres.ts'
import type { RequestTransfer, Transfer } from './schema.ts'

/** Open documents are few; a company with more of them has another problem. */
const TRANSFERS_MAX = 500

export async function listOpenTransfers(sql: Queryable) {
  return sql<Transfer[]>`
    select ${columns(sql)}
    where stock_transfer.state in ('requested', 'shipped')
    order by stock_transfer.id desc
    limit ${TRANSFERS_MAX}
  `
}

export async function findTransfer(sql: Queryable, id: number) {
  const [transfer] = await sql<[Transfer?]>`
    select ${columns(sql)}
    where stock_transfer.id = ${id}
  `
  return transfer
}

/** Steps of one document come one after the other. */
export async function lockTransfer(sql: Queryable, id: number) {
  const [transfer] = await sql<[Transfer?]>`
    select ${columns(sql)}
    where stock_transfer.id = ${id}
    for update of stock_transfer
  `
  return transfer
}

export async function insertTransfer(sql: Queryable, userId: number, wanted: RequestTransfer) {
  const [{ id }] = await sql<[{ id: number }]>`
    insert into stock_transfer (sku_id, from_warehouse_id, to_warehouse_id, quantity, reason, alert_id, requested_by)
    values (${wanted.sku_id}, ${wanted.from_warehouse_id}, ${wanted.to_warehouse_id}, ${wanted.quantity},
      ${wanted.reason ?? null}, ${wanted.alert_id ?? null}, ${userId})
    returning id
  `
  await sql`select post_transfer_requested(${id})`
  return id
}

export async function shipTransfer(sql: Queryable, id: number) {
  await sql`
    update stock_transfer
    set state = 'shipped', shipped_at = clock_timestamp()
    where id = ${id}
  `
  await sql`select post_transfer_shipped(${id})`
}

export async function receiveTransfer(sql: Queryable, id: number, quantity: number) {
  await sql`select post_transfer_received(${id}, ${quantity}::bigint, clock_timestamp())`
}

export async function loseTransfer(sql: Queryable, id: number) {
  await sql`select post_transfer_lost(${id}, clock_timestamp())`
}

export async function cancelTransfer(sql: Queryable, id: number) {
  await sql`
    update stock_transfer
    set state = 'cancelled', closed_at = clock_timestamp()
    where id = ${id}
  `
  await sql`select post_transfer_cancelled(${id})`
}

/** How much of a sku is free in a warehouse. */
export async function findAvailable(sql: Queryable, skuId: number, warehouseId: number) {
  const [row] = await sql<[{ sku: string; available: number }?]>`
    select sku.code as sku, coalesce(stock_level.on_hand - stock_level.reserved, 0) as available
    from sku
    left join stock_level on stock_level.sku_id = sku.id and stock_level.warehouse_id = ${warehouseId}
    where sku.id = ${skuId}
  `
  return row
}

function columns(sql: Queryable) {
  return sql`
    stock_transfer.id, stock_transfer.sku_id, sku.name as sku, stock_transfer.from_warehouse_id,
    source.name as from_warehouse, stock_transfer.to_warehouse_id, target.name as to_warehouse,
    stock_transfer.quantity, stock_transfer.received_quantity, stock_transfer.lost_quantity, stock_transfer.state,
    stock_transfer.cost_cents, stock_transfer.lost_cost_cents, stock_transfer.reason, stock_transfer.alert_id,
    app_user.name as requested_by, stock_transfer.requested_at, stock_transfer.shipped_at, stock_transfer.closed_at
    from stock_transfer
    join sku on sku.id = stock_transfer.sku_id
    join warehouse as source on source.id = stock_transfer.from_warehouse_id
    join warehouse as target on target.id = stock_transfer.to_warehouse_id
    join app_user on app_user.id = stock_transfer.requested_by
  `
}
