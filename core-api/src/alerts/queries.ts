/** What is written: each step of an alert with the event that says so. */
import type { Queryable } from '../lib/postgres.ts'
import type { Buying, Source } from './schema.ts'

const SOURCES_MAX = 50

export type Held = {
  id: number
  kind: string
  sku_id: number | null
  warehouse_id: number | null
  is_closed: boolean
  is_resolved: boolean
}

/** Steps of one alert come one after the other, the evaluator's too. */
export async function lockAlert(sql: Queryable, id: number) {
  const [alert] = await sql<[Held?]>`
    select id, kind, sku_id, warehouse_id, closed_at is not null as is_closed, resolved_at is not null as is_resolved
    from alert
    where id = ${id}
    for update
  `
  return alert
}

export async function acknowledge(sql: Queryable, id: number, userId: number) {
  await sql`
    with seen as (
      update alert
      set acknowledged_at = clock_timestamp(), acknowledged_by = ${userId}
      where id = ${id} and acknowledged_at is null
      returning id
    )
    insert into alert_event (alert_id, kind, user_id)
    select id, 'acknowledged', ${userId}
    from seen
  `
}

export async function assign(
  sql: Queryable,
  id: number,
  userId: number,
  assigneeId: number | null,
) {
  await sql`
    with given as (
      update alert
      set assigned_to = ${assigneeId}
      where id = ${id} and assigned_to is distinct from ${assigneeId}::bigint
      returning id
    )
    insert into alert_event (alert_id, kind, user_id, assignee_id)
    select id, 'assigned', ${userId}, ${assigneeId}
    from given
  `
}

export async function snooze(sql: Queryable, id: number, userId: number, minutes: number) {
  await sql`
    with snoozed as (
      update alert
      set snoozed_until = clock_timestamp() + make_interval(mins => ${minutes})
      where id = ${id}
      returning id, snoozed_until
    )
    insert into alert_event (alert_id, kind, user_id, until)
    select id, 'snoozed', ${userId}, snoozed_until
    from snoozed
  `
}

export async function resolve(sql: Queryable, id: number, userId: number, note: string | null) {
  await sql`
    with resolved as (
      update alert
      set resolved_at = clock_timestamp(), resolved_by = ${userId}
      where id = ${id}
      returning id
    )
    insert into alert_event (alert_id, kind, user_id, note)
    select id, 'resolved', ${userId}, ${note}
    from resolved
  `
}

export async function reopen(sql: Queryable, id: number, userId: number) {
  await sql`
    with reopened as (
      update alert
      set resolved_at = null, resolved_by = null, snoozed_until = null
      where id = ${id}
      returning id
    )
    insert into alert_event (alert_id, kind, user_id)
    select id, 'reopened', ${userId}
    from reopened
  `
}

/** Whoever acts on an alert has seen it, and takes it on unless somebody has. */
export async function noteAction(
  sql: Queryable,
  id: number,
  userId: number,
  {
    transferId = null,
    purchaseId = null,
  }: { transferId?: number | null; purchaseId?: number | null },
) {
  await sql`
    with acted as (
      update alert
      set acknowledged_at = coalesce(acknowledged_at, clock_timestamp()),
          acknowledged_by = coalesce(acknowledged_by, ${userId}),
          assigned_to = coalesce(assigned_to, ${userId}),
          snoozed_until = null
      where id = ${id}
      returning id
    )
    insert into alert_event (alert_id, kind, user_id, transfer_id, purchase_id)
    select id, 'acted', ${userId}, ${transferId}, ${purchaseId}
    from acted
  `
}

export async function mayBeAssigned(sql: Queryable, userId: number) {
  const [row] = await sql<[{ id: number }?]>`
    select id
    from app_user
    where id = ${userId} and role in ('admin', 'operations', 'warehouse') and disabled_at is null
  `
  return row !== undefined
}

/** The other warehouses that have some of it free. */
export async function listSources(sql: Queryable, skuId: number, warehouseId: number) {
  return sql<Source[]>`
    select risk.warehouse_id, warehouse.name as warehouse, risk.available, risk.sold_14d, risk.lead_time_days,
      risk.reorder_point
    from (
      select array_agg(sku_id) as skus, array_agg(warehouse_id) as warehouses
      from stock_level
      where sku_id = ${skuId} and warehouse_id <> ${warehouseId} and on_hand > reserved
    ) as shelf
    cross join lateral stock_risk(shelf.skus, shelf.warehouses) as risk
    join warehouse on warehouse.id = risk.warehouse_id
    order by risk.available desc
    limit ${SOURCES_MAX}
  `
}

/** A piece costs what the ones in stock cost on average; where none is left, what the last that came did. */
export async function findBuying(sql: Queryable, skuId: number) {
  const [buying] = await sql<[Buying?]>`
    select coalesce(sku_pack.pack_size, 1) as pack_size,
      coalesce(round(level.value_cents / nullif(level.on_hand, 0)), last.piece_cents, 0)::bigint as unit_cost_cents,
      price.price_cents, business_day(now()) + sku.lead_time_days as expected_on, purchase_policy.approval_cents
    from sku
    cross join purchase_policy
    left join sku_pack on sku_pack.sku_id = sku.id
    left join price on price.sku_id = sku.id and price.list = 'retail' and price.min_quantity = 1
      and price.valid @> now()
    cross join lateral (
      select sum(value_cents) as value_cents, sum(on_hand) as on_hand
      from stock_level
      where stock_level.sku_id = sku.id
    ) as level
    left join lateral (
      select round(value_delta_cents::numeric / on_hand_delta) as piece_cents
      from stock_move
      where stock_move.sku_id = sku.id and kind in ('purchase', 'opening') and on_hand_delta > 0
      order by at desc
      limit 1
    ) as last on level.on_hand is null or level.on_hand = 0
    where sku.id = ${skuId}
  `
  return buying
}
