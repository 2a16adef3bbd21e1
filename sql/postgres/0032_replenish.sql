-- Goods from another warehouse, and goods from a supplier: documents with steps, posted through the ledger of moves.

-- How a sku is packed: a proposal is a whole number of packs. Without a row a pack is one piece.
create table sku_pack (
  sku_id bigint primary key references sku (id),
  pack_size integer not null check (pack_size between 1 and 1000000)
);

-- What may be bought without an administrator's word.
create table purchase_policy (
  singleton boolean primary key default true check (singleton),
  approval_cents bigint not null default 10000000 check (approval_cents >= 0)
);
insert into purchase_policy default values;

-- requested (the goods are reserved at the source) → shipped → received; a difference stays in transit until it
-- arrives or is closed as lost.
create table stock_transfer (
  id bigint generated always as identity primary key,
  sku_id bigint not null references sku (id),
  from_warehouse_id bigint not null references warehouse (id),
  to_warehouse_id bigint not null references warehouse (id),
  quantity bigint not null check (quantity > 0),
  state text not null default 'requested' check (state in ('requested', 'shipped', 'received', 'cancelled')),
  received_quantity bigint not null default 0 check (received_quantity >= 0),
  lost_quantity bigint not null default 0 check (lost_quantity >= 0),
  -- Value moves at what it cost at the source.
  cost_cents bigint not null default 0,
  received_cost_cents bigint not null default 0,
  lost_cost_cents bigint not null default 0,
  reason text,
  alert_id bigint references alert (id),
  requested_by bigint not null references app_user (id),
  requested_at timestamptz not null default clock_timestamp(),
  shipped_at timestamptz,
  closed_at timestamptz,
  constraint stock_transfer_elsewhere check (from_warehouse_id <> to_warehouse_id),
  constraint stock_transfer_not_more check (received_quantity + lost_quantity <= quantity),
  check ((state = 'received') = (received_quantity + lost_quantity = quantity)),
  check ((closed_at is not null) = (state in ('received', 'cancelled')))
);
create index stock_transfer_open on stock_transfer (to_warehouse_id, sku_id) where state in ('requested', 'shipped');
create index stock_transfer_alert on stock_transfer (alert_id) where alert_id is not null;
alter table stock_move add foreign key (transfer_id) references stock_transfer (id);
create index stock_move_transfer on stock_move (transfer_id) where transfer_id is not null;
alter table alert_event add foreign key (transfer_id) references stock_transfer (id);

-- draft → approved → received, in parts or at once; closed when the rest will not come.
create table purchase_request (
  id bigint generated always as identity primary key,
  sku_id bigint not null references sku (id),
  warehouse_id bigint not null references warehouse (id),
  quantity bigint not null check (quantity > 0),
  -- What all of it is expected to cost.
  cost_cents bigint not null check (cost_cents >= 0),
  state text not null default 'draft' check (state in ('draft', 'approved', 'received', 'closed', 'cancelled')),
  received_quantity bigint not null default 0 check (received_quantity >= 0),
  received_cost_cents bigint not null default 0,
  expected_on date not null,
  reason text,
  alert_id bigint references alert (id),
  requested_by bigint not null references app_user (id),
  requested_at timestamptz not null default clock_timestamp(),
  approved_by bigint references app_user (id),
  approved_at timestamptz,
  closed_at timestamptz,
  constraint purchase_request_not_more check (received_quantity <= quantity),
  check ((state = 'received') = (received_quantity = quantity)),
  check (state not in ('approved', 'received', 'closed') or approved_at is not null),
  check ((closed_at is not null) = (state in ('received', 'closed', 'cancelled')))
);
create index purchase_request_open on purchase_request (warehouse_id, sku_id) where state in ('draft', 'approved');
create index purchase_request_alert on purchase_request (alert_id) where alert_id is not null;
alter table alert_event add foreign key (purchase_id) references purchase_request (id);

-- What came, and the move it made.
create table purchase_receipt (
  id bigint generated always as identity primary key,
  purchase_id bigint not null references purchase_request (id),
  move_id bigint not null unique references stock_move (id),
  quantity bigint not null check (quantity > 0),
  cost_cents bigint not null check (cost_cents >= 0),
  received_by bigint not null references app_user (id),
  at timestamptz not null default clock_timestamp()
);
create index purchase_receipt_purchase on purchase_receipt (purchase_id);
call make_append_only('purchase_receipt');

/* What is on its way to a shelf has changed without a move there: the alerts look again. */
create function transfer_signal() returns trigger
language plpgsql security definer set search_path = public as $$
begin
  insert into alert_signal (sku_id, warehouse_id) values (new.sku_id, new.to_warehouse_id);
  return null;
end $$;
create trigger signal after insert or update on stock_transfer for each row execute function transfer_signal();

create function purchase_signal() returns trigger
language plpgsql security definer set search_path = public as $$
begin
  insert into alert_signal (sku_id, warehouse_id) values (new.sku_id, new.warehouse_id);
  return null;
end $$;
create trigger signal after insert or update on purchase_request for each row execute function purchase_signal();

/* Another reorder point or lead time is another verdict on every shelf of the sku. */
create function sku_signal() returns trigger
language plpgsql security definer set search_path = public as $$
begin
  insert into alert_signal (sku_id, warehouse_id)
  select sku_id, warehouse_id from stock_level where sku_id = new.id;
  return null;
end $$;
create trigger signal after update of reorder_point, lead_time_days on sku
  for each row when ((old.reorder_point, old.lead_time_days) is distinct from (new.reorder_point, new.lead_time_days))
  execute function sku_signal();
