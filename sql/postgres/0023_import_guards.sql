-- These guards hold whatever a session says about triggers, so that history posts under the same laws as today.

alter table distributor enable always trigger set_path;
alter table distributor enable always trigger move_subtree;
alter table stock_move enable always trigger apply_level;
alter table journal_txn enable always trigger balanced;
alter table journal_entry enable always trigger in_own_txn;

do $$
declare
  ledger text;
begin
  foreach ledger in array array['stock_move', 'commission_entry', 'journal_txn', 'journal_entry', 'order_event',
    'funnel_event', 'import_document'] loop
    execute format('alter table %I enable always trigger append_only', ledger);
    execute format('alter table %I enable always trigger append_only_truncate', ledger);
  end loop;
end $$;
