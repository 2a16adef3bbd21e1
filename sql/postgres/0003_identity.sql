-- Who may log in, as what, and their sessions.

create table app_user (
  id bigint generated always as identity primary key,
  login citext not null unique check (login <> ''),
  name text not null,
  password_hash text not null,
  role text not null check (role in ('admin', 'executive', 'analyst', 'operations', 'warehouse', 'distributor')),
  distributor_id bigint references distributor (id),
  locale text not null default 'zh-CN' check (locale in ('zh-CN', 'en')),
  disabled_at timestamptz,
  created_at timestamptz not null default now(),
  -- A distributor's log-in sees one subtree; nobody else's is bound to one.
  check ((role = 'distributor') = (distributor_id is not null))
);

-- Only the hash of a session's token is kept, so a copy of this table logs nobody in.
create table session (
  token_hash bytea primary key,
  user_id bigint not null references app_user (id),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index session_by_user on session (user_id);
create index session_expiry on session (expires_at);

-- One row per Idempotency-Key: the answer is replayed for the same request, refused for another.
create table idempotency_key (
  user_id bigint not null references app_user (id),
  key text not null check (length(key) between 1 and 255),
  request_hash bytea not null,
  status smallint,
  response jsonb,
  created_at timestamptz not null default now(),
  primary key (user_id, key)
);
create index idempotency_key_age on idempotency_key (created_at);
