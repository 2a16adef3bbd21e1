/**
 * What must hold inside Postgres, whatever was posted. Each query returns the offenders: nothing, when all is well.
 * `key` names a row of the table the check is about.
 */
import { OPERATION_CHECKS } from './operation-checks.ts'

export type CoreCheck = { name: string; promise: string; query: string }

export const CORE_CHECKS: CoreCheck[] = [
  {
    name: 'journal_balanced',
    promise: 'debits equal credits in every journal transaction',
    query: `
      select txn.id::text as key, format('%s entries, off by %s', count(entry.id), coalesce(sum(entry.amount_cents), 0)) as detail
      from journal_txn as txn
      left join journal_entry as entry on entry.txn_id = txn.id
      group by txn.id
      having count(entry.id) < 2 or sum(entry.amount_cents) <> 0`,
  },
  {
    name: 'journal_entry_as_its_transaction',
    promise: 'an entry has the kind, time and day of its transaction',
    query: `
      select entry.id::text as key, format('%s %s, transaction %s %s', entry.kind, entry.business_day, txn.kind, txn.business_day) as detail
      from journal_entry as entry
      join journal_txn as txn on txn.id = entry.txn_id
      where (entry.kind, entry.at, entry.business_day) <> (txn.kind, txn.at, txn.business_day)`,
  },
  ...['journal_entry', 'stock_move', 'commission_entry', 'order_event', 'funnel_event'].map(
    (ledger) => ({
      name: `${ledger}_business_day`,
      promise: `every ${ledger} is on the day of its time, where the company is`,
      query: `
      select ledger.id::text as key, format('%s at %s', ledger.business_day, ledger.at) as detail
      from ${ledger} as ledger
      cross join (select time_zone from instance) as instance
      where ledger.business_day <> (ledger.at at time zone instance.time_zone)::date`,
    }),
  ),
  ...[
    'journal_txn',
    'journal_entry',
    'stock_move',
    'commission_entry',
    'order_event',
    'funnel_event',
    'alert_event',
    'purchase_receipt',
  ].map((ledger) => ({
    name: `${ledger}_append_only`,
    promise: `nothing in ${ledger} can be changed, removed or truncated`,
    query: `
      select wanted.name as key, 'trigger is missing or switched off' as detail
      from (values ('append_only', 27), ('append_only_truncate', 34)) as wanted (name, kind)
      where not exists (
        select from pg_trigger
        where tgrelid = '${ledger}'::regclass and tgname = wanted.name and tgenabled in ('O', 'A')
          and tgtype = wanted.kind and tgfoid = 'refuse_change()'::regprocedure
      )`,
  })),
  {
    name: 'stock_level_is_its_moves',
    promise: 'every stock level is the sum of its moves',
    query: `
      select format('sku %s in warehouse %s', sku_id, warehouse_id) as key,
        format('on hand %s, moves %s; reserved %s, moves %s; value %s, moves %s', on_hand, moves_on_hand,
          reserved, moves_reserved, value_cents, moves_value_cents) as detail
      from stock_level_difference`,
  },
  {
    name: 'stock_not_oversold',
    promise: 'no more is promised than is there',
    query: `
      select format('sku %s in warehouse %s', sku_id, warehouse_id) as key,
        format('%s on hand, %s reserved', on_hand, reserved) as detail
      from stock_level
      where on_hand < 0 or reserved < 0 or reserved > on_hand`,
  },
  {
    name: 'inventory_is_stock_value',
    promise: 'the inventory account is worth what the stock is, by sku and warehouse',
    query: `
      select format('sku %s in warehouse %s', sku_id, warehouse_id) as key,
        format('journal %s, stock %s', coalesce(journal.cents, 0), coalesce(level.value_cents, 0)) as detail
      from (
        select sku_id, warehouse_id, sum(amount_cents) as cents
        from journal_entry
        where account = 'inventory'
        group by sku_id, warehouse_id
      ) as journal
      full join stock_level as level using (sku_id, warehouse_id)
      where coalesce(journal.cents, 0) <> coalesce(level.value_cents, 0)`,
  },
  {
    name: 'order_is_its_lines',
    promise: 'an order is the sum of its lines, and shipping',
    query: `
      select o.id::text as key,
        format('list %s, lines %s; discount %s, lines %s; total %s, lines and shipping %s', o.list_cents, lines.list_cents,
          o.discount_cents, lines.discount_cents, o.total_cents, lines.total_cents + o.shipping_cents) as detail
      from sales_order as o
      left join lateral (
        select coalesce(sum(list_cents), 0) as list_cents, coalesce(sum(discount_cents), 0) as discount_cents,
          coalesce(sum(total_cents), 0) as total_cents
        from order_line
        where order_id = o.id
      ) as lines on true
      where (o.list_cents, o.discount_cents, o.total_cents)
        <> (lines.list_cents, lines.discount_cents, lines.total_cents + o.shipping_cents)`,
  },
  {
    name: 'pipeline_is_order_states',
    promise: 'the events of a sale add up to one order in the state it is in',
    query: `
      select o.id::text as key, format('%s, events say %s', o.state, coalesce(events.states, 'nothing')) as detail
      from sales_order as o
      left join (
        select order_id, string_agg(state || ' ' || total, ', ' order by state) as states,
          bool_and(total = 1) and count(*) = 1 as is_one, min(state) as state, sum(cents) as cents
        from (
          select order_id, state, sum(delta) as total, sum(total_cents) as cents
          from order_event
          group by order_id, state
          having sum(delta) <> 0 or sum(total_cents) <> 0
        ) as standing
        group by order_id
      ) as events on events.order_id = o.id
      where o.kind = 'sale'
        and (events.is_one is distinct from true or events.state <> o.state or events.cents <> o.total_cents)`,
  },
  {
    name: 'revenue_is_paid_orders',
    promise: 'what an order brought is in the journal when it was paid for, to the cent',
    query: `
      select o.id::text as key, format('total %s, journal %s', o.total_cents, coalesce(journal.cents, 0)) as detail
      from sales_order as o
      left join (
        select order_id, -sum(amount_cents) as cents
        from journal_entry
        where kind = 'sale' and account in ('sales', 'discount', 'shipping_income')
        group by order_id
      ) as journal on journal.order_id = o.id
      where coalesce(journal.cents, 0) <> case when o.kind = 'sale' and o.paid_at is not null then o.total_cents else 0 end`,
  },
  {
    name: 'cash_is_what_was_kept',
    promise:
      'the cash of an order is its total when paid, nothing when given back, less than nothing for a return',
    query: `
      select o.id::text as key, format('%s, cash %s', o.state, coalesce(journal.cents, 0)) as detail
      from sales_order as o
      left join (
        select order_id, sum(amount_cents) as cents from journal_entry where account = 'cash' group by order_id
      ) as journal on journal.order_id = o.id
      where coalesce(journal.cents, 0) <> case
        when o.kind = 'return' then -o.total_cents
        when o.paid_at is null or o.state = 'cancelled' then 0
        else o.total_cents end`,
  },
  {
    name: 'payments_are_cash',
    promise: 'payments less refunds are the cash of an order',
    query: `
      select order_id::text as key, format('payments %s, cash %s', coalesce(paid.cents, 0), coalesce(journal.cents, 0)) as detail
      from (
        select order_id, sum(case kind when 'pay' then amount_cents else -amount_cents end) as cents
        from payment
        group by order_id
      ) as paid
      full join (
        select order_id, sum(amount_cents) as cents
        from journal_entry
        where account = 'cash' and order_id is not null
        group by order_id
      ) as journal using (order_id)
      where coalesce(paid.cents, 0) <> coalesce(journal.cents, 0)`,
  },
  {
    name: 'line_cost_is_what_left',
    promise: 'what a line cost is what its goods were worth when they left',
    query: `
      select line.id::text as key, format('line %s, issued %s', line.cost_cents, -move.value_delta_cents) as detail
      from order_line as line
      join stock_move as move on move.order_line_id = line.id and move.kind = 'issue'
      where line.cost_cents is distinct from -move.value_delta_cents`,
  },
  {
    name: 'commission_never_below_nothing',
    promise:
      'no line has less than nothing pending, frozen or paid out, nor available unless it was returned',
    query: `
      select format('line %s level %s', entry.order_line_id, entry.level) as key, format('%s %s', entry.state, sum(entry.amount_cents)) as detail
      from commission_entry as entry
      join sales_order as o on o.id = entry.order_id
      where o.kind = 'sale' or entry.state <> 'available'
      group by entry.order_line_id, entry.level, entry.state
      having sum(entry.amount_cents) < 0`,
  },
  {
    name: 'commission_is_its_rate',
    promise: 'what was accrued or clawed back for a line is its total at its rate, rounded down',
    query: `
      select entry.id::text as key, format('%s of %s at %s bps', entry.amount_cents, entry.base_cents, entry.rate_bps) as detail
      from commission_entry as entry
      join order_line as line on line.id = entry.order_line_id
      where entry.kind = 'accrue'
        and (entry.amount_cents <> floor(entry.base_cents::numeric * entry.rate_bps / 10000)
          or entry.base_cents <> line.total_cents)`,
  },
  {
    name: 'commission_is_in_the_journal',
    promise: 'commission earned less clawed back is the expense in the journal, by order',
    query: `
      select order_id::text as key, format('entries %s, journal %s', coalesce(earned.cents, 0), coalesce(journal.cents, 0)) as detail
      from (
        select order_id, sum(amount_cents) as cents from commission_entry where kind in ('accrue', 'clawback') group by order_id
      ) as earned
      full join (
        select order_id, sum(amount_cents) as cents
        from journal_entry
        where account = 'commission' and order_id is not null
        group by order_id
      ) as journal using (order_id)
      where coalesce(earned.cents, 0) <> coalesce(journal.cents, 0)`,
  },
  {
    name: 'tree_has_its_paths',
    promise: 'a distributor is one below his parent, and his path says so',
    query: `
      select node.id::text as key, format('path %s depth %s below %s', node.path, node.depth, coalesce(parent.path::text, 'nobody')) as detail
      from distributor as node
      left join distributor as parent on parent.id = node.parent_id
      where node.path <> coalesce(parent.path, ''::ltree) || node.id::text or node.depth <> nlevel(node.path)`,
  },
  {
    name: 'ledgers_keep_the_tree_of_the_order',
    promise: 'an entry of an order names the distributors the order named when it was placed',
    query: `
      select entry.id::text as key, format('%s, order %s', entry.ancestor_ids, o.ancestor_ids) as detail
      from journal_entry as entry
      join sales_order as o on o.id = entry.order_id
      where entry.ancestor_ids <> o.ancestor_ids or entry.distributor_id is distinct from o.distributor_id`,
  },
  ...OPERATION_CHECKS,
]
