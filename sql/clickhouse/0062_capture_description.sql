-- Which columns of the source a description of the stream names, by their numbers, since a version.
create table if not exists analytics.cdc_description (
  pipe String,
  oid UInt32,
  version UInt128,
  names Array(String),
  numbers Array(UInt16),
  noted_at DateTime64(6, 'UTC') default now64(6)
) engine = ReplacingMergeTree(noted_at) order by (pipe, oid, version)
settings fsync_after_insert = 1, fsync_part_directory = 1;
