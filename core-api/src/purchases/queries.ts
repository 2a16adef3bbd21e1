import type { Queryable } from '../lib/postgres.ts'
import type { Purchase, RequestPurchase } from './schema.ts'

/** Open documents are few; a company with more of them has another problem. */
const PURCHASES_MAX = 500

export async function listOpenPurchases(sql: Queryable) {
  return sql<Purchase[]>`
    select ${columns(sql)}
    where purchase_request.state in ('draft', 'approved')
    order by purchase_request.id desc
    limit ${PURCHASES_MAX}
  `
}

export async function findPurchase(sql: Queryable, id: number) {
  const [purchase] = await sql<[Purchase?]>`
    select ${columns(sql)}
    where purchase_request.id = ${id}
  `
  return purchase
}

/** Steps of one document come one after the other. */
export async function lockPurchase(sql: Queryable, id: number) {
  const [purchase] = await sql<[Purchase?]>`
    select ${columns(sql)}
    where purchase_request.id = ${id}
    for update of purchase_request
  `
  return purchase
}

/** Expected when the sku's lead time has passed. */
export async function insertPurchase(sql: Queryable, userId: number, wanted: RequestPurchase) {
  const [{ id }] = await sql<[{ id: number }]>`
    insert into purchase_request (sku_id, warehouse_id, quantity, cost_cents, expected_on, reason, alert_id, requested_by)
    select sku.id, ${wanted.warehouse_id}, ${wanted.quantity}, ${String(wanted.cost_cents)},
      business_day(now()) + sku.lead_time_days, ${wanted.reason ?? null}, ${wanted.alert_id ?? null}, ${userId}
    from sku
    where sku.id = ${wanted.sku_id}
    returning id
  `
  return id
}

export async function approvePurchase(sql: Queryable, id: number, userId: number) {
  await sql`
    update purchase_request
    set state = 'approved', approved_by = ${userId}, approved_at = clock_timestamp()
    where id = ${id}
  `
}

/** The draft or the rest of it will not come. */
export async function endPurchase(sql: Queryable, id: number, state: 'closed' | 'cancelled') {
  await sql`
    update purchase_request
    set state = ${state}, closed_at = clock_timestamp()
    where id = ${id}
  `
}

export async function receivePurchase(
  sql: Queryable,
  id: number,
  { quantity, costCents, userId }: { quantity: number; costCents: string; userId: number },
) {
  await sql`
    select post_purchase_received(${id}, ${quantity}::bigint, ${costCents}::bigint, ${userId}, clock_timestamp())
  `
}

function columns(sql: Queryable) {
  return sql`
    purchase_request.id, purchase_request.sku_id, sku.name as sku, purchase_request.warehouse_id,
    warehouse.name as warehouse, purchase_request.quantity, purchase_request.received_quantity,
    purchase_request.state, purchase_request.cost_cents, purchase_request.received_cost_cents,
    purchase_request.cost_cents > purchase_policy.approval_cents as needs_admin, purchase_request.expected_on,
    purchase_request.reason, purchase_request.alert_id, requester.name as requested_by,
    purchase_request.requested_at, approver.name as approved_by, purchase_request.approved_at,
    purchase_request.closed_at
    from purchase_request
    cross join purchase_policy
    join sku on sku.id = purchase_request.sku_id
    join warehouse on warehouse.id = purchase_request.warehouse_id
    join app_user as requester on requester.id = purchase_request.requested_by
    left join app_user as approver on approver.id = purchase_request.approved_by
  `
}
