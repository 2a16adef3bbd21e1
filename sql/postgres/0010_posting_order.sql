/*
 * How an order posts. Each function takes orders whose header already has the new state and its time, and
 * writes every ledger row of that step, for one order (live) or thousands (history) by the same statements.
 * Posting a step twice breaks a unique key and changes nothing.
 */

/* Placed: the goods are reserved (history brings its own goods) and the order enters the pipeline. */
create function post_placed(order_ids bigint[]) returns void
language plpgsql as $$
begin
  insert into stock_move (at, business_day, kind, sku_id, product_id, warehouse_id, reserved_delta,
    order_id, order_line_id, channel_id, distributor_id, ancestor_ids)
  select o.placed_at, business_day(o.placed_at), 'reserve', line.sku_id, sku.product_id, o.warehouse_id,
    line.quantity, o.id, line.id, o.channel_id, o.distributor_id, o.ancestor_ids
  from sales_order as o
  join order_line as line on line.order_id = o.id
  join sku on sku.id = line.sku_id
  where o.id = any (order_ids) and not sku.is_service and line.cost_cents is null;

  perform post_order_event(order_ids, 'placed', null);
  perform post_funnel(order_ids, 'order');
end $$;

/* +1 into the state an order enters, -1 out of the one it leaves. */
create function post_order_event(order_ids bigint[], into_state text, out_of_state text) returns void
language sql as $$
  insert into order_event (at, business_day, order_id, state, delta, total_cents,
    channel_id, distributor_id, ancestor_ids, customer_id, warehouse_id)
  select moment, business_day(moment), o.id, step.state, step.delta, step.delta * o.total_cents,
    o.channel_id, o.distributor_id, o.ancestor_ids, o.customer_id, o.warehouse_id
  from sales_order as o
  cross join lateral (
    select case into_state
      when 'placed' then o.placed_at when 'paid' then o.paid_at when 'shipped' then o.shipped_at
      when 'completed' then o.completed_at when 'cancelled' then o.cancelled_at end as moment
  ) as times
  cross join lateral (values (into_state, 1), (out_of_state, -1)) as step (state, delta)
  where o.id = any (order_ids) and step.state is not null
$$;

/* Only an order that began with a visit is a step of a funnel. */
create function post_funnel(order_ids bigint[], reached text) returns void
language sql as $$
  insert into funnel_event (at, business_day, step, visit_id, channel_id, distributor_id, ancestor_ids, promo_code, order_id)
  select moment, business_day(moment), reached, o.visit_id, o.channel_id, visit.distributor_id,
    visit.ancestor_ids, visit.promo_code, o.id
  from sales_order as o
  join funnel_event as visit on visit.visit_id = o.visit_id and visit.step = 'visit'
  cross join lateral (select case reached when 'paid' then o.paid_at else o.placed_at end as moment) as times
  where o.id = any (order_ids)
  on conflict (visit_id, step) do nothing
$$;

/*
 * Paid: revenue is recognised, the channel keeps its fee (half up), commission accrues per line and level
 * (floor of line total × rate).
 */
create function post_paid(order_ids bigint[]) returns void
language plpgsql as $$
begin
  with txn as (
    insert into journal_txn (kind, source_type, source_id, at, business_day)
    select 'sale', 'order', o.id, o.paid_at, business_day(o.paid_at)
    from sales_order as o where o.id = any (order_ids)
    returning id, source_id, at, business_day
  ),
  line_entry as (
    select txn.id as txn_id, entry.account, entry.amount_cents, entry.quantity, line.order_id,
      line.id as order_line_id, line.sku_id, sku.product_id, txn.at, txn.business_day
    from txn
    join order_line as line on line.order_id = txn.source_id
    join sku on sku.id = line.sku_id
    cross join lateral (values
      ('sales', -line.list_cents, line.quantity),
      ('discount', line.discount_cents, 0::bigint)
    ) as entry (account, amount_cents, quantity)
    where entry.account = 'sales' or entry.amount_cents <> 0
  ),
  order_entry as (
    select txn.id as txn_id, entry.account, entry.amount_cents, 0::bigint as quantity, o.id as order_id,
      null::bigint as order_line_id, null::bigint as sku_id, null::bigint as product_id, txn.at, txn.business_day
    from txn
    join sales_order as o on o.id = txn.source_id
    join channel on channel.id = o.channel_id
    cross join lateral (select floor((o.total_cents::numeric * channel.fee_bps + 5000) / 10000)::bigint as fee) as kept
    cross join lateral (values
      ('shipping_income', -o.shipping_cents), ('cash', o.total_cents),
      ('fee', kept.fee), ('fee_payable', -kept.fee)
    ) as entry (account, amount_cents)
    where entry.account = 'cash' or entry.amount_cents <> 0
  )
  insert into journal_entry (txn_id, kind, at, business_day, account, amount_cents, quantity, order_id,
    order_line_id, sku_id, product_id, channel_id, distributor_id, ancestor_ids, customer_id, warehouse_id)
  select e.txn_id, 'sale', e.at, e.business_day, e.account, e.amount_cents, e.quantity, e.order_id,
    e.order_line_id, e.sku_id, e.product_id, o.channel_id, o.distributor_id, o.ancestor_ids, o.customer_id, o.warehouse_id
  from (select * from line_entry union all select * from order_entry) as e
  join sales_order as o on o.id = e.order_id;

  perform post_commission(order_ids);
  perform post_order_event(order_ids, 'paid', 'placed');
  perform post_funnel(order_ids, 'paid');
end $$;

/*
 * Shipped: goods leave at moving-average cost, or, for history, at the cost it names: the goods are
 * received and issued in the same breath, so the level is untouched and the cost is exact.
 */
create function post_shipped(order_ids bigint[]) returns void
language plpgsql as $$
begin
  -- History first: its lines already name their cost, and the live step below fills the rest in.
  insert into stock_move (at, business_day, kind, sku_id, product_id, warehouse_id, on_hand_delta,
    value_delta_cents, order_id, order_line_id, channel_id, distributor_id, ancestor_ids)
  select o.shipped_at, business_day(o.shipped_at), move.kind, line.sku_id, sku.product_id, o.warehouse_id,
    move.sign * line.quantity, move.sign * line.cost_cents, o.id, line.id, o.channel_id, o.distributor_id, o.ancestor_ids
  from sales_order as o
  join order_line as line on line.order_id = o.id
  join sku on sku.id = line.sku_id
  cross join (values ('purchase', 1), ('issue', -1)) as move (kind, sign)
  where o.id = any (order_ids) and not sku.is_service and line.cost_cents is not null;

  perform issue_at_average(order_ids);

  with txn as (
    insert into journal_txn (kind, source_type, source_id, at, business_day)
    select 'cogs', 'order', o.id, o.shipped_at, business_day(o.shipped_at)
    from sales_order as o
    where o.id = any (order_ids)
      and exists (select from stock_move where order_id = o.id and kind = 'issue')
    returning id, source_id, at, business_day
  )
  insert into journal_entry (txn_id, kind, at, business_day, account, amount_cents, order_id, order_line_id,
    sku_id, product_id, channel_id, distributor_id, ancestor_ids, customer_id, warehouse_id)
  select txn.id, 'cogs', txn.at, txn.business_day, entry.account, entry.amount_cents, o.id, move.order_line_id,
    move.sku_id, move.product_id, o.channel_id, o.distributor_id, o.ancestor_ids, o.customer_id, o.warehouse_id
  from txn
  join sales_order as o on o.id = txn.source_id
  join stock_move as move on move.order_id = o.id and move.kind in ('issue', 'purchase')
  cross join lateral (values
    ('inventory', move.value_delta_cents),
    (case move.kind when 'issue' then 'cogs' else 'purchase_clearing' end, -move.value_delta_cents)
  ) as entry (account, amount_cents);

  perform post_order_event(order_ids, 'shipped', 'paid');
end $$;

/* Issues the lines that have no cost yet, in one lock order, each at round(value × quantity ÷ on hand). */
create function issue_at_average(order_ids bigint[]) returns void
language plpgsql security definer set search_path = public as $$
declare
  line record;
  level stock_level;
  cost bigint;
begin
  for line in
    select order_line.*, o.warehouse_id, o.shipped_at, o.channel_id, o.distributor_id, o.ancestor_ids, sku.product_id
    from sales_order as o
    join order_line on order_line.order_id = o.id
    join sku on sku.id = order_line.sku_id
    where o.id = any (order_ids) and not sku.is_service and order_line.cost_cents is null
    order by order_line.sku_id, o.warehouse_id, order_line.id
  loop
    select * into strict level from stock_level
    where sku_id = line.sku_id and warehouse_id = line.warehouse_id
    for update;
    cost := case when level.on_hand = line.quantity then level.value_cents
      else round(level.value_cents::numeric * line.quantity / level.on_hand) end;
    insert into stock_move (at, business_day, kind, sku_id, product_id, warehouse_id, on_hand_delta,
      reserved_delta, value_delta_cents, order_id, order_line_id, channel_id, distributor_id, ancestor_ids)
    values (line.shipped_at, business_day(line.shipped_at), 'issue', line.sku_id, line.product_id,
      line.warehouse_id, -line.quantity, -line.quantity, -cost, line.order_id, line.id, line.channel_id,
      line.distributor_id, line.ancestor_ids);
    update order_line set cost_cents = cost where id = line.id;
  end loop;
end $$;
