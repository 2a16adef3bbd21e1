-- Alerts, what was done about them, and goods on their way.

alter table analytics.stock_move add column if not exists in_transit_delta Int64 default 0;

alter table analytics.stock_move add column if not exists transfer_id Nullable(Int64);

create table if not exists analytics.alert (
  id Int64,
  kind LowCardinality(String),
  sku_id Nullable(Int64),
  warehouse_id Nullable(Int64),
  order_id Nullable(Int64),
  severity LowCardinality(String),
  opened_at DateTime64(6, 'UTC'),
  acknowledged_at Nullable(DateTime64(6, 'UTC')),
  acknowledged_by Nullable(Int64),
  assigned_to Nullable(Int64),
  snoozed_until Nullable(DateTime64(6, 'UTC')),
  resolved_at Nullable(DateTime64(6, 'UTC')),
  resolved_by Nullable(Int64),
  closed_at Nullable(DateTime64(6, 'UTC')),
  close_reason Nullable(String),
  _version UInt128,
  _deleted UInt8
) engine = ReplacingMergeTree(_version, _deleted) order by id
settings fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

create view if not exists analytics.current_alert as
select id, kind, sku_id, warehouse_id, order_id, severity, opened_at, acknowledged_at, acknowledged_by, assigned_to,
  snoozed_until, resolved_at, resolved_by, closed_at, close_reason
from analytics.alert final;

create table if not exists analytics.alert_event (
  id Int64,
  alert_id Int64,
  at DateTime64(6, 'UTC'),
  at_second DateTime('UTC') materialized toDateTime(at, 'UTC'),
  kind LowCardinality(String),
  user_id Nullable(Int64),
  severity Nullable(String),
  was_severity Nullable(String),
  assignee_id Nullable(Int64),
  until Nullable(DateTime64(6, 'UTC')),
  note Nullable(String),
  transfer_id Nullable(Int64),
  purchase_id Nullable(Int64),
  available Nullable(Int64),
  incoming Nullable(Int64),
  _version UInt128
) engine = MergeTree order by (at_second, alert_id, id)
settings fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

create table if not exists analytics.stock_transfer (
  id Int64,
  sku_id Int64,
  from_warehouse_id Int64,
  to_warehouse_id Int64,
  quantity Int64,
  state LowCardinality(String),
  received_quantity Int64,
  lost_quantity Int64,
  cost_cents Int64,
  received_cost_cents Int64,
  lost_cost_cents Int64,
  reason Nullable(String),
  alert_id Nullable(Int64),
  requested_by Int64,
  requested_at DateTime64(6, 'UTC'),
  shipped_at Nullable(DateTime64(6, 'UTC')),
  closed_at Nullable(DateTime64(6, 'UTC')),
  _version UInt128,
  _deleted UInt8
) engine = ReplacingMergeTree(_version, _deleted) order by id
settings fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

create view if not exists analytics.current_stock_transfer as
select id, sku_id, from_warehouse_id, to_warehouse_id, quantity, state, received_quantity, lost_quantity, cost_cents,
  received_cost_cents, lost_cost_cents, reason, alert_id, requested_by, requested_at, shipped_at, closed_at
from analytics.stock_transfer final;

create table if not exists analytics.purchase_request (
  id Int64,
  sku_id Int64,
  warehouse_id Int64,
  quantity Int64,
  cost_cents Int64,
  state LowCardinality(String),
  received_quantity Int64,
  received_cost_cents Int64,
  expected_on Date32,
  reason Nullable(String),
  alert_id Nullable(Int64),
  requested_by Int64,
  requested_at DateTime64(6, 'UTC'),
  approved_by Nullable(Int64),
  approved_at Nullable(DateTime64(6, 'UTC')),
  closed_at Nullable(DateTime64(6, 'UTC')),
  _version UInt128,
  _deleted UInt8
) engine = ReplacingMergeTree(_version, _deleted) order by id
settings fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

create view if not exists analytics.current_purchase_request as
select id, sku_id, warehouse_id, quantity, cost_cents, state, received_quantity, received_cost_cents, expected_on, reason,
  alert_id, requested_by, requested_at, approved_by, approved_at, closed_at
from analytics.purchase_request final;
