-- Waiting lines become documents, and documents post through the same functions as a live order.

/*
 * Decides what each document is: new, there already, or not to be posted and why. Sales come first: they leave every
 * level as it was, so several connections may post them at once. The rest follows, one after the other in time.
 */
create function import_documents(run bigint) returns void
language sql as $$
  insert into import_stage_document (run_id, document, kind, lines, content_hash, first_seq, placed_at, shipped_at,
    completed_at, state, status, position)
  with held as (
    select distinct document from import_stage where run_id = run and is_refused and document is not null
  ),
  gathered as (
    select document, kind, count(*) as lines, min(seq) as first_seq, min(at) as placed_at,
      greatest(max(shipped_at), min(at)) as shipped_at, min(external_id) as external_id, min(channel) as channel,
      coalesce(max(order_discount_cents), 0)
        - coalesce(sum(total_cents) filter (where role = 'discount'), 0) as discount_cents,
      coalesce(sum(total_cents) filter (where role = 'goods'), 0) as goods_cents,
      (sum(stable_hash(concat_ws('|', sku, account, quantity, total_cents, customer)))
        % 9223372036854775807)::bigint as content_hash
    from import_stage
    where run_id = run and document is not null and kind is not null
    group by document, kind
  ),
  judged as (
    select gathered.*, case
        when posted.id is not null and posted.content_hash = gathered.content_hash
          and posted.lines = gathered.lines then 'there'
        when posted.id is not null then 'changed'
        when held.document is not null then 'held'
        when gathered.kind in ('sale', 'return') and gathered.discount_cents > gathered.goods_cents then 'overdiscounted'
        when gathered.kind in ('sale', 'return') and exists (
          select from sales_order
          join channel on channel.id = sales_order.channel_id
          where channel.code = gathered.channel and sales_order.external_id = gathered.external_id
        ) then 'taken'
        else 'ready' end as status,
      settings, completed_at
    from gathered
    join import_run on import_run.id = run
    left join import_document as posted on posted.source_id = import_run.source_id
      and posted.document = gathered.document and posted.kind = gathered.kind
    left join held on held.document = gathered.document
    cross join lateral (
      select gathered.shipped_at
        + make_interval(days => coalesce((settings ->> 'complete_after_days')::integer, 0)) as completed_at
    ) as times
  )
  select run, document, kind, lines, content_hash, first_seq, placed_at, shipped_at, completed_at,
    case when kind = 'return' or completed_at <= now() then 'completed'
      when shipped_at <= now() then 'shipped' else 'paid' end,
    status,
    case when status = 'ready' then
      row_number() over (partition by status order by kind <> 'sale', placed_at, first_seq) end
  from judged
$$;

/*
 * Goods written off or found missing were on the shelf before: what the new documents take below zero, at any
 * moment and beyond what lies there now, was there before the first of them. Worth nothing, as nobody says what it cost.
 */
create function import_opening(run bigint) returns bigint
language sql as $$
  with move as (
    select stage.sku, stage.warehouse, document.position, stage.seq,
      case stage.kind when 'return' then stage.quantity else -stage.quantity end as delta
    from import_stage_document as document
    join import_stage as stage using (run_id, document, kind)
    where document.run_id = run and document.status = 'ready' and stage.kind in ('return', 'write_off')
      and stage.role = 'goods' and not stage.is_service
  ),
  lowest as (
    select sku, warehouse, min(balance) as balance
    from (
      select sku, warehouse, sum(delta) over (partition by sku, warehouse order by position, seq) as balance from move
    ) as running
    group by sku, warehouse
  ),
  missing as (
    select sku.id as sku_id, warehouse.id as warehouse_id,
      -lowest.balance - coalesce(level.on_hand - level.reserved, 0) as quantity
    from lowest
    join sku on sku.code = lowest.sku
    join warehouse on warehouse.code = lowest.warehouse
    left join stock_level as level on level.sku_id = sku.id and level.warehouse_id = warehouse.id
    where lowest.balance < 0
  ),
  first as (
    select min(placed_at) as at from import_stage_document where run_id = run and status = 'ready'
  ),
  opened as (
    insert into stock_move (at, business_day, kind, sku_id, product_id, warehouse_id, on_hand_delta, reason)
    select first.at, business_day(first.at), 'opening', missing.sku_id, sku.product_id, missing.warehouse_id,
      missing.quantity, 'inferred from later write-offs'
    from missing join sku on sku.id = missing.sku_id, first
    where missing.quantity > 0
    returning 1
  )
  select count(*) from opened
$$;

/*
 * Posts the documents from one position up to another, in one transaction; returns the lines written.
 *
 * Forty foreign keys checked row by row take most of the time, and every key posted here was read from its own
 * table by the same statement. So this function alone goes without them, where the owner may (a superuser may).
 * All other guards are marked to fire always (0023): the books balance, levels are sums, ledgers only grow.
 */
create function import_post(run bigint, from_position bigint, to_position bigint) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  paid bigint[];
  shipped bigint[];
  completed bigint[];
  returned bigint[];
  lines_posted bigint;
begin
  perform import_without_key_checks(true);
  perform import_orders(run, from_position, to_position);

  select coalesce(array_agg(o.id order by document.position) filter (where o.kind = 'sale'), '{}'),
    coalesce(array_agg(o.id order by document.position) filter (where o.kind = 'sale' and o.state in ('shipped', 'completed')), '{}'),
    coalesce(array_agg(o.id order by document.position) filter (where o.kind = 'sale' and o.state = 'completed'), '{}'),
    coalesce(array_agg(o.id order by document.position) filter (where o.kind = 'return'), '{}')
  into paid, shipped, completed, returned
  from import_stage_document as document
  join sales_order as o on o.id = document.order_id
  where document.run_id = run and document.position between from_position and to_position;

  perform attribute_lines(paid || returned);
  perform post_placed(paid);
  perform post_paid(paid);
  perform post_shipped(shipped);
  perform post_completed(completed);
  perform post_returned(returned);

  insert into import_document (source_id, run_id, document, kind, lines, content_hash, order_id)
  select import_run.source_id, run, document.document, document.kind, document.lines, document.content_hash, document.order_id
  from import_stage_document as document
  join import_run on import_run.id = run
  where document.run_id = run and document.position between from_position and to_position
  order by document.position;

  perform import_adjustments(run, from_position, to_position);
  lines_posted := import_check(run, from_position, to_position);
  perform import_without_key_checks(false);
  return lines_posted;
end $$;

/* Nobody but the owner may call this; import_post does, as the owner. */
create function import_without_key_checks(off boolean) returns void
language plpgsql as $$
begin
  perform set_config('session_replication_role', case when off then 'replica' else 'origin' end, true);
exception when insufficient_privilege then
  -- A managed server keeps this to itself: the keys are then checked row by row, and it takes longer.
  null;
end $$;

/* A line that waited and posted nothing would be money lost in silence: then nothing of the step is kept. */
create function import_check(run bigint, from_position bigint, to_position bigint) returns bigint
language plpgsql as $$
declare
  document record;
  lines_posted bigint := 0;
begin
  for document in
    with waiting as (
      select d.document, d.kind, d.order_id, d.lines, count(*) filter (where stage.role = 'goods') as goods,
        sum(stage.total_cents) as total_cents
      from import_stage_document as d
      join import_stage as stage using (run_id, document, kind)
      where d.run_id = run and d.position between from_position and to_position
      group by d.document, d.kind, d.order_id, d.lines
    ),
    line as (
      select order_line.order_id, count(*) as goods
      from waiting join order_line on order_line.order_id = waiting.order_id
      group by order_line.order_id
    )
    select waiting.*, coalesce(line.goods, 0) as goods_posted
    from waiting
    left join line on line.order_id = waiting.order_id
  loop
    lines_posted := lines_posted + document.lines;
    if document.kind in ('sale', 'return')
      and (document.order_id is null or document.goods_posted <> document.goods) then
      raise exception 'document % (%) has % lines of goods and posted %', document.document, document.kind,
        document.goods, document.goods_posted
        using errcode = 'check_violation', constraint = 'import_check';
    end if;
  end loop;
  return lines_posted;
end $$;

/* Headers with their final state and times, the money that moved, and the lines. */
create function import_orders(run bigint, from_position bigint, to_position bigint) returns void
language plpgsql as $$
declare
  source text;
begin
  select import_run.settings ->> 'name' into strict source from import_run where id = run;
  with head as (
    select document.document, document.kind, document.position, document.placed_at, document.shipped_at,
      document.completed_at, document.state,
      min(stage.external_id) as external_id, min(stage.channel) as channel, min(stage.warehouse) as warehouse,
      min(stage.customer) as customer, min(stage.distributor) as distributor,
      coalesce(sum(stage.list_cents) filter (where stage.role = 'goods'), 0) as list_cents,
      coalesce(sum(stage.discount_cents) filter (where stage.role = 'goods'), 0)
        - coalesce(sum(stage.total_cents) filter (where stage.role = 'discount'), 0)
        + coalesce(max(stage.order_discount_cents), 0) as discount_cents,
      coalesce(sum(stage.total_cents) filter (where stage.role = 'shipping'), 0)
        + coalesce(max(stage.shipping_cents), 0) as shipping_cents
    from import_stage_document as document
    join import_stage as stage using (run_id, document, kind)
    where document.run_id = run and document.position between from_position and to_position
      and document.kind in ('sale', 'return')
    group by document.document, document.kind, document.position, document.placed_at, document.shipped_at,
      document.completed_at, document.state
  ),
  inserted as (
    insert into sales_order (order_no, kind, channel_id, external_id, distributor_id, ancestor_ids, customer_id,
      warehouse_id, state, source, list_cents, discount_cents, shipping_cents, total_cents, placed_at, paid_at,
      shipped_at, completed_at)
    select source || '/' || head.external_id, head.kind, channel.id, head.external_id, distributor.id,
      coalesce(ancestor_ids(distributor.path), '{}'), customer.id, warehouse.id, head.state, 'import', head.list_cents,
      head.discount_cents, head.shipping_cents, head.list_cents - head.discount_cents + head.shipping_cents,
      head.placed_at, head.placed_at,
      case when head.state in ('shipped', 'completed') then head.shipped_at end,
      case when head.state = 'completed' then head.completed_at end
    from head
    join channel on channel.code = head.channel
    join warehouse on warehouse.code = head.warehouse
    left join customer on customer.code = head.customer
    left join distributor on distributor.code = head.distributor
    order by head.position
    returning id, order_no, total_cents, placed_at, kind
  ),
  paid as (
    insert into payment (order_id, kind, out_no, method, amount_cents, at)
    select id, case kind when 'return' then 'refund' else 'pay' end, order_no, 'import', total_cents, placed_at
    from inserted
  )
  update import_stage_document as document
  set order_id = inserted.id
  from head join inserted on inserted.order_no = source || '/' || head.external_id
  where document.run_id = run and document.document = head.document and document.kind = head.kind;

  perform import_lines(run, from_position, to_position);
end $$;

/*
 * Lines in the order of their files. A discount on the whole order falls on its lines in proportion: each takes
 * the rounded running share less what those before it took, so that the parts are whole cents and add up.
 */
create function import_lines(run bigint, from_position bigint, to_position bigint) returns void
language sql as $$
  with line as (
    select document.order_id, stage.*,
      row_number() over running as line_no,
      sum(stage.total_cents) over running as running_cents,
      sum(stage.total_cents) over whole as whole_cents,
      sales_order.discount_cents - sum(stage.discount_cents) over whole as shared_cents
    from import_stage_document as document
    join import_stage as stage using (run_id, document, kind)
    join sales_order on sales_order.id = document.order_id
    where document.run_id = run and document.position between from_position and to_position
      and document.kind in ('sale', 'return') and stage.role = 'goods'
    window running as (partition by document.order_id order by stage.seq rows unbounded preceding),
      whole as (partition by document.order_id)
  )
  insert into order_line (order_id, line_no, sku_id, quantity, unit_price_cents, list_cents, discount_cents,
    total_cents, cost_cents)
  select line.order_id, line.line_no, sku.id, line.quantity, line.unit_price_cents, line.list_cents,
    line.discount_cents + share.cents, line.total_cents - share.cents, coalesce(line.cost_cents, 0)
  from line
  join sku on sku.code = line.sku
  cross join lateral (
    select case when line.shared_cents = 0 then 0 else
      round(line.shared_cents * line.running_cents / line.whole_cents)::bigint
      - round(line.shared_cents * (line.running_cents - line.total_cents) / line.whole_cents)::bigint end as cents
  ) as share
  order by line.order_id, line.line_no;
$$;

/* What is no order: goods written off, and money that moved for another reason, one transaction per document. */
create function import_adjustments(run bigint, from_position bigint, to_position bigint) returns void
language sql as $$
  insert into stock_move (at, business_day, kind, sku_id, product_id, warehouse_id, on_hand_delta, reason)
  select document.placed_at, business_day(document.placed_at), 'adjust', sku.id, sku.product_id, warehouse.id,
    -stage.quantity, coalesce(stage.sku_name, 'written off')
  from import_stage_document as document
  join import_stage as stage using (run_id, document, kind)
  join sku on sku.code = stage.sku
  join warehouse on warehouse.code = stage.warehouse
  where document.run_id = run and document.position between from_position and to_position
    and document.kind = 'write_off' and not sku.is_service
  order by document.position, stage.seq;

  with txn as (
    insert into journal_txn (kind, source_type, source_id, at, business_day)
    select 'adjustment', 'import', posted.id, document.placed_at, business_day(document.placed_at)
    from import_stage_document as document
    join import_run on import_run.id = run
    join import_document as posted on posted.source_id = import_run.source_id
      and posted.document = document.document and posted.kind = document.kind
    where document.run_id = run and document.position between from_position and to_position
      and document.kind = 'adjustment'
    order by document.position
    returning id, source_id, at, business_day
  )
  insert into journal_entry (txn_id, kind, at, business_day, account, amount_cents, channel_id, distributor_id,
    ancestor_ids, customer_id, warehouse_id)
  select txn.id, 'adjustment', txn.at, txn.business_day, entry.account, entry.amount_cents, channel.id,
    distributor.id, coalesce(ancestor_ids(distributor.path), '{}'), customer.id, warehouse.id
  from txn
  join import_document as posted on posted.id = txn.source_id
  join import_stage as stage on stage.run_id = run and stage.document = posted.document and stage.kind = posted.kind
  join channel on channel.code = stage.channel
  join warehouse on warehouse.code = stage.warehouse
  left join customer on customer.code = stage.customer
  left join distributor on distributor.code = stage.distributor
  cross join lateral (values (stage.account, -stage.total_cents), ('cash', stage.total_cents)) as entry (account, amount_cents)
  order by txn.id, stage.seq
$$;

/* Releases what is due of imported history, as import_post posts it; returns how many amounts, 0 when none is left. */
create function import_release(limit_rows integer) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  released integer;
begin
  perform import_without_key_checks(true);
  released := release_commissions(now(), limit_rows);
  perform import_without_key_checks(false);
  return released;
end $$;

/* Fresh statistics: what was just filled is still thought to be empty, and joined accordingly. */
create function import_analyze(tables regclass[]) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  filled regclass;
begin
  foreach filled in array tables loop
    execute format('analyze %s', filled);
  end loop;
end $$;

-- These act as the owner, so only the core may call them, and what turns the checks off only they themselves.
revoke execute on function import_without_key_checks(boolean) from public;
revoke execute on function import_post(bigint, bigint, bigint) from public;
revoke execute on function import_release(integer) from public;
revoke execute on function import_analyze(regclass[]) from public;
grant execute on function import_post(bigint, bigint, bigint) to tributary_core;
grant execute on function import_release(integer) to tributary_core;
grant execute on function import_analyze(regclass[]) to tributary_core;
