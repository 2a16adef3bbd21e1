-- What happened on a day, in a sentence: so that whoever sees the bend in a line later knows why.

create table annotation (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  text text not null check (text <> '' and length(text) <= 200),
  written_by bigint not null references app_user (id),
  written_at timestamptz not null default now(),
  -- Taken off the charts; what was said is kept.
  removed_at timestamptz
);
create index annotation_at on annotation (at) where removed_at is null;

grant select, insert on annotation to tributary_core;
grant update (removed_at) on annotation to tributary_core;
