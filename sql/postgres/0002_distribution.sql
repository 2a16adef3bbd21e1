-- The distributor tree: parent_id is the truth, path is kept by trigger.

create table distributor (
  id bigint generated always as identity primary key,
  code text not null unique check (code <> ''),
  name text not null check (name <> ''),
  parent_id bigint references distributor (id),
  path ltree not null default '',
  depth smallint not null default 1,
  grade text not null default 'standard',
  region text,
  city text,
  status text not null default 'active' check (status in ('applied', 'active', 'suspended', 'terminated')),
  joined_at timestamptz not null default now(),
  check (parent_id <> id)
);
create index distributor_path on distributor using gist (path);
create index distributor_parent on distributor (parent_id);

/*
 * Two moves that are each fine can make a cycle together, so every change of parent takes one lock
 * for the whole tree before it looks. Only the subtree rewrite below (a nested call) sets path itself.
 */
create function distributor_set_path() returns trigger
language plpgsql as $$
declare
  parent_path ltree;
begin
  if pg_trigger_depth() > 1 then
    new.depth := nlevel(new.path);
    return new;
  end if;
  if tg_op = 'UPDATE' and new.parent_id is not distinct from old.parent_id then
    new.path := old.path;
    new.depth := old.depth;
    return new;
  end if;
  perform pg_advisory_xact_lock(hashtext('distributor_tree'));
  if new.parent_id is null then
    new.path := new.id::text::ltree;
    new.depth := 1;
    return new;
  end if;

  select path into parent_path from distributor where id = new.parent_id;
  if parent_path is null then
    raise exception 'distributor % has no parent %', new.code, new.parent_id
      using errcode = 'foreign_key_violation';
  end if;
  if tg_op = 'UPDATE' and parent_path <@ old.path then
    raise exception 'distributor % cannot move below itself', new.id
      using errcode = 'check_violation', constraint = 'distributor_no_cycle';
  end if;
  if nlevel(parent_path) >= 16 then
    raise exception 'the tree is at most 16 deep'
      using errcode = 'check_violation', constraint = 'distributor_depth';
  end if;
  new.path := parent_path || new.id::text;
  new.depth := nlevel(new.path);
  return new;
end $$;
create trigger set_path before insert or update on distributor
  for each row execute function distributor_set_path();

/* A moved node takes its subtree along. Orders keep the path they were placed under. */
create function distributor_move_subtree() returns trigger
language plpgsql as $$
begin
  update distributor
  set path = new.path || subpath(path, nlevel(old.path))
  where path <@ old.path and id <> new.id;
  return null;
end $$;

create trigger move_subtree after update of parent_id on distributor
  for each row when (old.path is distinct from new.path)
  execute function distributor_move_subtree();

/* Ids from the root down to the distributor itself, as ledgers keep them. */
create function ancestor_ids(node ltree) returns bigint[]
language sql immutable parallel safe
as $$ select coalesce(string_to_array(nullif(node::text, ''), '.')::bigint[], '{}') $$;

-- What a distributor earns at each level above an order. The narrowest rule wins: sku, then grade, then all.
create table commission_rule (
  id bigint generated always as identity primary key,
  level smallint not null check (level in (1, 2)),
  grade text,
  sku_id bigint,
  rate_bps integer not null check (rate_bps between 0 and 10000),
  valid tstzrange not null default tstzrange('-infinity', null),
  exclude using gist (
    level with =, (coalesce(grade, '')) with =, (coalesce(sku_id, 0)) with =, valid with &&
  )
);
