-- Mirrors of what changes: the row of a key with the highest _version is the one that counts.
-- Everyone reads current_*, where FINAL is hidden; dimensions and drill-through detail, never sums.

create table if not exists analytics.instance (
  singleton Bool,
  name String,
  currency String,
  minor_digits Int16,
  time_zone String,
  return_window_days Int16,
  demo Nullable(String),
  created_at DateTime64(6, 'UTC'),
  _version UInt128,
  _deleted UInt8
) engine = ReplacingMergeTree(_version, _deleted) order by singleton
settings fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

create view if not exists analytics.current_instance as
select singleton, name, currency, minor_digits, time_zone, return_window_days, demo, created_at
from analytics.instance final;

create table if not exists analytics.distributor (
  id Int64,
  code String,
  name String,
  parent_id Nullable(Int64),
  path String,
  depth Int16,
  grade LowCardinality(String),
  region Nullable(String),
  city Nullable(String),
  status LowCardinality(String),
  joined_at DateTime64(6, 'UTC'),
  _version UInt128,
  _deleted UInt8
) engine = ReplacingMergeTree(_version, _deleted) order by id
settings fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

create view if not exists analytics.current_distributor as
select id, code, name, parent_id, path, depth, grade, region, city, status, joined_at
from analytics.distributor final;

create table if not exists analytics.product (
  id Int64,
  code String,
  name String,
  category Nullable(String),
  subcategory Nullable(String),
  status LowCardinality(String),
  created_at DateTime64(6, 'UTC'),
  _version UInt128,
  _deleted UInt8
) engine = ReplacingMergeTree(_version, _deleted) order by id
settings fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

create view if not exists analytics.current_product as
select id, code, name, category, subcategory, status, created_at
from analytics.product final;

create table if not exists analytics.sku (
  id Int64,
  product_id Int64,
  code String,
  name String,
  unit LowCardinality(String),
  is_service Bool,
  reorder_point Nullable(Int32),
  lead_time_days Int16,
  _version UInt128,
  _deleted UInt8
) engine = ReplacingMergeTree(_version, _deleted) order by id
settings fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

create view if not exists analytics.current_sku as
select id, product_id, code, name, unit, is_service, reorder_point, lead_time_days
from analytics.sku final;

create table if not exists analytics.price (
  id Int64,
  sku_id Int64,
  list LowCardinality(String),
  min_quantity Int32,
  price_cents Int64,
  valid String,
  _version UInt128,
  _deleted UInt8
) engine = ReplacingMergeTree(_version, _deleted) order by id
settings fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

create view if not exists analytics.current_price as
select id, sku_id, list, min_quantity, price_cents, valid
from analytics.price final;

create table if not exists analytics.warehouse (
  id Int64,
  code String,
  name String,
  region Nullable(String),
  priority Int16,
  _version UInt128,
  _deleted UInt8
) engine = ReplacingMergeTree(_version, _deleted) order by id
settings fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

create view if not exists analytics.current_warehouse as
select id, code, name, region, priority
from analytics.warehouse final;

create table if not exists analytics.channel (
  id Int64,
  code String,
  name String,
  kind LowCardinality(String),
  fee_bps Int32,
  _version UInt128,
  _deleted UInt8
) engine = ReplacingMergeTree(_version, _deleted) order by id
settings fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

create view if not exists analytics.current_channel as
select id, code, name, kind, fee_bps
from analytics.channel final;

create table if not exists analytics.customer (
  id Int64,
  code String,
  name String,
  segment Nullable(String),
  country Nullable(String),
  region Nullable(String),
  city Nullable(String),
  distributor_id Nullable(Int64),
  created_at DateTime64(6, 'UTC'),
  _version UInt128,
  _deleted UInt8
) engine = ReplacingMergeTree(_version, _deleted) order by id
settings fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

create view if not exists analytics.current_customer as
select id, code, name, segment, country, region, city, distributor_id, created_at
from analytics.customer final;

create table if not exists analytics.sales_order (
  id Int64,
  order_no String,
  kind LowCardinality(String),
  channel_id Int64,
  external_id Nullable(String),
  distributor_id Nullable(Int64),
  ancestor_ids Array(Int64),
  customer_id Nullable(Int64),
  warehouse_id Int64,
  visit_id Nullable(String),
  state LowCardinality(String),
  source LowCardinality(String),
  list_cents Int64,
  discount_cents Int64,
  shipping_cents Int64,
  total_cents Int64,
  placed_at DateTime64(6, 'UTC'),
  paid_at Nullable(DateTime64(6, 'UTC')),
  shipped_at Nullable(DateTime64(6, 'UTC')),
  completed_at Nullable(DateTime64(6, 'UTC')),
  cancelled_at Nullable(DateTime64(6, 'UTC')),
  _version UInt128,
  _deleted UInt8
) engine = ReplacingMergeTree(_version, _deleted) order by id
settings fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

create view if not exists analytics.current_sales_order as
select id, order_no, kind, channel_id, external_id, distributor_id, ancestor_ids, customer_id, warehouse_id,
  visit_id, state, source, list_cents, discount_cents, shipping_cents, total_cents, placed_at, paid_at,
  shipped_at, completed_at, cancelled_at
from analytics.sales_order final;

create table if not exists analytics.order_line (
  id Int64,
  order_id Int64,
  line_no Int32,
  sku_id Int64,
  quantity Int64,
  unit_price_cents Int64,
  list_cents Int64,
  discount_cents Int64,
  total_cents Int64,
  cost_cents Nullable(Int64),
  _version UInt128,
  _deleted UInt8
) engine = ReplacingMergeTree(_version, _deleted) order by id
settings fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

create view if not exists analytics.current_order_line as
select id, order_id, line_no, sku_id, quantity, unit_price_cents, list_cents, discount_cents, total_cents,
  cost_cents
from analytics.order_line final;
