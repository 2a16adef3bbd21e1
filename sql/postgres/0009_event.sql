-- What happened to orders and visitors, as counts that add up.

-- A transition is +1 into the new state and -1 out of the old, so open orders by state are a sum.
create table order_event (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  business_day date not null,
  order_id bigint not null references sales_order (id),
  state text not null check (state in ('placed', 'paid', 'shipped', 'completed', 'cancelled')),
  delta smallint not null check (delta in (-1, 1)),
  total_cents bigint not null,
  channel_id bigint not null references channel (id),
  distributor_id bigint references distributor (id),
  ancestor_ids bigint[] not null default '{}',
  customer_id bigint references customer (id),
  warehouse_id bigint references warehouse (id)
);
create index order_event_order on order_event (order_id);
create unique index order_event_once on order_event (order_id, state, delta);
call make_append_only('order_event');

-- Steps of a visit. Orders without a visit (store, import, distributor) are not steps of any funnel.
create table funnel_event (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  business_day date not null,
  step text not null check (step in ('visit', 'view', 'cart', 'order', 'paid')),
  visit_id text not null check (length(visit_id) between 1 and 64),
  channel_id bigint not null references channel (id),
  distributor_id bigint references distributor (id),
  ancestor_ids bigint[] not null default '{}',
  promo_code text,
  sku_id bigint references sku (id),
  order_id bigint references sales_order (id),
  -- A visit passes each step once, however often the page is reloaded.
  unique (visit_id, step)
);
call make_append_only('funnel_event');
