-- Facts: one append-only table per ledger of the core, same name, same columns. Never updated, never FINAL.
-- _version is (epoch, commit LSN, ordinal): the high-water mark that makes each row arrive exactly once.
-- at_second leads the sort key because Cube compares whole seconds; business_day is the instance's own day.

create table if not exists analytics.journal_entry (
  id Int64,
  txn_id Int64,
  kind LowCardinality(String),
  at DateTime64(6, 'UTC'),
  at_second DateTime('UTC') materialized toDateTime(at, 'UTC'),
  business_day Date32,
  account LowCardinality(String),
  amount_cents Int64,
  quantity Int64,
  order_id Nullable(Int64),
  order_line_id Nullable(Int64),
  sku_id Nullable(Int64),
  product_id Nullable(Int64),
  channel_id Nullable(Int64),
  distributor_id Nullable(Int64),
  ancestor_ids Array(Int64),
  customer_id Nullable(Int64),
  warehouse_id Nullable(Int64),
  promotion_id Nullable(Int64),
  _version UInt128,
  projection high_water (select max(_version)),
  projection by_day_channel (
    select business_day, account, kind, channel_id, sum(amount_cents), sum(quantity), count()
    group by business_day, account, kind, channel_id
  ),
  projection by_day_distributor (
    select business_day, account, kind, distributor_id, ancestor_ids, sum(amount_cents), sum(quantity), count()
    group by business_day, account, kind, distributor_id, ancestor_ids
  ),
  projection by_day_product (
    select business_day, account, kind, product_id, sum(amount_cents), sum(quantity), count()
    group by business_day, account, kind, product_id
  )
) engine = MergeTree order by (at_second, account, id)
settings fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

create table if not exists analytics.stock_move (
  id Int64,
  at DateTime64(6, 'UTC'),
  at_second DateTime('UTC') materialized toDateTime(at, 'UTC'),
  business_day Date32,
  kind LowCardinality(String),
  sku_id Int64,
  product_id Int64,
  warehouse_id Int64,
  on_hand_delta Int64,
  reserved_delta Int64,
  value_delta_cents Int64,
  order_id Nullable(Int64),
  order_line_id Nullable(Int64),
  channel_id Nullable(Int64),
  distributor_id Nullable(Int64),
  ancestor_ids Array(Int64),
  reason Nullable(String),
  _version UInt128,
  projection high_water (select max(_version)),
  projection level (
    select sku_id, product_id, warehouse_id, sum(on_hand_delta), sum(reserved_delta), sum(value_delta_cents), count()
    group by sku_id, product_id, warehouse_id
  )
) engine = MergeTree order by (at_second, sku_id, id)
settings fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

create table if not exists analytics.commission_entry (
  id Int64,
  at DateTime64(6, 'UTC'),
  at_second DateTime('UTC') materialized toDateTime(at, 'UTC'),
  business_day Date32,
  kind LowCardinality(String),
  state LowCardinality(String),
  amount_cents Int64,
  distributor_id Int64,
  ancestor_ids Array(Int64),
  level Int16,
  rule_id Nullable(Int64),
  rate_bps Int32,
  base_cents Int64,
  order_id Int64,
  order_line_id Int64,
  sku_id Int64,
  product_id Int64,
  channel_id Int64,
  release_at Nullable(DateTime64(6, 'UTC')),
  _version UInt128,
  projection high_water (select max(_version)),
  projection by_state (
    select distributor_id, state, kind, sum(amount_cents), count() group by distributor_id, state, kind
  )
) engine = MergeTree order by (distributor_id, at_second, id)
settings fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

create table if not exists analytics.order_event (
  id Int64,
  at DateTime64(6, 'UTC'),
  at_second DateTime('UTC') materialized toDateTime(at, 'UTC'),
  business_day Date32,
  order_id Int64,
  state LowCardinality(String),
  delta Int16,
  total_cents Int64,
  channel_id Int64,
  distributor_id Nullable(Int64),
  ancestor_ids Array(Int64),
  customer_id Nullable(Int64),
  warehouse_id Nullable(Int64),
  _version UInt128,
  projection high_water (select max(_version)),
  projection by_day_state (
    select business_day, state, delta, channel_id, sum(delta), sum(total_cents), count()
    group by business_day, state, delta, channel_id
  )
) engine = MergeTree order by (at_second, state, id)
settings fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

create table if not exists analytics.funnel_event (
  id Int64,
  at DateTime64(6, 'UTC'),
  at_second DateTime('UTC') materialized toDateTime(at, 'UTC'),
  business_day Date32,
  step LowCardinality(String),
  visit_id String,
  channel_id Int64,
  distributor_id Nullable(Int64),
  ancestor_ids Array(Int64),
  promo_code Nullable(String),
  sku_id Nullable(Int64),
  order_id Nullable(Int64),
  _version UInt128,
  projection high_water (select max(_version)),
  projection by_day_step (
    select business_day, step, channel_id, count() group by business_day, step, channel_id
  )
) engine = MergeTree order by (at_second, step, id)
settings fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;
