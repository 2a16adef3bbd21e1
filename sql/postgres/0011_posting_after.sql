-- What follows payment: commission through its states, completion, cancellation, returns.

/* Accrues commission of paid orders: floor(line total × rate), pending, and its journal transaction. */
create function post_commission(order_ids bigint[]) returns void
language sql as $$
  with accrued as (
    insert into commission_entry (at, business_day, kind, state, amount_cents, distributor_id, ancestor_ids,
      level, rule_id, rate_bps, base_cents, order_id, order_line_id, sku_id, product_id, channel_id)
    select o.paid_at, business_day(o.paid_at), 'accrue', 'pending', earned.amount_cents, a.distributor_id,
      a.ancestor_ids, a.level, a.rule_id, a.rate_bps, line.total_cents, o.id, line.id, line.sku_id,
      sku.product_id, o.channel_id
    from sales_order as o
    join order_line as line on line.order_id = o.id
    join order_line_attribution as a on a.order_line_id = line.id
    join sku on sku.id = line.sku_id
    cross join lateral (select floor(line.total_cents::numeric * a.rate_bps / 10000)::bigint as amount_cents) as earned
    where o.id = any (order_ids) and not sku.is_service and earned.amount_cents > 0
    returning order_id, order_line_id, sku_id, product_id, amount_cents, at, business_day
  ),
  txn as (
    insert into journal_txn (kind, source_type, source_id, at, business_day)
    select distinct 'commission', 'order', order_id, at, business_day from accrued
    returning id, source_id
  )
  insert into journal_entry (txn_id, kind, at, business_day, account, amount_cents, order_id, order_line_id,
    sku_id, product_id, channel_id, distributor_id, ancestor_ids, customer_id, warehouse_id)
  select txn.id, 'commission', accrued.at, accrued.business_day, entry.account, entry.sign * accrued.amount_cents,
    o.id, accrued.order_line_id, accrued.sku_id, accrued.product_id, o.channel_id, o.distributor_id,
    o.ancestor_ids, o.customer_id, o.warehouse_id
  from accrued
  join txn on txn.source_id = accrued.order_id
  join sales_order as o on o.id = accrued.order_id
  cross join (values ('commission', 1), ('commission_payable', -1)) as entry (account, sign)
$$;

/* Completed: the customer has the goods; commission freezes until the return window is over. */
create function post_completed(order_ids bigint[]) returns void
language plpgsql as $$
begin
  insert into commission_entry (at, business_day, kind, state, amount_cents, distributor_id, ancestor_ids, level,
    rule_id, rate_bps, base_cents, order_id, order_line_id, sku_id, product_id, channel_id, release_at)
  select o.completed_at, business_day(o.completed_at), 'freeze', step.state, step.sign * accrued.amount_cents,
    accrued.distributor_id, accrued.ancestor_ids, accrued.level, accrued.rule_id, accrued.rate_bps,
    accrued.base_cents, accrued.order_id, accrued.order_line_id, accrued.sku_id, accrued.product_id, accrued.channel_id,
    case step.state when 'frozen' then o.completed_at + make_interval(days => instance.return_window_days) end
  from sales_order as o
  cross join instance
  join commission_entry as accrued on accrued.order_id = o.id and accrued.kind = 'accrue'
  cross join (values ('pending', -1), ('frozen', 1)) as step (state, sign)
  where o.id = any (order_ids);

  perform post_order_event(order_ids, 'completed', 'shipped');
end $$;

/* Releases at most `limit_rows` frozen amounts whose window is over; returns how many. Safe to run at any time. */
create function release_commissions(until timestamptz, limit_rows integer) returns integer
language sql as $$
  with due as (
    select frozen.* from commission_entry as frozen
    where frozen.kind = 'freeze' and frozen.state = 'frozen' and frozen.release_at <= until
      and not exists (
        select from commission_entry as released
        where released.order_line_id = frozen.order_line_id and released.level = frozen.level
          and released.kind = 'release' and released.state = 'available'
      )
    order by frozen.release_at
    limit limit_rows
  ),
  released as (
    insert into commission_entry (at, business_day, kind, state, amount_cents, distributor_id, ancestor_ids, level,
      rule_id, rate_bps, base_cents, order_id, order_line_id, sku_id, product_id, channel_id)
    select due.release_at, business_day(due.release_at), 'release', step.state, step.sign * due.amount_cents,
      due.distributor_id, due.ancestor_ids, due.level, due.rule_id, due.rate_bps, due.base_cents, due.order_id,
      due.order_line_id, due.sku_id, due.product_id, due.channel_id
    from due
    cross join (values ('frozen', -1), ('available', 1)) as step (state, sign)
    on conflict (order_line_id, level, kind, state) do nothing
    returning 1
  )
  select (count(*) / 2)::integer from released
$$;

/*
 * Cancelled before shipping: reserved goods are free again. If it was paid, the refund, the reversal of
 * commission and the money back post in the same step. The channel keeps its fee.
 */
create function post_cancelled(order_ids bigint[]) returns void
language plpgsql as $$
declare
  unpaid bigint[];
  paid bigint[];
begin
  select coalesce(array_agg(id) filter (where paid_at is null), '{}'),
    coalesce(array_agg(id) filter (where paid_at is not null), '{}')
  into unpaid, paid
  from sales_order where id = any (order_ids);

  insert into stock_move (at, business_day, kind, sku_id, product_id, warehouse_id, reserved_delta,
    order_id, order_line_id, channel_id, distributor_id, ancestor_ids)
  select o.cancelled_at, business_day(o.cancelled_at), 'release', move.sku_id, move.product_id, move.warehouse_id,
    -move.reserved_delta, o.id, move.order_line_id, o.channel_id, o.distributor_id, o.ancestor_ids
  from sales_order as o
  join stock_move as move on move.order_id = o.id and move.kind = 'reserve'
  where o.id = any (order_ids);

  insert into commission_entry (at, business_day, kind, state, amount_cents, distributor_id, ancestor_ids, level,
    rule_id, rate_bps, base_cents, order_id, order_line_id, sku_id, product_id, channel_id)
  select o.cancelled_at, business_day(o.cancelled_at), 'clawback', 'pending', -accrued.amount_cents,
    accrued.distributor_id, accrued.ancestor_ids, accrued.level, accrued.rule_id, accrued.rate_bps,
    accrued.base_cents, accrued.order_id, accrued.order_line_id, accrued.sku_id, accrued.product_id, accrued.channel_id
  from sales_order as o
  join commission_entry as accrued on accrued.order_id = o.id and accrued.kind = 'accrue'
  where o.id = any (paid);

  perform post_refund(paid, 'cancel');
  perform post_order_event(unpaid, 'cancelled', 'placed');
  perform post_order_event(paid, 'cancelled', 'paid');
end $$;

/* Returned: an imported credit note. Money back, goods back at the cost it names, commission clawed back. */
create function post_returned(order_ids bigint[]) returns void
language plpgsql as $$
begin
  insert into commission_entry (at, business_day, kind, state, amount_cents, distributor_id, ancestor_ids,
    level, rule_id, rate_bps, base_cents, order_id, order_line_id, sku_id, product_id, channel_id)
  select o.completed_at, business_day(o.completed_at), 'clawback', 'available', -earned.amount_cents, a.distributor_id,
    a.ancestor_ids, a.level, a.rule_id, a.rate_bps, line.total_cents, o.id, line.id, line.sku_id, sku.product_id, o.channel_id
  from sales_order as o
  join order_line as line on line.order_id = o.id
  join order_line_attribution as a on a.order_line_id = line.id
  join sku on sku.id = line.sku_id
  cross join lateral (select floor(line.total_cents::numeric * a.rate_bps / 10000)::bigint as amount_cents) as earned
  where o.id = any (order_ids) and not sku.is_service and earned.amount_cents > 0;

  insert into stock_move (at, business_day, kind, sku_id, product_id, warehouse_id, on_hand_delta,
    value_delta_cents, order_id, order_line_id, channel_id, distributor_id, ancestor_ids)
  select o.completed_at, business_day(o.completed_at), 'return', line.sku_id, sku.product_id, o.warehouse_id,
    line.quantity, coalesce(line.cost_cents, 0), o.id, line.id, o.channel_id, o.distributor_id, o.ancestor_ids
  from sales_order as o
  join order_line as line on line.order_id = o.id
  join sku on sku.id = line.sku_id
  where o.id = any (order_ids) and not sku.is_service;

  perform post_refund(order_ids, 'return');
end $$;

/* The journal of money given back, by line, with the reversal of the commission and of the cost of goods returned. */
create function post_refund(order_ids bigint[], refund_kind text) returns void
language sql as $$
  with txn as (
    insert into journal_txn (kind, source_type, source_id, at, business_day)
    select refund_kind, 'order', o.id, moment, business_day(moment)
    from sales_order as o
    cross join lateral (select coalesce(o.cancelled_at, o.completed_at) as moment) as times
    where o.id = any (order_ids)
    returning id, source_id, at, business_day
  ),
  entry as (
    select txn.id as txn_id, 'refund' as account, line.total_cents as amount_cents, -line.quantity as quantity,
      line.id as order_line_id, line.sku_id
    from txn join order_line as line on line.order_id = txn.source_id
    union all
    select txn.id, account, amount_cents, 0, null, null
    from txn join sales_order as o on o.id = txn.source_id
    cross join lateral (values ('refund', o.shipping_cents), ('cash', -o.total_cents)) as back (account, amount_cents)
    where account = 'cash' or amount_cents <> 0
    union all
    select txn.id, account, sign * clawed.amount_cents, 0, clawed.order_line_id, clawed.sku_id
    from txn
    join commission_entry as clawed on clawed.order_id = txn.source_id and clawed.kind = 'clawback'
    cross join (values ('commission', 1), ('commission_payable', -1)) as reversed (account, sign)
    union all
    select txn.id, account, sign * move.value_delta_cents, 0, move.order_line_id, move.sku_id
    from txn
    join stock_move as move on move.order_id = txn.source_id and move.kind = 'return' and move.value_delta_cents <> 0
    cross join (values ('inventory', 1), ('cogs', -1)) as returned (account, sign)
  )
  insert into journal_entry (txn_id, kind, at, business_day, account, amount_cents, quantity, order_id, order_line_id,
    sku_id, product_id, channel_id, distributor_id, ancestor_ids, customer_id, warehouse_id)
  select txn.id, refund_kind, txn.at, txn.business_day, entry.account, entry.amount_cents, entry.quantity, o.id,
    entry.order_line_id, entry.sku_id, sku.product_id, o.channel_id, o.distributor_id, o.ancestor_ids,
    o.customer_id, o.warehouse_id
  from entry
  join txn on txn.id = entry.txn_id
  join sales_order as o on o.id = txn.source_id
  left join sku on sku.id = entry.sku_id
$$;

/* Goods received: into stock at their cost, and the journal beside it. Returns the move. */
create function receive_stock(sku bigint, warehouse bigint, quantity bigint, cost_cents bigint,
  move_kind text, received_at timestamptz) returns bigint
language sql as $$
  with move as (
    insert into stock_move (at, business_day, kind, sku_id, product_id, warehouse_id, on_hand_delta, value_delta_cents)
    select received_at, business_day(received_at), move_kind, sku, product_id, warehouse, quantity, cost_cents
    from sku as s where s.id = sku
    returning id, at, business_day, sku_id, product_id, warehouse_id, value_delta_cents
  ),
  txn as (
    insert into journal_txn (kind, source_type, source_id, at, business_day)
    select 'stock', 'stock_move', id, at, business_day from move
    returning id, at, business_day
  ),
  entries as (
    insert into journal_entry (txn_id, kind, at, business_day, account, amount_cents, sku_id, product_id, warehouse_id)
    select txn.id, 'stock', txn.at, txn.business_day, account, sign * move.value_delta_cents, move.sku_id,
      move.product_id, move.warehouse_id
    from txn, move,
      (values ('inventory', 1), (case move_kind when 'opening' then 'opening_equity' else 'purchase_clearing' end, -1))
        as entry (account, sign)
  )
  select id from move
$$;
