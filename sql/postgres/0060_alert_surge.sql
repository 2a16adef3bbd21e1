-- Demand that rises faster than anybody planned for, told while the shelf is still full.

alter table alert_rule
  drop constraint alert_rule_kind_check,
  drop constraint alert_rule_check,
  drop constraint alert_rule_stock,
  -- What 24 hours sold above the usual day, in per cent of it: from here on a shelf is watched, from twice as much soon.
  add column rise_percent integer check (rise_percent between 10 and 10000),
  -- Fewer pieces in 24 hours are noise.
  add column pieces_min integer check (pieces_min between 1 and 100000);

insert into alert_rule (kind, rise_percent, pieces_min, rearm_percent) values ('surge', 200, 10, 10);

alter table alert_rule
  add constraint alert_rule_kind_check check (kind in ('stock', 'surge', 'order_stuck', 'order_unpaid')),
  add constraint alert_rule_minutes check ((kind in ('stock', 'surge')) = (minutes is null)),
  add constraint alert_rule_rearm check ((kind in ('stock', 'surge')) = (rearm_percent is not null)),
  add constraint alert_rule_stock check ((kind = 'stock') = (critical_percent is not null and soon_percent is not null
    and watch_percent is not null)),
  add constraint alert_rule_surge check ((kind = 'surge') = (rise_percent is not null and pieces_min is not null));

alter table alert
  drop constraint alert_check1,
  drop constraint alert_check2,
  add constraint alert_shelf check ((kind in ('stock', 'surge')) = (sku_id is not null and warehouse_id is not null)),
  add constraint alert_order check ((kind in ('stock', 'surge')) = (order_id is null));
create unique index alert_open_surge on alert (sku_id, warehouse_id) where closed_at is null and kind = 'surge';

-- What it was judged by.
alter table alert_event
  add column sold_24h bigint,
  add column sold_before bigint,
  add column days_before integer;

/*
 * How far demand is above its usual day, by the company's rule; null where it is not. `sold_before` are the pieces of
 * the `days_before` days before the last 24 hours, at most 13; their average is the usual day. Fewer than three such
 * days say nothing of what is usual: a new shelf is left alone. A shelf that has sold before, though not in these days,
 * has no usual day to compare with: then the pieces alone decide. `margin` in per cent counts what was sold as so much
 * more: an alert must be that far below its limit before it calms down, or goods at the limit would ring all day.
 * Whole numbers only, so that a limit is hit exactly where the rule has it.
 */
create function surge_severity(sold_24h bigint, sold_before bigint, days_before integer, rule alert_rule, margin integer)
returns text
language sql immutable parallel safe as $$
  select case
    when days_before is null or days_before < 3 then null
    when sold_24h * (100 + margin) < rule.pieces_min::bigint * 100 then null
    when sold_before <= 0 then 'watch'
    when sold_24h * days_before * (100 + margin) >= sold_before * (100 + 2 * rule.rise_percent) then 'soon'
    when sold_24h * days_before * (100 + margin) >= sold_before * (100 + rule.rise_percent) then 'watch'
  end
$$;

/*
 * The facts behind a verdict, for shelves that can have one: no services, no retired products. Demand is what
 * stock_risk calls so: pieces that were issued, whatever came back later. `days_before`: full days from the first
 * issue to the last 24 hours, at most 13; null before anything was sold. `rise_percent` has no fraction, and is null
 * where the days before sold nothing.
 */
create function shelf_surge(sku_ids bigint[], warehouse_ids bigint[])
returns table (sku_id bigint, warehouse_id bigint, sold_24h bigint, sold_before bigint, days_before integer,
  rise_percent bigint)
language sql stable as $$
  select shelf.sku_id, shelf.warehouse_id, sold.last_day, sold.before, first.days,
    (sold.last_day * first.days - sold.before) * 100 / nullif(sold.before, 0)
  from unnest(sku_ids, warehouse_ids) as shelf (sku_id, warehouse_id)
  join sku on sku.id = shelf.sku_id and not sku.is_service
  join product on product.id = sku.product_id and product.status = 'active'
  cross join lateral (
    select coalesce(-sum(on_hand_delta) filter (where at > now() - interval '24 hours'), 0)::bigint as last_day,
      coalesce(-sum(on_hand_delta) filter (where at <= now() - interval '24 hours'), 0)::bigint as before
    from stock_move
    where stock_move.sku_id = shelf.sku_id and stock_move.warehouse_id = shelf.warehouse_id
      and at > now() - interval '14 days' and kind = 'issue'
  ) as sold
  left join lateral (
    select least(13, floor(extract(epoch from now() - interval '24 hours' - at) / 86400))::integer as days
    from stock_move
    where stock_move.sku_id = shelf.sku_id and stock_move.warehouse_id = shelf.warehouse_id and kind = 'issue'
    order by at
    limit 1
  ) as first on true
$$;

/* Judges shelves for a surge, as evaluate_stock_alerts does for cover: one at a time, and twice is the same as once. */
create function evaluate_surge_alerts(sku_ids bigint[], warehouse_ids bigint[]) returns integer
language plpgsql as $$
declare
  skus bigint[];
  warehouses bigint[];
  touched integer;
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

  with judged as materialized (
    select shelf.sku_id, shelf.warehouse_id, surge.sold_24h, surge.sold_before, surge.days_before,
      alert.id as alert_id, alert.severity as was, verdict.now_is, verdict.held, owner.id as owner_id
    from unnest(skus, warehouses) as shelf (sku_id, warehouse_id)
    join alert_rule as rule on rule.kind = 'surge'
    left join app_user as owner on owner.id = rule.assignee_id and owner.disabled_at is null
    left join shelf_surge(skus, warehouses) as surge using (sku_id, warehouse_id)
    left join alert on alert.kind = 'surge' and alert.closed_at is null
      and alert.sku_id = shelf.sku_id and alert.warehouse_id = shelf.warehouse_id
    cross join lateral (
      select
        case when rule.is_on
          then surge_severity(surge.sold_24h, surge.sold_before, surge.days_before, rule, 0) end as now_is,
        case when rule.is_on
          then surge_severity(surge.sold_24h, surge.sold_before, surge.days_before, rule, rule.rearm_percent) end as held
    ) as verdict
  ),
  opened as (
    insert into alert (kind, sku_id, warehouse_id, severity, assigned_to)
    select 'surge', sku_id, warehouse_id, now_is, owner_id
    from judged
    where alert_id is null and now_is is not null
    on conflict (sku_id, warehouse_id) where closed_at is null and kind = 'surge' do nothing
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
    returning alert.id, next.was, next.is_now, next.sold_24h, next.sold_before, next.days_before
  ),
  closed as (
    -- Goods that were ordered from it do not end it: only the pace does. They say how it was met.
    update alert
    set closed_at = clock_timestamp(),
        close_reason = case when exists (
            select from stock_transfer where stock_transfer.alert_id = alert.id and state <> 'cancelled'
            union all
            select from purchase_request where purchase_request.alert_id = alert.id and state <> 'cancelled'
          ) then 'acted' else 'recovered' end
    from judged
    where alert.id = judged.alert_id and judged.held is null
    returning alert.id, judged.sold_24h, judged.sold_before, judged.days_before
  ),
  noted as (
    insert into alert_event (alert_id, kind, severity, was_severity, assignee_id, sold_24h, sold_before, days_before)
    select opened.id, 'opened', opened.severity, null, null, judged.sold_24h, judged.sold_before, judged.days_before
    from opened join judged using (sku_id, warehouse_id)
    union all
    select id, 'assigned', null, null, assigned_to, null, null, null from opened where assigned_to is not null
    union all
    select id, 'severity', is_now, was, null, sold_24h, sold_before, days_before from changed
    union all
    select id, 'closed', null, null, null, sold_24h, sold_before, days_before from closed
    returning 1
  )
  select count(*) into touched from noted;
  return touched;
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
