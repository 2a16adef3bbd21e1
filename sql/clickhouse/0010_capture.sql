-- What change capture knows of each table it carries, beside the checkpoint of the whole pipe.
-- ingest reads this file too, for databases of its own: npm run ingest -- --database NAME.

-- status: copying, live, resync_required. Changes at or below version are in the table already.
create table if not exists analytics.cdc_table (
  pipe String,
  source String,
  target String,
  status LowCardinality(String),
  reason String,
  epoch UInt16,
  version UInt128,
  replacement String,
  copied_bytes UInt64,
  changed_at DateTime64(6, 'UTC')
) engine = ReplacingMergeTree(changed_at) order by (pipe, source)
settings fsync_after_insert = 1, fsync_part_directory = 1;

-- Parts of a table that a copy has finished, so that a copy that was interrupted goes on and does not start over.
create table if not exists analytics.cdc_copied (
  pipe String,
  epoch UInt16,
  source String,
  replacement String,
  first_page UInt64,
  bytes UInt64,
  copied_at DateTime64(6, 'UTC') default now64(6)
) engine = ReplacingMergeTree(copied_at) order by (pipe, epoch, source, replacement, first_page)
ttl toDateTime(copied_at) + interval 30 day
settings fsync_after_insert = 1, fsync_part_directory = 1;

-- Changes of the source's schema, in the order the stream brought them.
create table if not exists analytics.cdc_schema_change (
  pipe String,
  source String,
  version UInt128,
  step UInt16,
  change String,
  column_from String,
  column_to String,
  statement String,
  status LowCardinality(String),
  applied_at DateTime64(6, 'UTC') default now64(6)
) engine = ReplacingMergeTree(applied_at) order by (pipe, source, version, step)
settings fsync_after_insert = 1, fsync_part_directory = 1;

-- Values that ClickHouse has no place for, as Postgres wrote them. The row itself is in its table without them.
create table if not exists analytics.cdc_quarantine (
  pipe String,
  source String,
  version UInt128,
  lsn UInt64,
  row_key String,
  column String,
  value String,
  reason String,
  seen_at DateTime64(6, 'UTC') default now64(6)
) engine = ReplacingMergeTree(seen_at) order by (pipe, source, version, row_key, column)
settings fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;
