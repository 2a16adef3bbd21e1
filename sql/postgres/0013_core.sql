-- What the operational core adds to posting and access.

/*
 * Decides who earns what on the lines of orders, by the rules in force at placement: level 1 is the order's
 * distributor, level 2 his parent. Who is not active then earns nothing; a service earns nobody anything.
 * The narrowest rule wins: sku with grade, sku, grade, all.
 */
create function attribute_lines(order_ids bigint[]) returns void
language sql as $$
  insert into order_line_attribution (order_line_id, level, distributor_id, ancestor_ids, rule_id, rate_bps)
  select line.id, earner.level, earner.distributor_id, ancestor_ids(earner.path), rule.id, rule.rate_bps
  from sales_order as o
  join order_line as line on line.order_id = o.id
  join sku on sku.id = line.sku_id and not sku.is_service
  join distributor as seller on seller.id = o.distributor_id
  left join distributor as parent on parent.id = seller.parent_id
  cross join lateral (values
    (1::smallint, seller.id, seller.grade, seller.path, seller.status),
    (2::smallint, parent.id, parent.grade, parent.path, parent.status)
  ) as earner (level, distributor_id, grade, path, status)
  cross join lateral (
    select commission_rule.id, commission_rule.rate_bps
    from commission_rule
    where commission_rule.level = earner.level
      and (commission_rule.sku_id is null or commission_rule.sku_id = line.sku_id)
      and (commission_rule.grade is null or commission_rule.grade = earner.grade)
      and commission_rule.valid @> o.placed_at
    order by commission_rule.sku_id is null, commission_rule.grade is null
    limit 1
  ) as rule
  where o.id = any (order_ids) and earner.status = 'active'
$$;

/* A move takes the subtree along, so its deepest node must fit too. The rest is as 0002 has it. */
create or replace function distributor_set_path() returns trigger
language plpgsql as $$
declare
  parent_path ltree;
  levels_below integer := 0;
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
      using errcode = 'foreign_key_violation', constraint = 'distributor_parent_id_fkey', table = 'distributor';
  end if;
  if tg_op = 'UPDATE' then
    if parent_path <@ old.path then
      raise exception 'distributor % cannot move below itself', new.id
        using errcode = 'check_violation', constraint = 'distributor_no_cycle';
    end if;
    select max(nlevel(path)) - nlevel(old.path) into levels_below from distributor where path <@ old.path;
  end if;
  if nlevel(parent_path) + 1 + levels_below > 16 then
    raise exception 'the tree is at most 16 deep'
      using errcode = 'check_violation', constraint = 'distributor_depth';
  end if;
  new.path := parent_path || new.id::text;
  new.depth := nlevel(new.path);
  return new;
end $$;

-- A distributor sees what he sells for and to whom, but not what the goods cost the company.
grant select on price, customer to tributary_portal;
revoke select on order_line from tributary_portal;
grant select (id, order_id, line_no, sku_id, quantity, unit_price_cents, list_cents, discount_cents, total_cents)
  on order_line to tributary_portal;
revoke select on channel from tributary_portal;
grant select (id, code, name, kind) on channel to tributary_portal;

alter table customer enable row level security;
create policy core on customer to tributary_core, tributary_cdc using (true) with check (true);
create policy portal on customer for select to tributary_portal
  using (exists (select from distributor where distributor.id = customer.distributor_id));
