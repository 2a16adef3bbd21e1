-- Links that a distributor hands out, and where they lead.

-- The shop that sells through a channel: a link leads there and nowhere else.
create table channel_shop (
  channel_id bigint primary key references channel (id),
  url text not null check (url ~ '^https?://[^[:space:]]+$'),
  changed_at timestamptz not null default now()
);
grant select, insert, update on channel_shop to tributary_core;

create table promo_link (
  id bigint generated always as identity primary key,
  -- Read aloud and typed from paper: no letter that looks like another, and no lower case.
  code text not null unique check (code ~ '^[0-9A-HJKMNP-TV-Z]{6,12}$'),
  distributor_id bigint not null references distributor (id),
  channel_id bigint not null references channel (id),
  product_id bigint references product (id),
  name text not null check (name <> ''),
  created_at timestamptz not null default now(),
  disabled_at timestamptz
);
create index promo_link_distributor on promo_link (distributor_id, id);
create index promo_link_channel on promo_link (channel_id);
grant select, insert on promo_link to tributary_core;
grant update (disabled_at) on promo_link to tributary_core;

-- A link is its distributor's own business: not his sponsor's, not his team's.
alter table promo_link enable row level security;
create policy core on promo_link to tributary_core using (true) with check (true);
create policy portal on promo_link for select to tributary_portal
  using (distributor_id = (select current_distributor_id()));
grant select on promo_link to tributary_portal;
