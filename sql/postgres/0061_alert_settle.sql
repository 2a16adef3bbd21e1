-- Two kinds of alerts of a shelf are settled by one mechanism.

/* What is thought of a shelf: how urgent it is, how urgent by the stricter measure that calms, and the figures behind it. */
create type shelf_verdict as (
  sku_id bigint, warehouse_id bigint, now_is text, held text,
  available bigint, incoming bigint, sold_24h bigint, sold_before bigint, days_before integer
);

/*
 * Writes what verdicts on shelves change: alerts that open (and whose they are), grow worse or calmer, and end. Whoever
 * calls it holds the lock since before he looked. Twice is the same as once; returns how many events that were.
 */
create function settle_shelf_alerts(of_kind text, verdicts shelf_verdict[]) returns integer
language plpgsql as $$
declare
  touched integer;
begin
  with judged as materialized (
    select verdict.*, alert.id as alert_id, alert.severity as was, owner.id as owner_id
    from unnest(verdicts) as verdict
    join alert_rule as rule on rule.kind = of_kind
    left join app_user as owner on owner.id = rule.assignee_id and owner.disabled_at is null
    left join alert on alert.kind = of_kind and alert.closed_at is null
      and alert.sku_id = verdict.sku_id and alert.warehouse_id = verdict.warehouse_id
  ),
  opened as (
    insert into alert (kind, sku_id, warehouse_id, severity, assigned_to)
    select of_kind, sku_id, warehouse_id, now_is, owner_id
    from judged
    where alert_id is null and now_is is not null
    on conflict (sku_id, warehouse_id, kind) where closed_at is null and sku_id is not null do nothing
    returning id, sku_id, warehouse_id, severity, assigned_to
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
    returning alert.id, alert.sku_id, alert.warehouse_id, 'severity', next.is_now, next.was
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
    returning alert.id, alert.sku_id, alert.warehouse_id, 'closed', null, null
  ),
  told (id, sku_id, warehouse_id, event, is_now, was) as (
    select id, sku_id, warehouse_id, 'opened', severity, null from opened
    union all
    select * from changed
    union all
    select * from closed
  ),
  noted as (
    insert into alert_event (alert_id, kind, severity, was_severity, assignee_id, available, incoming, sold_24h,
      sold_before, days_before)
    select id, event, told.is_now, told.was, null::bigint, available, incoming, sold_24h, sold_before, days_before
    from told join judged using (sku_id, warehouse_id)
    union all
    select id, 'assigned', null, null, assigned_to, null, null, null, null, null from opened where assigned_to is not null
    returning 1
  )
  select count(*) into touched from noted;
  return touched;
end $$;

/* As 0055 has it: one evaluation at a time, which reads the shelves after it holds the lock. */
create or replace function evaluate_stock_alerts(sku_ids bigint[], warehouse_ids bigint[]) returns integer
language plpgsql as $$
declare
  skus bigint[];
  warehouses bigint[];
begin
  select array_agg(shelf.sku_id), array_agg(shelf.warehouse_id) into skus, warehouses
  from (select distinct sku_id, warehouse_id from unnest(sku_ids, warehouse_ids) as given (sku_id, warehouse_id)) as shelf;
  perform pg_advisory_xact_lock(7243200);
  return settle_shelf_alerts('stock', array(
    select row(shelf.sku_id, shelf.warehouse_id,
      case when rule.is_on then stock_severity(risk.available + risk.incoming, risk.sold_14d,
        risk.lead_time_days, risk.reorder_point, rule, 0) end,
      case when rule.is_on then stock_severity(risk.available + risk.incoming, risk.sold_14d,
        risk.lead_time_days, risk.reorder_point, rule, rule.rearm_percent) end,
      risk.available, risk.incoming, null, null, null)::shelf_verdict
    from unnest(skus, warehouses) as shelf (sku_id, warehouse_id)
    join alert_rule as rule on rule.kind = 'stock'
    left join stock_risk(skus, warehouses) as risk using (sku_id, warehouse_id)
  ));
end $$;

/*
 * The same for a surge. Goods that were ordered from such an alert do not end it: only the pace does; they say how it
 * was met.
 */
create function evaluate_surge_alerts(sku_ids bigint[], warehouse_ids bigint[]) returns integer
language plpgsql as $$
declare
  skus bigint[];
  warehouses bigint[];
begin
  perform pg_advisory_xact_lock(7243200);
  -- Most shelves did not sell enough to ask what is usual: for them a day is read, not a fortnight.
  select array_agg(shelf.sku_id), array_agg(shelf.warehouse_id) into skus, warehouses
  from (select distinct sku_id, warehouse_id from unnest(sku_ids, warehouse_ids) as given (sku_id, warehouse_id)) as shelf
  join alert_rule as rule on rule.kind = 'surge'
  where exists (
      select from alert
      where alert.kind = 'surge' and closed_at is null
        and alert.sku_id = shelf.sku_id and alert.warehouse_id = shelf.warehouse_id
    )
    or rule.is_on and rule.pieces_min <= (
      select -sum(on_hand_delta)
      from stock_move
      where stock_move.sku_id = shelf.sku_id and stock_move.warehouse_id = shelf.warehouse_id
        and at > now() - interval '24 hours' and stock_move.kind = 'issue'
    );
  if skus is null then return 0; end if;

  return settle_shelf_alerts('surge', array(
    select row(shelf.sku_id, shelf.warehouse_id,
      case when rule.is_on
        then surge_severity(surge.sold_24h, surge.sold_before, surge.days_before, rule, 0) end,
      case when rule.is_on
        then surge_severity(surge.sold_24h, surge.sold_before, surge.days_before, rule, rule.rearm_percent) end,
      null, null, surge.sold_24h, surge.sold_before, surge.days_before)::shelf_verdict
    from unnest(skus, warehouses) as shelf (sku_id, warehouse_id)
    join alert_rule as rule on rule.kind = 'surge'
    left join shelf_surge(skus, warehouses) as surge using (sku_id, warehouse_id)
  ));
end $$;

/* Everything a shelf can raise: too little left, and too much asked for. Returns how many alerts changed. */
create function evaluate_shelf_alerts(sku_ids bigint[], warehouse_ids bigint[]) returns integer
language sql as $$
  select evaluate_stock_alerts(sku_ids, warehouse_ids) + evaluate_surge_alerts(sku_ids, warehouse_ids)
$$;

/* As in 0034, for both. */
create or replace function evaluate_alert_signals(rows_max integer) returns integer
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
  perform evaluate_shelf_alerts(skus, warehouses);
  return cardinality(skus);
end $$;

/* As in 0034, for both: what sold a day, or a fortnight ago no longer counts. */
create or replace function evaluate_open_alerts() returns integer
language sql as $$
  select evaluate_shelf_alerts(array_agg(sku_id), array_agg(warehouse_id))
  from alert
  where kind in ('stock', 'surge') and closed_at is null
  having count(*) > 0
$$;
