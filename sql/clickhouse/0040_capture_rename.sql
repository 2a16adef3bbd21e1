-- A table keeps its history of schema changes when it is renamed: by its oid, 0 for what was recorded before.
alter table analytics.cdc_schema_change add column if not exists oid UInt32 default 0 after source;
