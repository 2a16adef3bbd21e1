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
-- One open alert of each kind for a shelf.
drop index alert_open_shelf;
create unique index alert_open_shelf on alert (sku_id, warehouse_id, kind) where closed_at is null and sku_id is not null;

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
