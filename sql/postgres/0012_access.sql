-- Who may touch what. Ledgers: insert and read, nothing else. Levels: read; only their trigger writes.

grant usage on schema public to tributary_core, tributary_portal, tributary_cdc;
grant tributary_portal to tributary_core;

grant select on all tables in schema public to tributary_core;
grant insert on sales_order, order_line, order_line_attribution, payment, stock_move, commission_entry,
  journal_txn, journal_entry, order_event, funnel_event, distributor, customer, product, sku, price, warehouse,
  channel, commission_rule, app_user, session, idempotency_key, instance to tributary_core;
grant update on sales_order, distributor, customer, product, sku, price, warehouse, channel, commission_rule,
  app_user, session, idempotency_key, instance to tributary_core;
grant delete on session, idempotency_key to tributary_core;

-- A distributor's log-in runs as tributary_portal with app.distributor_id set; unset sees nothing.
create function current_distributor_id() returns bigint
language sql stable
as $$ select nullif(current_setting('app.distributor_id', true), '')::bigint $$;

grant select on sales_order, order_line, commission_entry, distributor, product, sku, channel, warehouse, instance
  to tributary_portal;

alter table sales_order enable row level security;
create policy core on sales_order to tributary_core, tributary_cdc using (true) with check (true);
create policy portal on sales_order for select to tributary_portal
  using (ancestor_ids @> array[(select current_distributor_id())]);
create index sales_order_ancestors on sales_order using gin (ancestor_ids);

alter table order_line enable row level security;
create policy core on order_line to tributary_core, tributary_cdc using (true) with check (true);
create policy portal on order_line for select to tributary_portal
  using (exists (select from sales_order where sales_order.id = order_line.order_id));

alter table commission_entry enable row level security;
create policy core on commission_entry to tributary_core, tributary_cdc using (true) with check (true);
create policy portal on commission_entry for select to tributary_portal
  using (distributor_id = (select current_distributor_id()));

alter table distributor enable row level security;
create policy core on distributor to tributary_core, tributary_cdc using (true) with check (true);
create policy portal on distributor for select to tributary_portal
  using (ancestor_ids(path) @> array[(select current_distributor_id())]);

-- What the change stream carries. Log-ins, sessions and keys are not part of it.
grant select on instance, distributor, product, sku, price, warehouse, channel, customer, sales_order, order_line,
  stock_move, commission_entry, journal_entry, order_event, funnel_event to tributary_cdc;

alter table instance replica identity full;
alter table distributor replica identity full;
alter table product replica identity full;
alter table sku replica identity full;
alter table price replica identity full;
alter table warehouse replica identity full;
alter table channel replica identity full;
alter table customer replica identity full;
alter table sales_order replica identity full;
alter table order_line replica identity full;

create publication tributary for table instance, distributor, product, sku, price, warehouse, channel, customer,
  sales_order, order_line, stock_move, commission_entry, journal_entry, order_event, funnel_event
  with (publish_via_partition_root = true);
