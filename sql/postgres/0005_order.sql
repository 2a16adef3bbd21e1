-- Orders and what was paid for them. The header's state moves; everything that is summed is in the ledgers.

create table sales_order (
  id bigint generated always as identity primary key,
  order_no text not null unique,
  -- A return is a credit note of its own: its lines carry positive quantities and post reversed.
  kind text not null default 'sale' check (kind in ('sale', 'return')),
  channel_id bigint not null references channel (id),
  external_id text,
  distributor_id bigint references distributor (id),
  -- The tree as it was at placement, root first, the distributor itself last. Never rewritten.
  ancestor_ids bigint[] not null default '{}',
  customer_id bigint references customer (id),
  warehouse_id bigint not null references warehouse (id),
  visit_id text,
  state text not null default 'placed'
    check (state in ('placed', 'paid', 'shipped', 'completed', 'cancelled')),
  source text not null default 'api' check (source in ('api', 'import')),
  list_cents bigint not null check (list_cents >= 0),
  discount_cents bigint not null default 0,
  shipping_cents bigint not null default 0 check (shipping_cents >= 0),
  total_cents bigint not null,
  placed_at timestamptz not null,
  paid_at timestamptz,
  shipped_at timestamptz,
  completed_at timestamptz,
  cancelled_at timestamptz,
  unique (channel_id, external_id),
  check (total_cents = list_cents - discount_cents + shipping_cents)
);
create index sales_order_placed on sales_order (placed_at);
create index sales_order_distributor on sales_order (distributor_id, id);
create index sales_order_customer on sales_order (customer_id, id);
create index sales_order_open on sales_order (state, placed_at) where state in ('placed', 'paid', 'shipped');

create table order_line (
  id bigint generated always as identity primary key,
  order_id bigint not null references sales_order (id),
  line_no integer not null check (line_no >= 1),
  sku_id bigint not null references sku (id),
  quantity bigint not null check (quantity > 0),
  -- Line amounts are the truth; the unit price is what the customer was shown, rounded to the minor unit.
  unit_price_cents bigint not null,
  list_cents bigint not null,
  discount_cents bigint not null default 0,
  total_cents bigint not null,
  -- What the goods cost. Known at placement only for imported history; else set when they are issued.
  cost_cents bigint,
  unique (order_id, line_no),
  check (total_cents = list_cents - discount_cents)
);
create index order_line_sku on order_line (sku_id);

-- Who earns what on a line, decided at placement. Later changes of rate, grade or tree do not touch it.
create table order_line_attribution (
  order_line_id bigint not null references order_line (id),
  level smallint not null check (level in (1, 2)),
  distributor_id bigint not null references distributor (id),
  ancestor_ids bigint[] not null,
  rule_id bigint not null references commission_rule (id),
  rate_bps integer not null check (rate_bps between 0 and 10000),
  primary key (order_line_id, level)
);

create table payment (
  id bigint generated always as identity primary key,
  order_id bigint not null references sales_order (id),
  kind text not null check (kind in ('pay', 'refund')),
  -- Our number, and the payment channel's: both unique, so a repeated callback changes nothing.
  out_no text not null unique,
  channel_txn text unique,
  method text not null default 'manual',
  amount_cents bigint not null check (amount_cents >= 0),
  at timestamptz not null
);
create index payment_order on payment (order_id);
