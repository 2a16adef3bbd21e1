-- The universal journal: double entry, every entry with the dimensions it is analysed by.

create table ledger_account (
  code text primary key,
  kind text not null check (kind in ('asset', 'liability', 'equity', 'income', 'expense'))
);
insert into ledger_account (code, kind) values
  ('cash', 'asset'), ('inventory', 'asset'),
  ('commission_payable', 'liability'), ('fee_payable', 'liability'), ('purchase_clearing', 'liability'),
  ('opening_equity', 'equity'),
  ('sales', 'income'), ('shipping_income', 'income'),
  ('discount', 'expense'), ('refund', 'expense'), ('cogs', 'expense'), ('stock_loss', 'expense'),
  ('commission', 'expense'), ('fee', 'expense'), ('bad_debt', 'expense');

-- One per thing that happened; the unique source makes posting idempotent.
create table journal_txn (
  id bigint generated always as identity primary key,
  kind text not null
    check (kind in ('sale', 'cogs', 'commission', 'cancel', 'return', 'stock', 'adjustment')),
  source_type text not null check (source_type in ('order', 'stock_move', 'import')),
  source_id bigint not null,
  at timestamptz not null,
  business_day date not null,
  -- The database transaction that posted it: entries join in that one only.
  posted_by xid8 not null default pg_current_xact_id(),
  unique (kind, source_type, source_id)
);
create index journal_txn_day on journal_txn (business_day);
call make_append_only('journal_txn');

create table journal_entry (
  id bigint generated always as identity primary key,
  txn_id bigint not null references journal_txn (id),
  kind text not null,
  at timestamptz not null,
  business_day date not null,
  account text not null references ledger_account (code),
  -- Debit positive, credit negative, minor units.
  amount_cents bigint not null,
  -- Units sold (sales entries) or returned (refund entries, negative); 0 elsewhere.
  quantity bigint not null default 0,
  order_id bigint references sales_order (id),
  order_line_id bigint references order_line (id),
  sku_id bigint references sku (id),
  product_id bigint references product (id),
  channel_id bigint references channel (id),
  distributor_id bigint references distributor (id),
  ancestor_ids bigint[] not null default '{}',
  customer_id bigint references customer (id),
  warehouse_id bigint references warehouse (id),
  promotion_id bigint
);
create index journal_entry_txn on journal_entry (txn_id);
create index journal_entry_order on journal_entry (order_id);
create index journal_entry_day on journal_entry (business_day, account);
call make_append_only('journal_entry');

/* A transaction is complete when it commits: it has entries, and debits equal credits. */
create function journal_txn_balanced() returns trigger
language plpgsql security definer set search_path = public as $$
declare
  entries bigint;
  difference numeric;
begin
  select count(*), coalesce(sum(amount_cents), 0) into entries, difference
  from journal_entry
  where txn_id = new.id;
  if entries < 2 or difference <> 0 then
    raise exception 'journal transaction % (% %) has % entries and is off by %', new.id, new.kind, new.source_id, entries, difference
      using errcode = 'check_violation', constraint = 'journal_txn_balanced';
  end if;
  return null;
end $$;
create constraint trigger balanced after insert on journal_txn
  deferrable initially deferred
  for each row execute function journal_txn_balanced();

/* Entries may join only a transaction begun in the same database transaction: nothing is added later. */
create function journal_entry_in_own_txn() returns trigger
language plpgsql security definer set search_path = public as $$
begin
  if exists (
    select from added
    join journal_txn on journal_txn.id = added.txn_id
    where journal_txn.posted_by <> pg_current_xact_id()
  ) then
    raise exception 'journal entries cannot be added to a transaction already posted'
      using errcode = 'restrict_violation', constraint = 'journal_entry_in_own_txn';
  end if;
  return null;
end $$;
create trigger in_own_txn after insert on journal_entry
  referencing new table as added
  for each statement execute function journal_entry_in_own_txn();
