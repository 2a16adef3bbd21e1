-- When an alert opens, changes and closes. Pure verdicts first; then what is written.

/*
 * How urgent a shelf is. `quantity` is what is free now and what is on its way; demand is what 14 days took out. Cover
 * below half a lead time is critical, below one soon, below one and a half or at the reorder point watched. Nobody
 * misses what nobody buys and nobody plans for. `margin` in per cent asks the same a little more strictly: an alert
 * must be that far from its limit before it calms down, or goods at the limit would ring all day.
 */
create function stock_severity(quantity bigint, sold_14d bigint, lead_days integer, reorder_point integer, margin integer)
returns text
language sql immutable parallel safe as $$
  select case
    when sold_14d <= 0 and reorder_point is null then null
    when quantity <= 0 then 'out'
    when quantity * 28 * 100 < sold_14d * lead_days * (100 + margin) then 'critical'
    when quantity * 14 * 100 < sold_14d * lead_days * (100 + margin) then 'soon'
    when quantity * 28 * 100 < sold_14d * lead_days * 3 * (100 + margin) then 'watch'
    when quantity <= reorder_point + case when margin = 0 then 0
      else greatest(1, ceil(reorder_point * margin / 100.0)) end then 'watch'
  end
$$;

create function severity_rank(severity text) returns integer
language sql immutable parallel safe
as $$ select coalesce(array_position(array['watch', 'soon', 'critical', 'out'], severity), 0) $$;

/* The facts behind a verdict, for shelves that can have one: no services, no retired products. */
create function stock_risk(sku_ids bigint[], warehouse_ids bigint[])
returns table (sku_id bigint, warehouse_id bigint, on_hand bigint, available bigint, incoming bigint,
  sold_14d bigint, lead_time_days integer, reorder_point integer, value_cents bigint)
language sql stable as $$
  select level.sku_id, level.warehouse_id, level.on_hand, level.on_hand - level.reserved,
    (level.in_transit + requested.quantity + ordered.quantity)::bigint, greatest(sold.quantity, 0)::bigint,
    sku.lead_time_days::integer, sku.reorder_point, level.value_cents
  from unnest(sku_ids, warehouse_ids) as shelf (sku_id, warehouse_id)
  join stock_level as level using (sku_id, warehouse_id)
  join sku on sku.id = level.sku_id and not sku.is_service
  join product on product.id = sku.product_id and product.status = 'active'
  cross join lateral (
    select coalesce(-sum(on_hand_delta), 0) as quantity
    from stock_move
    where stock_move.sku_id = level.sku_id and stock_move.warehouse_id = level.warehouse_id
      and at > now() - interval '14 days' and kind = 'issue'
  ) as sold
  cross join lateral (
    select coalesce(sum(quantity), 0) as quantity
    from stock_transfer
    where stock_transfer.sku_id = level.sku_id and to_warehouse_id = level.warehouse_id and state = 'requested'
  ) as requested
  cross join lateral (
    select coalesce(sum(quantity - received_quantity), 0) as quantity
    from purchase_request
    where purchase_request.sku_id = level.sku_id and purchase_request.warehouse_id = level.warehouse_id
      and state in ('draft', 'approved')
  ) as ordered
$$;

/*
 * Judges shelves and writes what has changed; returns how many alerts that were. One evaluation at a time: it reads the
 * shelves after it holds the lock, so an older look never overwrites a newer one. Twice is the same as once.
 */
create function evaluate_stock_alerts(sku_ids bigint[], warehouse_ids bigint[]) returns integer
language plpgsql as $$
declare
  skus bigint[];
  warehouses bigint[];
  touched integer;
begin
  select array_agg(shelf.sku_id), array_agg(shelf.warehouse_id) into skus, warehouses
  from (select distinct sku_id, warehouse_id from unnest(sku_ids, warehouse_ids) as given (sku_id, warehouse_id)) as shelf;
  perform pg_advisory_xact_lock(7243200);

  with judged as materialized (
    select shelf.sku_id, shelf.warehouse_id, risk.available, risk.incoming, alert.id as alert_id,
      alert.severity as was, verdict.now_is, verdict.held
    from unnest(skus, warehouses) as shelf (sku_id, warehouse_id)
    cross join (select is_on from alert_rule where kind = 'stock') as rule
    left join stock_risk(skus, warehouses) as risk using (sku_id, warehouse_id)
    left join alert on alert.kind = 'stock' and alert.closed_at is null
      and alert.sku_id = shelf.sku_id and alert.warehouse_id = shelf.warehouse_id
    cross join lateral (
      select case when rule.is_on then stock_severity(risk.available + risk.incoming, risk.sold_14d, risk.lead_time_days, risk.reorder_point, 0) end as now_is,
        case when rule.is_on then stock_severity(risk.available + risk.incoming, risk.sold_14d, risk.lead_time_days, risk.reorder_point, 10) end as held
    ) as verdict
  ),
  opened as (
    insert into alert (kind, sku_id, warehouse_id, severity)
    select 'stock', sku_id, warehouse_id, now_is
    from judged
    where alert_id is null and now_is is not null
    on conflict (sku_id, warehouse_id) where closed_at is null and kind = 'stock' do nothing
    returning id, sku_id, warehouse_id, severity
  ),
  next as (
    select judged.*, case
        when severity_rank(now_is) > severity_rank(was) then now_is
        when severity_rank(held) < severity_rank(was) then held
        else was end as is_now
    from judged
    where alert_id is not null and held is not null
  ),
  changed as (
    -- What has grown worse wants to be seen again, whoever has seen it before.
    update alert
    set severity = next.is_now,
        acknowledged_at = case when worse.is_so then null else acknowledged_at end,
        acknowledged_by = case when worse.is_so then null else acknowledged_by end,
        snoozed_until = case when worse.is_so then null else snoozed_until end,
        resolved_at = case when worse.is_so then null else resolved_at end,
        resolved_by = case when worse.is_so then null else resolved_by end
    from next
    cross join lateral (select severity_rank(next.is_now) > severity_rank(next.was) as is_so) as worse
    where alert.id = next.alert_id and next.is_now <> next.was
    returning alert.id, next.was, next.is_now, next.available, next.incoming
  ),
  closed as (
    update alert
    set closed_at = clock_timestamp(),
        close_reason = case when exists (
            select from stock_transfer where stock_transfer.alert_id = alert.id and state <> 'cancelled'
            union all
            select from purchase_request where purchase_request.alert_id = alert.id and state <> 'cancelled'
          ) then 'acted' else 'recovered' end
    from judged
    where alert.id = judged.alert_id and judged.held is null
    returning alert.id, judged.available, judged.incoming
  ),
  noted as (
    insert into alert_event (alert_id, kind, severity, was_severity, available, incoming)
    select opened.id, 'opened', opened.severity, null, judged.available, judged.incoming
    from opened join judged using (sku_id, warehouse_id)
    union all
    select id, 'severity', is_now, was, available, incoming from changed
    union all
    select id, 'closed', null, null, available, incoming from closed
    returning 1
  )
  select count(*) into touched from noted;
  return touched;
end $$;

/* Takes at most so many signals and judges their shelves; returns how many it took. */
create function evaluate_alert_signals(rows_max integer) returns integer
language plpgsql as $$
declare
  skus bigint[];
  warehouses bigint[];
begin
  with taken as (
    delete from alert_signal
    where ctid = any (array(select ctid from alert_signal limit rows_max for update skip locked))
    returning sku_id, warehouse_id
  )
  select array_agg(sku_id), array_agg(warehouse_id) into skus, warehouses from taken;
  if skus is null then return 0; end if;
  perform evaluate_stock_alerts(skus, warehouses);
  return cardinality(skus);
end $$;

/* Shelves with an alert, which time alone may calm: what sold a fortnight ago no longer counts. */
create function evaluate_open_alerts() returns integer
language sql as $$
  select evaluate_stock_alerts(array_agg(sku_id), array_agg(warehouse_id))
  from alert
  where kind = 'stock' and closed_at is null
  having count(*) > 0
$$;

/*
 * Orders: paid and not shipped for too long, twice as long is critical; unpaid and about to expire. They open by the
 * clock and close when the order has moved on. Returns how many alerts changed.
 */
create function evaluate_order_alerts(unpaid_minutes integer, rows_max integer) returns integer
language plpgsql as $$
declare
  touched integer;
begin
  perform pg_advisory_xact_lock(7243201);
  with due as (
    select o.id as order_id, rule.kind, 'soon' as severity
    from alert_rule as rule
    join sales_order as o on o.state = 'paid' and o.kind = 'sale'
      and o.placed_at < now() - make_interval(mins => rule.minutes)
      and o.paid_at < now() - make_interval(mins => rule.minutes)
    where rule.kind = 'order_stuck' and rule.is_on
    union all
    select o.id, rule.kind, 'watch'
    from alert_rule as rule
    join sales_order as o on o.state = 'placed' and o.kind = 'sale' and o.source = 'api'
      and o.placed_at < now() - make_interval(mins => greatest(unpaid_minutes - rule.minutes, 0))
    where rule.kind = 'order_unpaid' and rule.is_on
  ),
  opened as (
    insert into alert (kind, order_id, severity)
    select kind, order_id, severity
    from due
    where not exists (
      select from alert where alert.order_id = due.order_id and alert.kind = due.kind and closed_at is null
    )
    limit rows_max
    on conflict (order_id, kind) where closed_at is null and kind <> 'stock' do nothing
    returning id, severity
  ),
  worse as (
    update alert
    set severity = 'critical', acknowledged_at = null, acknowledged_by = null, snoozed_until = null,
        resolved_at = null, resolved_by = null
    from alert_rule as rule, sales_order as o
    where alert.kind = 'order_stuck' and alert.closed_at is null and alert.severity = 'soon'
      and rule.kind = alert.kind and o.id = alert.order_id and o.state = 'paid'
      and o.paid_at < now() - make_interval(mins => 2 * rule.minutes)
    returning alert.id
  ),
  closed as (
    update alert
    set closed_at = clock_timestamp(), close_reason = 'recovered'
    from sales_order as o, alert_rule as rule
    where alert.kind <> 'stock' and alert.closed_at is null and o.id = alert.order_id and rule.kind = alert.kind
      and (o.state <> case alert.kind when 'order_stuck' then 'paid' else 'placed' end or not rule.is_on)
    returning alert.id, o.state
  ),
  noted as (
    insert into alert_event (alert_id, kind, severity, was_severity, note)
    select id, 'opened', severity, null, null from opened
    union all
    select id, 'severity', 'critical', 'soon', null from worse
    union all
    select id, 'closed', null, null, state from closed
    returning 1
  )
  select count(*) into touched from noted;
  return touched;
end $$;

/* Snoozed until now: back on the list. */
create function wake_alerts() returns integer
language sql as $$
  with woken as (
    update alert set snoozed_until = null
    where snoozed_until <= now() and closed_at is null
    returning id
  ),
  noted as (
    insert into alert_event (alert_id, kind) select id, 'woke' from woken returning 1
  )
  select count(*)::integer from noted
$$;
