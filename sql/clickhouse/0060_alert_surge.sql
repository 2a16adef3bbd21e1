-- What a surge was judged by, as sql/postgres/0060 has it.
alter table analytics.alert_event
  add column if not exists sold_24h Nullable(Int64) after incoming,
  add column if not exists sold_before Nullable(Int64) after sold_24h,
  add column if not exists days_before Nullable(Int32) after sold_before;
