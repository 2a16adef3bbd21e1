-- Goods on their way between warehouses, and which shelves an alert must look at again.

-- What left another warehouse for this one and has not arrived: neither on hand nor lost.
alter table stock_level add column in_transit bigint not null default 0 check (in_transit >= 0);

alter table stock_move add column in_transit_delta bigint not null default 0;
alter table stock_move add column transfer_id bigint;
alter table stock_move drop constraint stock_move_kind_check;
alter table stock_move add constraint stock_move_kind_check check (kind in ('opening', 'purchase', 'reserve',
  'release', 'issue', 'return', 'adjust', 'transfer_out', 'transit', 'transfer_in', 'transfer_loss'));
alter table stock_move drop constraint stock_move_check;
alter table stock_move add constraint stock_move_check check (
  on_hand_delta <> 0 or reserved_delta <> 0 or value_delta_cents <> 0 or in_transit_delta <> 0
);

-- What one shelf did in the last days. It takes the place of an index by id that nothing looked into, so that
-- posting keeps as many indexes as before.
drop index stock_move_sku;
create index stock_move_shelf on stock_move (sku_id, warehouse_id, at);

-- The value of what is on its way is still the company's.
insert into ledger_account (code, kind) values ('goods_in_transit', 'asset');

/*
 * Shelves that have changed since an alert looked at them. A row is added and taken away, never waited for: posting
 * does not meet the evaluator, nor one order another here. There is no NOTIFY, because it takes a lock of the whole
 * server at commit and would let transactions commit only one after the other.
 * Unlogged, as it can be made again: after a crash every shelf is looked at.
 */
create unlogged table alert_signal (
  sku_id bigint not null,
  warehouse_id bigint not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

/* As 0024 has it, with goods in transit; the shelves it changed are named to the alerts in the same statement. */
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
      or sum(in_transit_delta) <> 0
  )
  order by sku_id, warehouse_id
  for update;

  with changed as (
    update stock_level
    set on_hand = stock_level.on_hand + sums.on_hand,
        reserved = stock_level.reserved + sums.reserved,
        in_transit = stock_level.in_transit + sums.in_transit,
        value_cents = stock_level.value_cents + sums.value_cents
    from (
      select sku_id, warehouse_id, sum(on_hand_delta) as on_hand, sum(reserved_delta) as reserved,
        sum(in_transit_delta) as in_transit, sum(value_delta_cents) as value_cents
      from moved
      group by sku_id, warehouse_id
      having sum(on_hand_delta) <> 0 or sum(reserved_delta) <> 0 or sum(value_delta_cents) <> 0
        or sum(in_transit_delta) <> 0
    ) as sums
    where stock_level.sku_id = sums.sku_id and stock_level.warehouse_id = sums.warehouse_id
    returning stock_level.sku_id, stock_level.warehouse_id
  )
  insert into alert_signal (sku_id, warehouse_id)
  select sku_id, warehouse_id from changed;
  return null;
end $$;

create or replace view stock_level_difference as
select sku_id, warehouse_id, level.on_hand, level.reserved, level.value_cents,
  moves.on_hand as moves_on_hand, moves.reserved as moves_reserved, moves.value_cents as moves_value_cents,
  level.in_transit, moves.in_transit as moves_in_transit
from stock_level as level
full join (
  select sku_id, warehouse_id, sum(on_hand_delta) as on_hand, sum(reserved_delta) as reserved,
    sum(value_delta_cents) as value_cents, sum(in_transit_delta) as in_transit
  from stock_move
  group by sku_id, warehouse_id
) as moves using (sku_id, warehouse_id)
where (level.on_hand, level.reserved, level.value_cents, level.in_transit)
  is distinct from (moves.on_hand, moves.reserved, moves.value_cents, moves.in_transit);
