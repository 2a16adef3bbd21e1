-- What is to be reached, and by when. A measure is a name of the semantic layer; its meaning is kept there.

create table goal (
  id bigint generated always as identity primary key,
  measure text not null check (measure ~ '^[a-z_]+\.[a-z0-9_]+$'),
  -- Null: the company's own.
  distributor_id bigint references distributor (id),
  period text not null check (period in ('month', 'quarter', 'year')),
  starts_on date not null,
  -- Cents, pieces or orders, as the measure counts.
  target bigint not null check (target > 0),
  set_by bigint not null references app_user (id),
  set_at timestamptz not null default now(),
  -- One goal for one thing: setting it again replaces it, and the audit log keeps what it was.
  -- The day after its last.
  ends_on date not null generated always as ((starts_on + make_interval(months =>
    case period when 'month' then 1 when 'quarter' then 3 else 12 end))::date) stored,
  unique nulls not distinct (measure, distributor_id, period, starts_on),
  check (starts_on = date_trunc(period, starts_on::timestamp)::date)
);
create index goal_distributor on goal (distributor_id) where distributor_id is not null;

grant select, insert, update, delete on goal to tributary_core;

-- A distributor sees what is expected of him, and of nobody else.
alter table goal enable row level security;
create policy core on goal to tributary_core using (true) with check (true);
create policy portal on goal for select to tributary_portal
  using (distributor_id = (select current_distributor_id()));
grant select on goal to tributary_portal;
