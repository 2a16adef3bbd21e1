/** What is read: alerts with what their subject is like at this moment. */
import type { Queryable } from '../lib/postgres.ts'
import type { Alert, AlertCounts, AlertEvent, Assignee, Earlier } from './schema.ts'

/** More rows than anybody works through; the counts say how many there are. */
const ALERTS_MAX = 200
const DONE_MAX = 100
const EVENTS_MAX = 200
const EARLIER_MAX = 5
const ASSIGNEES_MAX = 500

/** The most urgent first: by severity, then by how long what is free will last. */
export async function listOpenAlerts(sql: Queryable) {
  return sql<Alert[]>`
    select ${columns(sql)}
    where alert.closed_at is null and alert.resolved_at is null
    order by severity_rank(alert.severity) desc,
      risk.available::numeric / nullif(risk.sold_14d, 0) nulls last, risk.sold_14d desc nulls last,
      alert.opened_at, alert.id
    limit ${ALERTS_MAX}
  `
}

/** Closed, or laid aside by a person; the newest first. */
export async function listDoneAlerts(sql: Queryable) {
  return sql<Alert[]>`
    select ${columns(sql)}
    where alert.id in (
      select id
      from alert
      where closed_at is not null or resolved_at is not null
      order by coalesce(closed_at, resolved_at) desc
      limit ${DONE_MAX}
    )
    order by coalesce(alert.closed_at, alert.resolved_at) desc
  `
}

export async function findAlert(sql: Queryable, id: number) {
  const [alert] = await sql<[Alert?]>`
    select ${columns(sql)}
    where alert.id = ${id}
  `
  return alert
}

export async function countAlerts(sql: Queryable) {
  const [counts] = await sql<[AlertCounts]>`
    select count(*) filter (where closed_at is null and kind = 'stock') as stock,
      count(*) filter (where closed_at is null and kind = 'surge') as surge,
      count(*) filter (where closed_at is null and severity in ('critical', 'out')) as critical,
      count(*) filter (where closed_at is null and order_id is not null) as orders,
      count(*) filter (where closed_at is not null) as done_24h
    from alert
    where (closed_at is null and resolved_at is null) or closed_at > now() - interval '24 hours'
  `
  return counts
}

export async function listEvents(sql: Queryable, id: number) {
  return sql<AlertEvent[]>`
    select alert_event.id, alert_event.at, alert_event.kind, author.name as user, alert_event.severity,
      alert_event.was_severity, assignee.name as assignee, alert_event.until, alert_event.note,
      alert_event.transfer_id, alert_event.purchase_id, alert_event.available, alert_event.incoming,
      alert_event.sold_24h, alert_event.sold_before, alert_event.days_before
    from alert_event
    left join app_user as author on author.id = alert_event.user_id
    left join app_user as assignee on assignee.id = alert_event.assignee_id
    where alert_event.alert_id = ${id}
    order by alert_event.id desc
    limit ${EVENTS_MAX}
  `
}

/** Alerts of the same kind and shelf that are over, and how many pieces were ordered up for them. */
export async function listEarlier(sql: Queryable, id: number) {
  return sql<Earlier[]>`
    select earlier.id, earlier.opened_at, earlier.closed_at, earlier.close_reason, acted.quantity
    from alert
    join alert as earlier on earlier.sku_id = alert.sku_id and earlier.warehouse_id = alert.warehouse_id
      and earlier.kind = alert.kind and earlier.id < alert.id and earlier.closed_at is not null
    cross join lateral (
      select sum(quantity)::bigint as quantity
      from (
        select quantity from stock_transfer where alert_id = earlier.id and state <> 'cancelled'
        union all
        select quantity from purchase_request where alert_id = earlier.id and state <> 'cancelled'
      ) as action
    ) as acted
    where alert.id = ${id}
    order by earlier.id desc
    limit ${EARLIER_MAX}
  `
}

export async function listAssignees(sql: Queryable) {
  return sql<Assignee[]>`
    select id, name
    from app_user
    where role in ('admin', 'operations', 'warehouse') and disabled_at is null
    order by name
    limit ${ASSIGNEES_MAX}
  `
}

function columns(sql: Queryable) {
  return sql`
    alert.id, alert.kind, alert.severity, alert.opened_at, alert.acknowledged_at,
    acknowledger.name as acknowledged_by, alert.assigned_to, assignee.name as assignee, alert.snoozed_until,
    alert.resolved_at, alert.closed_at, alert.close_reason, action.transfer_id, action.purchase_id,
    case when alert.sku_id is not null then json_build_object(
      'sku_id', sku.id, 'sku', sku.name, 'sku_code', sku.code, 'unit', sku.unit,
      'warehouse_id', warehouse.id, 'warehouse', warehouse.name,
      'on_hand', coalesce(risk.on_hand, 0), 'available', coalesce(risk.available, 0),
      'incoming', coalesce(risk.incoming, 0), 'sold_14d', coalesce(risk.sold_14d, 0),
      'lead_time_days', sku.lead_time_days, 'reorder_point', sku.reorder_point,
      'levels', coalesce(history.levels, '{}')
    ) end as shelf,
    case when alert.kind = 'surge' then json_build_object(
      'sold_24h', coalesce(surge.sold_24h, 0), 'sold_before', coalesce(surge.sold_before, 0),
      'days_before', coalesce(surge.days_before, 0), 'rise_percent', surge.rise_percent
    ) end as surge,
    case when alert.order_id is not null then json_build_object(
      'order_id', sales_order.id, 'order_no', sales_order.order_no, 'channel', channel.name,
      'warehouse', source.name, 'total_cents', sales_order.total_cents::text,
      'since', to_char(case alert.kind when 'order_stuck' then sales_order.paid_at else sales_order.placed_at end
        at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
    ) end as order
    from alert
    left join app_user as acknowledger on acknowledger.id = alert.acknowledged_by
    left join app_user as assignee on assignee.id = alert.assigned_to
    left join sku on sku.id = alert.sku_id
    left join warehouse on warehouse.id = alert.warehouse_id
    left join sales_order on sales_order.id = alert.order_id
    left join channel on channel.id = sales_order.channel_id
    left join warehouse as source on source.id = sales_order.warehouse_id
    left join lateral stock_risk(array[alert.sku_id], array[alert.warehouse_id]) as risk
      on alert.sku_id is not null
    left join lateral shelf_surge(array[alert.sku_id], array[alert.warehouse_id]) as surge on alert.kind = 'surge'
    ${levels(sql)}
    left join lateral (
      select stock_transfer.id as transfer_id, null::bigint as purchase_id, stock_transfer.requested_at
      from stock_transfer
      where stock_transfer.alert_id = alert.id and stock_transfer.state <> 'cancelled'
      union all
      select null, purchase_request.id, purchase_request.requested_at
      from purchase_request
      where purchase_request.alert_id = alert.id and purchase_request.state <> 'cancelled'
      order by requested_at desc
      limit 1
    ) as action on true
  `
}

/**
 * The shelf's level is worked back from what is free now through the moves of each day, to its first move; an opening
 * count says what lies there, and nothing of what lay there before.
 */
function levels(sql: Queryable) {
  return sql`
    left join lateral (
      select coalesce(
        (
          select max(at)
          from stock_move
          where stock_move.sku_id = alert.sku_id and stock_move.warehouse_id = alert.warehouse_id
            and kind = 'opening' and at > now() - interval '14 days'
        ),
        (
          select min(at)
          from stock_move
          where stock_move.sku_id = alert.sku_id and stock_move.warehouse_id = alert.warehouse_id
        )
      ) as since
    ) as known on alert.sku_id is not null
    left join lateral (
      select array_agg(greatest(risk.available - later.quantity, 0)::bigint order by later.days_ago desc) as levels
      from (
        select days.days_ago, coalesce(sum(sum(coalesce(move.on_hand_delta - move.reserved_delta, 0)))
          over (order by days.days_ago rows between unbounded preceding and 1 preceding), 0) as quantity
        from generate_series(0, 14) as days (days_ago)
        left join stock_move as move on move.sku_id = alert.sku_id and move.warehouse_id = alert.warehouse_id
          and move.at <= now() - make_interval(days => days.days_ago)
          and move.at > now() - make_interval(days => days.days_ago + 1)
        where days.days_ago = 0 or known.since <= now() - make_interval(days => days.days_ago)
        group by days.days_ago
      ) as later
    ) as history on alert.sku_id is not null
  `
}
