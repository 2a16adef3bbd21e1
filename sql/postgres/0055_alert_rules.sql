-- What raises an alert is the company's own to say; every default is what held before.

alter table alert_rule
  -- Cover in per cent of the lead time, below which a shelf is critical, soon, watched.
  add column critical_percent integer check (critical_percent between 1 and 1000),
  add column soon_percent integer check (soon_percent between 1 and 1000),
  add column watch_percent integer check (watch_percent between 1 and 1000),
  -- Watched below so many days of cover, however fast its supplier delivers.
  add column cover_days integer check (cover_days between 1 and 365),
  -- How far clear of a limit a shelf must be before its alert calms down and may ring again.
  add column rearm_percent integer check (rearm_percent between 0 and 100),
  -- Who is told: every new alert of the kind is his until he gives it to somebody.
  add column assignee_id bigint references app_user (id);

update alert_rule
set critical_percent = 50, soon_percent = 100, watch_percent = 150, rearm_percent = 10
where kind = 'stock';

alter table alert_rule
  add constraint alert_rule_stock check ((kind = 'stock') = (critical_percent is not null and soon_percent is not null
    and watch_percent is not null and rearm_percent is not null)),
  add constraint alert_rule_cover check (kind = 'stock' or cover_days is null),
  add constraint alert_rule_rising check (critical_percent <= soon_percent and soon_percent <= watch_percent);

-- A changed rule is a reason to look at every shelf again.
grant insert on alert_signal to tributary_core;

/*
 * How urgent a shelf is, by the company's rule. `quantity` is what is free now and what is on its way; demand is what
 * 14 days took out. Nobody misses what nobody buys and nobody plans for. `margin` in per cent asks the same a little
 * more strictly: an alert must be that far from its limit before it calms down, or goods at the limit would ring all day.
 */
create function stock_severity(quantity bigint, sold_14d bigint, lead_days integer, reorder_point integer,
  rule alert_rule, margin integer)
returns text
language sql immutable parallel safe as $$
  select case
    when sold_14d <= 0 and reorder_point is null then null
    when quantity <= 0 then 'out'
    when quantity * 14 * 10000 < sold_14d * lead_days * rule.critical_percent * (100 + margin) then 'critical'
    when quantity * 14 * 10000 < sold_14d * lead_days * rule.soon_percent * (100 + margin) then 'soon'
    when quantity * 14 * 10000 < sold_14d * lead_days * rule.watch_percent * (100 + margin) then 'watch'
    when quantity * 14 * 100 < sold_14d * rule.cover_days * (100 + margin) then 'watch'
    when quantity <= reorder_point + case when margin = 0 then 0
      else greatest(1, ceil(reorder_point * margin / 100.0)) end then 'watch'
  end
$$;

/* As in 0034, by the rule, and told to whom the rule names. */
create or replace function evaluate_stock_alerts(sku_ids bigint[], warehouse_ids bigint[]) returns integer
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
      alert.severity as was, verdict.now_is, verdict.held, owner.id as owner_id
    from unnest(skus, warehouses) as shelf (sku_id, warehouse_id)
    join alert_rule as rule on rule.kind = 'stock'
    left join app_user as owner on owner.id = rule.assignee_id and owner.disabled_at is null
    left join stock_risk(skus, warehouses) as risk using (sku_id, warehouse_id)
    left join alert on alert.kind = 'stock' and alert.closed_at is null
      and alert.sku_id = shelf.sku_id and alert.warehouse_id = shelf.warehouse_id
    cross join lateral (
      select
        case when rule.is_on then stock_severity(risk.available + risk.incoming, risk.sold_14d,
          risk.lead_time_days, risk.reorder_point, rule, 0) end as now_is,
        case when rule.is_on then stock_severity(risk.available + risk.incoming, risk.sold_14d,
          risk.lead_time_days, risk.reorder_point, rule, rule.rearm_percent) end as held
    ) as verdict
  ),
  opened as (
    insert into alert (kind, sku_id, warehouse_id, severity, assigned_to)
    select 'stock', sku_id, warehouse_id, now_is, owner_id
    from judged
    where alert_id is null and now_is is not null
    on conflict (sku_id, warehouse_id) where closed_at is null and kind = 'stock' do nothing
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
    insert into alert_event (alert_id, kind, severity, was_severity, available, incoming, assignee_id)
    select opened.id, 'opened', opened.severity, null, judged.available, judged.incoming, null
    from opened join judged using (sku_id, warehouse_id)
    union all
    select id, 'assigned', null, null, null, null, assigned_to from opened where assigned_to is not null
    union all
    select id, 'severity', is_now, was, available, incoming, null from changed
    union all
    select id, 'closed', null, null, available, incoming, null from closed
    returning 1
  )
  select count(*) into touched from noted;
  return touched;
end $$;

drop function stock_severity(bigint, bigint, integer, integer, integer);

/* As in 0034, and told to whom the rule names. */
create or replace function evaluate_order_alerts(unpaid_minutes integer, rows_max integer) returns integer
language plpgsql as $$
declare
  touched integer;
begin
  perform pg_advisory_xact_lock(7243201);
  with due as (
    select o.id as order_id, rule.kind, 'soon' as severity, rule.assignee_id
    from alert_rule as rule
    join sales_order as o on o.state = 'paid' and o.kind = 'sale'
      and o.placed_at < now() - make_interval(mins => rule.minutes)
      and o.paid_at < now() - make_interval(mins => rule.minutes)
    where rule.kind = 'order_stuck' and rule.is_on
    union all
    select o.id, rule.kind, 'watch', rule.assignee_id
    from alert_rule as rule
    join sales_order as o on o.state = 'placed' and o.kind = 'sale' and o.source = 'api'
      and o.placed_at < now() - make_interval(mins => greatest(unpaid_minutes - rule.minutes, 0))
    where rule.kind = 'order_unpaid' and rule.is_on
  ),
  opened as (
    insert into alert (kind, order_id, severity, assigned_to)
    select due.kind, due.order_id, due.severity, owner.id
    from due
    left join app_user as owner on owner.id = due.assignee_id and owner.disabled_at is null
    where not exists (
      select from alert where alert.order_id = due.order_id and alert.kind = due.kind and closed_at is null
    )
    limit rows_max
    on conflict (order_id, kind) where closed_at is null and kind <> 'stock' do nothing
    returning id, severity, assigned_to
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
    insert into alert_event (alert_id, kind, severity, was_severity, note, assignee_id)
    select id, 'opened', severity, null, null, null from opened
    union all
    select id, 'assigned', null, null, null, assigned_to from opened where assigned_to is not null
    union all
    select id, 'severity', 'critical', 'soon', null, null from worse
    union all
    select id, 'closed', null, null, state, null from closed
    returning 1
  )
  select count(*) into touched from noted;
  return touched;
end $$;
