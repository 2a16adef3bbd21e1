-- What is sold, where it lies, through which channel.

create table product (
  id bigint generated always as identity primary key,
  code text not null unique check (code <> ''),
  name text not null check (name <> ''),
  category text,
  subcategory text,
  status text not null default 'active' check (status in ('active', 'retired')),
  created_at timestamptz not null default now()
);

create table sku (
  id bigint generated always as identity primary key,
  product_id bigint not null references product (id),
  code text not null unique check (code <> ''),
  name text not null check (name <> ''),
  unit text not null default 'piece',
  -- A service (freight, a fee, a voucher) is sold on lines but has no stock and earns no commission.
  is_service boolean not null default false,
  reorder_point integer check (reorder_point >= 0),
  lead_time_days smallint not null default 7 check (lead_time_days between 0 and 365)
);
create index sku_product on sku (product_id);

alter table commission_rule add foreign key (sku_id) references sku (id);

create table price (
  id bigint generated always as identity primary key,
  sku_id bigint not null references sku (id),
  list text not null default 'retail',
  min_quantity integer not null default 1 check (min_quantity >= 1),
  price_cents bigint not null check (price_cents >= 0),
  valid tstzrange not null default tstzrange(now(), null),
  exclude using gist (sku_id with =, list with =, min_quantity with =, valid with &&)
);

create table warehouse (
  id bigint generated always as identity primary key,
  code text not null unique check (code <> ''),
  name text not null,
  region text,
  -- Lower ships first when several have the goods.
  priority smallint not null default 100
);

create table channel (
  id bigint generated always as identity primary key,
  code text not null unique check (code <> ''),
  name text not null,
  kind text not null default 'web' check (kind in ('web', 'store', 'marketplace', 'distributor')),
  -- What the platform and the payment provider keep of an order's total.
  fee_bps integer not null default 0 check (fee_bps between 0 and 10000)
);

create table customer (
  id bigint generated always as identity primary key,
  code text not null unique check (code <> ''),
  name text not null,
  segment text,
  country text,
  region text,
  city text,
  -- Whose customer this is; an order copies it at placement.
  distributor_id bigint references distributor (id),
  created_at timestamptz not null default now()
);
create index customer_distributor on customer (distributor_id);
