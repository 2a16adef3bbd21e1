-- Order history from files: what was asked for, what has come in, and where it waits in between.

-- One per kind of export that is brought in, by the name its map gives.
create table import_source (
  id bigint generated always as identity primary key,
  name text not null unique check (name <> ''),
  -- By how many days this source's dates are moved; decided by its first run, the same ever after.
  days_moved integer
);

create table import_run (
  id bigint generated always as identity primary key,
  source_id bigint not null references import_source (id),
  -- What posting needs of the map: {time_zone, shift, grades, walk_in, complete_after_days, …}.
  settings jsonb not null,
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  read bigint,
  written bigint,
  already_there bigint,
  rejected bigint
);

/*
 * One per document that was posted, in the transaction that posted it: a run that is killed finds here
 * what it need not do again. The hash is over what the lines mean, so a document that comes again with
 * other lines is refused instead of being dropped silently.
 */
create table import_document (
  id bigint generated always as identity primary key,
  source_id bigint not null references import_source (id),
  run_id bigint not null references import_run (id),
  document text not null,
  kind text not null check (kind in ('sale', 'return', 'write_off', 'adjustment')),
  lines bigint not null check (lines > 0),
  content_hash bigint not null,
  order_id bigint references sales_order (id),
  unique (source_id, document, kind)
);
call make_append_only('import_document');

-- Lines wait here, in the order of their files, until all are read. Unlogged: after a crash they are read again.
create unlogged table import_stage (
  run_id bigint not null,
  seq bigint not null,
  file smallint not null,
  line bigint not null,
  is_refused boolean not null,
  document text,
  kind text,
  role text,
  external_id text,
  at timestamptz,
  shipped_at timestamptz,
  sku text,
  sku_name text,
  product text,
  category text,
  subcategory text,
  is_service boolean,
  quantity bigint,
  unit_price_cents bigint,
  list_cents bigint,
  discount_cents bigint,
  total_cents bigint,
  cost_cents bigint,
  customer text,
  customer_name text,
  segment text,
  country text,
  region text,
  city text,
  distributor text,
  channel text,
  warehouse text,
  shipping_cents bigint,
  order_discount_cents bigint,
  account text
);
create index import_stage_document_lines on import_stage (run_id, document, kind);

create unlogged table import_stage_document (
  run_id bigint not null,
  document text not null,
  kind text not null,
  lines bigint not null,
  content_hash bigint not null,
  first_seq bigint not null,
  placed_at timestamptz,
  shipped_at timestamptz,
  completed_at timestamptz,
  state text,
  -- ready: to be posted; there: posted before; changed: posted before with other lines; held: a line was refused;
  -- taken: the channel has an order of that number from elsewhere; overdiscounted: more is taken off than it is worth.
  status text not null check (status in ('ready', 'there', 'changed', 'held', 'taken', 'overdiscounted')),
  -- The order of posting: sales by time, then the rest by time; null unless ready.
  position bigint,
  order_id bigint,
  primary key (run_id, document, kind)
);
create unique index import_stage_document_position on import_stage_document (run_id, position);

grant select, insert on import_source, import_run, import_document to tributary_core;
grant update on import_source, import_run to tributary_core;
grant select, insert, update, truncate on import_stage, import_stage_document to tributary_core;
