-- What needs somebody: one alert per subject while it lasts, and everything that was done about it.

-- When an order counts as stuck, and how long before it expires an unpaid one is told.
create table alert_rule (
  kind text primary key check (kind in ('stock', 'order_stuck', 'order_unpaid')),
  is_on boolean not null default true,
  -- Paid and not shipped for so long; unpaid with so long to go. A stock rule has its times in the sku's lead time.
  minutes integer check (minutes between 1 and 43200),
  check ((kind = 'stock') = (minutes is null))
);
insert into alert_rule (kind, minutes) values ('stock', null), ('order_stuck', 240), ('order_unpaid', 5);

create table alert (
  id bigint generated always as identity primary key,
  kind text not null references alert_rule (kind),
  sku_id bigint references sku (id),
  warehouse_id bigint references warehouse (id),
  order_id bigint references sales_order (id),
  severity text not null check (severity in ('watch', 'soon', 'critical', 'out')),
  opened_at timestamptz not null default clock_timestamp(),
  acknowledged_at timestamptz,
  acknowledged_by bigint references app_user (id),
  assigned_to bigint references app_user (id),
  snoozed_until timestamptz,
  -- Laid aside by a person: quiet until the cause is gone, or grows worse.
  resolved_at timestamptz,
  resolved_by bigint references app_user (id),
  -- The cause is gone: by what was done from here, or by itself. Then the subject is armed again.
  closed_at timestamptz,
  close_reason text check (close_reason in ('acted', 'recovered')),
  check ((closed_at is null) = (close_reason is null)),
  check ((kind = 'stock') = (sku_id is not null and warehouse_id is not null)),
  check ((kind <> 'stock') = (order_id is not null))
);
create unique index alert_open_shelf on alert (sku_id, warehouse_id) where closed_at is null and kind = 'stock';
create unique index alert_open_order on alert (order_id, kind) where closed_at is null and kind <> 'stock';
create index alert_closed on alert (closed_at desc) where closed_at is not null;
create index alert_snoozed on alert (snoozed_until) where snoozed_until is not null and closed_at is null;
create index alert_shelf on alert (sku_id, warehouse_id, id);

-- Its history. Only grows.
create table alert_event (
  id bigint generated always as identity primary key,
  alert_id bigint not null references alert (id),
  at timestamptz not null default clock_timestamp(),
  kind text not null check (kind in ('opened', 'severity', 'acknowledged', 'assigned', 'snoozed', 'woke',
    'resolved', 'reopened', 'acted', 'closed')),
  -- Null: the system itself.
  user_id bigint references app_user (id),
  severity text,
  was_severity text,
  assignee_id bigint references app_user (id),
  until timestamptz,
  note text,
  transfer_id bigint,
  purchase_id bigint,
  available bigint,
  incoming bigint
);
create index alert_event_alert on alert_event (alert_id, id);
call make_append_only('alert_event');
