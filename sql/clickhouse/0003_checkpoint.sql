-- Where a stream stands: everything of a pipe up to (epoch, commit_lsn) is in the tables above.
-- topics maps a topic (orders, sales, stock, commissions, funnel, catalog) to the commit LSN that last touched it.
create table if not exists analytics.cdc_checkpoint (
  pipe String,
  epoch UInt16,
  commit_lsn UInt64,
  commit_at DateTime64(6, 'UTC'),
  topics Map(LowCardinality(String), UInt64),
  slot_identity String,
  applied_at DateTime64(6, 'UTC') default now64(6)
) engine = ReplacingMergeTree(applied_at) order by pipe
settings fsync_after_insert = 1, fsync_part_directory = 1;
