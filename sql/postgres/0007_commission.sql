-- Commission: each entry moves money into or out of a state, so what stands in a state is a sum.

create table commission_entry (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  business_day date not null,
  kind text not null check (kind in ('accrue', 'freeze', 'release', 'clawback', 'settle', 'pay', 'adjust')),
  -- pending: paid by the customer, not received yet. frozen: received, may still come back.
  -- available: may be paid out. paid: paid out.
  state text not null check (state in ('pending', 'frozen', 'available', 'paid')),
  amount_cents bigint not null check (amount_cents <> 0),
  distributor_id bigint not null references distributor (id),
  ancestor_ids bigint[] not null,
  level smallint not null check (level in (1, 2)),
  rule_id bigint references commission_rule (id),
  rate_bps integer not null,
  base_cents bigint not null,
  order_id bigint not null references sales_order (id),
  order_line_id bigint not null references order_line (id),
  sku_id bigint not null references sku (id),
  product_id bigint not null references product (id),
  channel_id bigint not null references channel (id),
  -- When a frozen amount may be released; null on other rows.
  release_at timestamptz,
  unique (order_line_id, level, kind, state)
);
create index commission_entry_distributor on commission_entry (distributor_id, id);
create index commission_entry_order on commission_entry (order_id);
create index commission_entry_release on commission_entry (release_at) where kind = 'freeze' and state = 'frozen';
call make_append_only('commission_entry');
