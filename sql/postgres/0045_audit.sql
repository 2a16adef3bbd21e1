-- Who did what that others must be able to check later.

create table audit_event (
  id bigint primary key,
  at timestamptz not null default now(),
  actor_user_id bigint not null references app_user (id),
  action text not null check (action ~ '^[a-z_]+\.[a-z_]+$'),
  subject_kind text not null check (subject_kind ~ '^[a-z_]+$'),
  subject_id bigint,
  reason text,
  before jsonb,
  after jsonb,
  prev_hash bytea not null,
  hash bytea not null unique
);
create index audit_event_subject on audit_event (subject_kind, subject_id, id);
create sequence audit_event_id owned by audit_event.id;

/* What an event's hash is taken over: every column but the hash itself, in a form that no setting changes. */
create function audit_event_hash(event audit_event) returns bytea
language sql immutable
as $$
  select sha256(event.prev_hash || convert_to(jsonb_build_array(event.id,
    (extract(epoch from event.at) * 1000000)::bigint, event.actor_user_id, event.action,
    event.subject_kind, event.subject_id, event.reason, event.before, event.after)::text, 'UTF8'))
$$;

/*
 * Each event names the hash of the one before, so that none can be taken out or changed unseen. One lock
 * for the whole chain, held until the transaction ends: the order of ids is the order of the chain.
 */
create function audit_event_chain() returns trigger
language plpgsql security definer set search_path = public as $$
begin
  perform pg_advisory_xact_lock(hashtext('audit_event'));
  new.id := nextval('audit_event_id');
  new.prev_hash := coalesce((select hash from audit_event order by id desc limit 1), sha256(''));
  new.hash := audit_event_hash(new);
  return new;
end $$;
create trigger chain before insert on audit_event
  for each row execute function audit_event_chain();
call make_append_only('audit_event');

/* Events that do not follow from the one before them; there must be none. */
create view audit_event_break as
  select id
  from (
    select id, hash, prev_hash, audit_event_hash(audit_event) as own_hash,
      lag(hash, 1, sha256('')) over (order by id) as hash_before
    from audit_event
  ) as chained
  where hash <> own_hash or prev_hash <> hash_before;

grant select, insert on audit_event to tributary_core;
grant select on audit_event_break to tributary_core;

-- A session in which an administrator sees what a distributor sees. It ends with the one it came from.
alter table session
  add column view_as_distributor_id bigint references distributor (id),
  add column view_as_reason text check (view_as_reason <> ''),
  add column via_token_hash bytea references session (token_hash) on delete cascade,
  add constraint session_view_as check (
    (view_as_distributor_id is null) = (via_token_hash is null)
    and (view_as_distributor_id is null) = (view_as_reason is null)
  );
create index session_via on session (via_token_hash) where via_token_hash is not null;

/* However such a session begins or ends (asked for, logged out, run out), it is written down. */
create function session_view_as_logged() returns trigger
language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into audit_event (actor_user_id, action, subject_kind, subject_id, reason, after)
    values (new.user_id, 'view_as.started', 'distributor', new.view_as_distributor_id, new.view_as_reason,
      jsonb_build_object('expires_at', new.expires_at));
  else
    insert into audit_event (at, actor_user_id, action, subject_kind, subject_id, reason, after)
    values (least(now(), old.expires_at), old.user_id,
      case when old.expires_at <= now() then 'view_as.expired' else 'view_as.ended' end,
      'distributor', old.view_as_distributor_id, old.view_as_reason,
      jsonb_build_object('started_at', old.created_at));
  end if;
  return null;
end $$;
create trigger view_as_started after insert on session
  for each row when (new.view_as_distributor_id is not null)
  execute function session_view_as_logged();
create trigger view_as_ended after delete on session
  for each row when (old.view_as_distributor_id is not null)
  execute function session_view_as_logged();
