-- Stock: the ledger of moves is the truth, the level is its sum, kept in the same transaction.

create table stock_level (
  sku_id bigint not null references sku (id),
  warehouse_id bigint not null references warehouse (id),
  on_hand bigint not null default 0 check (on_hand >= 0),
  reserved bigint not null default 0,
  -- Value of what is on hand. Cost leaves as round(value × out ÷ on_hand), and whole with the last unit.
  value_cents bigint not null default 0,
  primary key (sku_id, warehouse_id),
  constraint stock_level_no_oversell check (reserved >= 0 and reserved <= on_hand)
);
create index stock_level_warehouse on stock_level (warehouse_id);

create table stock_move (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  business_day date not null,
  kind text not null
    check (kind in ('opening', 'purchase', 'reserve', 'release', 'issue', 'return', 'adjust')),
  sku_id bigint not null references sku (id),
  product_id bigint not null references product (id),
  warehouse_id bigint not null references warehouse (id),
  on_hand_delta bigint not null default 0,
  reserved_delta bigint not null default 0,
  value_delta_cents bigint not null default 0,
  order_id bigint references sales_order (id),
  order_line_id bigint references order_line (id),
  channel_id bigint references channel (id),
  distributor_id bigint references distributor (id),
  ancestor_ids bigint[] not null default '{}',
  reason text,
  check (on_hand_delta <> 0 or reserved_delta <> 0 or value_delta_cents <> 0)
);
create index stock_move_line on stock_move (order_line_id);
create index stock_move_sku on stock_move (sku_id, warehouse_id, id);
create unique index stock_move_once on stock_move (order_line_id, kind)
  where kind in ('reserve', 'release', 'issue');
call make_append_only('stock_move');

/* Adds the moves of one statement to the levels, locking them in one order so that orders never deadlock. */
create function stock_move_apply() returns trigger
language plpgsql security definer set search_path = public as $$
begin
  insert into stock_level (sku_id, warehouse_id)
  select distinct sku_id, warehouse_id from moved order by sku_id, warehouse_id
  on conflict do nothing;

  perform 1 from stock_level
  where (sku_id, warehouse_id) in (select sku_id, warehouse_id from moved)
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
  ) as sums
  where stock_level.sku_id = sums.sku_id and stock_level.warehouse_id = sums.warehouse_id;
  return null;
end $$;
create trigger apply_level after insert on stock_move
  referencing new table as moved
  for each statement execute function stock_move_apply();

/* Levels that differ from the sum of their moves: must be empty, always. */
create view stock_level_difference as
select sku_id, warehouse_id, level.on_hand, level.reserved, level.value_cents,
  moves.on_hand as moves_on_hand, moves.reserved as moves_reserved, moves.value_cents as moves_value_cents
from stock_level as level
full join (
  select sku_id, warehouse_id, sum(on_hand_delta) as on_hand, sum(reserved_delta) as reserved,
    sum(value_delta_cents) as value_cents
  from stock_move
  group by sku_id, warehouse_id
) as moves using (sku_id, warehouse_id)
where (level.on_hand, level.reserved, level.value_cents)
  is distinct from (moves.on_hand, moves.reserved, moves.value_cents);
