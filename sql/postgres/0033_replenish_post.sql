-- The steps of a transfer and a purchase. Whoever calls holds the document's row and has checked its state.

/* Value that changes its place or its account, as one transaction of the journal; nothing for nothing. */
create function post_stock_value(move bigint, moment timestamptz, sku bigint, cents bigint,
  debit text, debit_warehouse bigint, credit text, credit_warehouse bigint) returns void
language sql as $$
  with txn as (
    insert into journal_txn (kind, source_type, source_id, at, business_day)
    select 'stock', 'stock_move', move, moment, business_day(moment)
    where cents <> 0
    returning id, at, business_day
  )
  insert into journal_entry (txn_id, kind, at, business_day, account, amount_cents, sku_id, product_id, warehouse_id)
  select txn.id, 'stock', txn.at, txn.business_day, entry.account, entry.amount_cents, s.id, s.product_id, entry.warehouse_id
  from txn
  join sku as s on s.id = sku
  cross join (values (debit, cents, debit_warehouse), (credit, -cents, credit_warehouse)) as entry (account, amount_cents, warehouse_id)
$$;

/* One move of a transfer; returns it. */
create function post_transfer_move(transfer bigint, move_kind text, sku bigint, warehouse bigint, moment timestamptz,
  on_hand bigint, reserved bigint, in_transit bigint, cents bigint) returns bigint
language sql as $$
  insert into stock_move (at, business_day, kind, sku_id, product_id, warehouse_id, on_hand_delta, reserved_delta,
    in_transit_delta, value_delta_cents, transfer_id)
  select moment, business_day(moment), move_kind, s.id, s.product_id, warehouse, on_hand, reserved, in_transit, cents, transfer
  from sku as s
  where s.id = sku
  returning id
$$;

/* Requested: nobody else may sell what is to leave. More than is there breaks stock_level_no_oversell. */
create function post_transfer_requested(transfer bigint) returns void
language sql as $$
  select post_transfer_move(id, 'reserve', sku_id, from_warehouse_id, requested_at, 0, quantity, 0, 0)
  from stock_transfer where id = transfer
$$;

create function post_transfer_cancelled(transfer bigint) returns void
language sql as $$
  select post_transfer_move(id, 'release', sku_id, from_warehouse_id, closed_at, 0, -quantity, 0, 0)
  from stock_transfer where id = transfer
$$;

/* Shipped: off the source's shelf at its average cost, on the way to the other. */
create function post_transfer_shipped(transfer bigint) returns void
language plpgsql security definer set search_path = public as $$
declare
  doc stock_transfer;
  level stock_level;
  cost bigint;
  move bigint;
begin
  select * into strict doc from stock_transfer where id = transfer;
  insert into stock_level (sku_id, warehouse_id) values (doc.sku_id, doc.to_warehouse_id) on conflict do nothing;
  -- Both shelves in the order everybody locks them in.
  perform 1 from stock_level
  where sku_id = doc.sku_id and warehouse_id in (doc.from_warehouse_id, doc.to_warehouse_id)
  order by sku_id, warehouse_id
  for update;
  select * into strict level from stock_level where sku_id = doc.sku_id and warehouse_id = doc.from_warehouse_id;
  cost := case when level.on_hand = doc.quantity then level.value_cents
    else round(level.value_cents::numeric * doc.quantity / level.on_hand) end;

  move := post_transfer_move(doc.id, 'transfer_out', doc.sku_id, doc.from_warehouse_id, doc.shipped_at,
    -doc.quantity, -doc.quantity, 0, -cost);
  perform post_transfer_move(doc.id, 'transit', doc.sku_id, doc.to_warehouse_id, doc.shipped_at, 0, 0, doc.quantity, 0);
  perform post_stock_value(move, doc.shipped_at, doc.sku_id, cost,
    'goods_in_transit', doc.to_warehouse_id, 'inventory', doc.from_warehouse_id);
  update stock_transfer set cost_cents = cost where id = doc.id;
end $$;

/* Received: so many have arrived now. Their cost is what all arrived so far cost, less what was posted before. */
create function post_transfer_received(transfer bigint, arrived bigint, moment timestamptz) returns void
language plpgsql as $$
declare
  doc stock_transfer;
  cents bigint;
begin
  select * into strict doc from stock_transfer where id = transfer;
  cents := round(doc.cost_cents::numeric * (doc.received_quantity + arrived) / doc.quantity) - doc.received_cost_cents;
  perform post_stock_value(
    post_transfer_move(doc.id, 'transfer_in', doc.sku_id, doc.to_warehouse_id, moment, arrived, 0, -arrived, cents),
    moment, doc.sku_id, cents, 'inventory', doc.to_warehouse_id, 'goods_in_transit', doc.to_warehouse_id);
  update stock_transfer
  set received_quantity = doc.received_quantity + arrived,
      received_cost_cents = doc.received_cost_cents + cents,
      state = case when doc.received_quantity + arrived = doc.quantity then 'received' else state end,
      closed_at = case when doc.received_quantity + arrived = doc.quantity then moment end
  where id = doc.id;
end $$;

/* What has not arrived never will: a loss, worth what is left of the cost. */
create function post_transfer_lost(transfer bigint, moment timestamptz) returns void
language plpgsql as $$
declare
  doc stock_transfer;
  missing bigint;
  cents bigint;
begin
  select * into strict doc from stock_transfer where id = transfer;
  missing := doc.quantity - doc.received_quantity;
  cents := doc.cost_cents - doc.received_cost_cents;
  perform post_stock_value(
    post_transfer_move(doc.id, 'transfer_loss', doc.sku_id, doc.to_warehouse_id, moment, 0, 0, -missing, 0),
    moment, doc.sku_id, cents, 'stock_loss', doc.to_warehouse_id, 'goods_in_transit', doc.to_warehouse_id);
  update stock_transfer
  set lost_quantity = missing, lost_cost_cents = cents, state = 'received', closed_at = moment
  where id = doc.id;
end $$;

/* So many of a purchase have come, for so much. */
create function post_purchase_received(purchase bigint, arrived bigint, cents bigint, receiver bigint,
  moment timestamptz) returns void
language plpgsql as $$
declare
  doc purchase_request;
begin
  select * into strict doc from purchase_request where id = purchase;
  insert into purchase_receipt (purchase_id, move_id, quantity, cost_cents, received_by, at)
  values (doc.id, receive_stock(doc.sku_id, doc.warehouse_id, arrived, cents, 'purchase', moment), arrived, cents,
    receiver, moment);
  update purchase_request
  set received_quantity = doc.received_quantity + arrived,
      received_cost_cents = doc.received_cost_cents + cents,
      state = case when doc.received_quantity + arrived = doc.quantity then 'received' else state end,
      closed_at = case when doc.received_quantity + arrived = doc.quantity then moment end
  where id = doc.id;
end $$;
