-- Posting, for thousands of orders in one step: what it looks for has an index, and what is nothing is not written.

-- Moves are looked for by their order; by their line the unique index of issues already finds them.
create index stock_move_order on stock_move (order_id);
drop index stock_move_line;

/*
 * As 0010 has it, but for two things: goods that cost nothing (history that names no cost) leave no entries of
 * zero in the journal, and the business day is worked out in the statement instead of by a call per row.
 */
create or replace function post_shipped(order_ids bigint[]) returns void
language plpgsql as $$
begin
  -- History first: its lines already name their cost, and the live step below fills the rest in.
  insert into stock_move (at, business_day, kind, sku_id, product_id, warehouse_id, on_hand_delta,
    value_delta_cents, order_id, order_line_id, channel_id, distributor_id, ancestor_ids)
  select o.shipped_at, (o.shipped_at at time zone instance.time_zone)::date, move.kind, line.sku_id, sku.product_id,
    o.warehouse_id, move.sign * line.quantity, move.sign * line.cost_cents, o.id, line.id, o.channel_id,
    o.distributor_id, o.ancestor_ids
  from instance
  cross join sales_order as o
  join order_line as line on line.order_id = o.id
  join sku on sku.id = line.sku_id
  cross join (values ('purchase', 1), ('issue', -1)) as move (kind, sign)
  where o.id = any (order_ids) and not sku.is_service and line.cost_cents is not null
  order by line.id, move.sign desc;

  perform issue_at_average(order_ids);

  with move as (
    select move.order_id, move.order_line_id, move.sku_id, move.product_id, move.kind, move.value_delta_cents
    from stock_move as move
    where move.order_id = any (order_ids) and move.kind in ('issue', 'purchase') and move.value_delta_cents <> 0
  ),
  txn as (
    insert into journal_txn (kind, source_type, source_id, at, business_day)
    select 'cogs', 'order', o.id, o.shipped_at, business_day(o.shipped_at)
    from sales_order as o
    where o.id = any (order_ids) and o.id in (select order_id from move)
    returning id, source_id, at, business_day
  )
  insert into journal_entry (txn_id, kind, at, business_day, account, amount_cents, order_id, order_line_id,
    sku_id, product_id, channel_id, distributor_id, ancestor_ids, customer_id, warehouse_id)
  select txn.id, 'cogs', txn.at, txn.business_day, entry.account, entry.amount_cents, o.id, move.order_line_id,
    move.sku_id, move.product_id, o.channel_id, o.distributor_id, o.ancestor_ids, o.customer_id, o.warehouse_id
  from txn
  join sales_order as o on o.id = txn.source_id
  join move on move.order_id = o.id
  cross join lateral (values
    ('inventory', move.value_delta_cents),
    (case move.kind when 'issue' then 'cogs' else 'purchase_clearing' end, -move.value_delta_cents)
  ) as entry (account, amount_cents);

  perform post_order_event(order_ids, 'shipped', 'paid');
end $$;

/*
 * As 0006 has it, but what a statement both brings and takes (history, which brings its own goods) leaves its level
 * alone: it is not locked and not rewritten, though its row is there, so that levels and sums name the same shelves.
 */
create or replace function stock_move_apply() returns trigger
language plpgsql security definer set search_path = public as $$
begin
  insert into stock_level (sku_id, warehouse_id)
  select distinct sku_id, warehouse_id from moved
  where not exists (
    select from stock_level
    where stock_level.sku_id = moved.sku_id and stock_level.warehouse_id = moved.warehouse_id
  )
  order by sku_id, warehouse_id
  on conflict do nothing;

  perform 1 from stock_level
  where (sku_id, warehouse_id) in (
    select sku_id, warehouse_id from moved
    group by sku_id, warehouse_id
    having sum(on_hand_delta) <> 0 or sum(reserved_delta) <> 0 or sum(value_delta_cents) <> 0
  )
  order by sku_id, warehouse_id
  for update;

  update stock_level
  set on_hand = stock_level.on_hand + sums.on_hand,
      reserved = stock_level.reserved + sums.reserved,
      value_cents = stock_level.value_cents + sums.value_cents
  from (
    select sku_id, warehouse_id, sum(on_hand_delta) as on_hand,
      sum(reserved_delta) as reserved, sum(value_delta_cents) as value_cents
    from moved
    group by sku_id, warehouse_id
    having sum(on_hand_delta) <> 0 or sum(reserved_delta) <> 0 or sum(value_delta_cents) <> 0
  ) as sums
  where stock_level.sku_id = sums.sku_id and stock_level.warehouse_id = sums.warehouse_id;
  return null;
end $$;

/* Many receipts as receive_stock (0011) posts each of them, in one statement; returns how many. */
create function receive_stocks(skus bigint[], warehouses bigint[], quantities bigint[], costs_cents bigint[],
  move_kind text, received_at timestamptz) returns bigint
language sql as $$
  with move as (
    insert into stock_move (at, business_day, kind, sku_id, product_id, warehouse_id, on_hand_delta, value_delta_cents)
    select received_at, business_day(received_at), move_kind, sku.id, sku.product_id, receipt.warehouse_id,
      receipt.quantity, receipt.cost_cents
    from unnest(skus, warehouses, quantities, costs_cents) as receipt (sku_id, warehouse_id, quantity, cost_cents)
    join sku on sku.id = receipt.sku_id
    returning id, at, business_day, sku_id, product_id, warehouse_id, value_delta_cents
  ),
  txn as (
    insert into journal_txn (kind, source_type, source_id, at, business_day)
    select 'stock', 'stock_move', id, at, business_day from move
    returning id, source_id, at, business_day
  ),
  entries as (
    insert into journal_entry (txn_id, kind, at, business_day, account, amount_cents, sku_id, product_id, warehouse_id)
    select txn.id, 'stock', txn.at, txn.business_day, account, sign * move.value_delta_cents, move.sku_id,
      move.product_id, move.warehouse_id
    from txn
    join move on move.id = txn.source_id
    cross join (values
      ('inventory', 1), (case move_kind when 'opening' then 'opening_equity' else 'purchase_clearing' end, -1)
    ) as entry (account, sign)
  )
  select count(*) from move
$$;
