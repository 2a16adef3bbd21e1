-- What is true of the whole instance, and the roles every later grant names.

create extension if not exists ltree;
create extension if not exists btree_gist;
create extension if not exists citext;

do $$
begin
  -- Group roles without log-in. Log-in users are made by whoever runs the server and join one of them.
  if not exists (select from pg_roles where rolname = 'tributary_core') then
    create role tributary_core nologin;
  end if;
  if not exists (select from pg_roles where rolname = 'tributary_portal') then
    create role tributary_portal nologin;
  end if;
  if not exists (select from pg_roles where rolname = 'tributary_cdc') then
    create role tributary_cdc nologin;
  end if;
end $$;

-- One row: an instance has one currency and one time zone, set at the first start and never changed.
create table instance (
  singleton boolean primary key default true check (singleton),
  name text not null,
  currency char(3) not null check (currency ~ '^[A-Z]{3}$'),
  minor_digits smallint not null default 2 check (minor_digits between 0 and 3),
  time_zone text not null,
  return_window_days smallint not null default 7 check (return_window_days between 0 and 365),
  -- What the demo says about its own data: {"days_moved": n, "live_rate": r}; null outside the demo.
  demo jsonb,
  created_at timestamptz not null default now()
);

/* The business day of a moment, in the instance's time zone. */
create function business_day(moment timestamptz) returns date
language sql stable parallel safe
as $$ select (moment at time zone (select time_zone from instance))::date $$;

/* Ledgers only grow. The application role has no update or delete; this holds for owners too. */
create function refuse_change() returns trigger
language plpgsql as $$
begin
  raise exception 'ledger % is append-only', tg_table_name
    using errcode = 'restrict_violation', hint = 'Post a reversing row instead.';
end $$;

/* Makes a table append-only: no update, no delete, no truncate. */
create procedure make_append_only(ledger regclass)
language plpgsql as $$
begin
  execute format('create trigger append_only before update or delete on %s for each row execute function refuse_change()', ledger);
  execute format('create trigger append_only_truncate before truncate on %s for each statement execute function refuse_change()', ledger);
end $$;
