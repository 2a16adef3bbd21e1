-- What orders refer to, made from the lines that wait. What is there already is left as it is.

/* Text with a number in it that stays the same across versions and machines. */
create function stable_hash(content text) returns bigint
language sql immutable parallel safe
as $$ select ('x' || left(md5(content), 16))::bit(64)::bigint $$;

/* Days by which a source's dates are moved: so that its last day is yesterday, or not at all. */
create function import_days_moved(run bigint) returns integer
language plpgsql as $$
declare
  settings jsonb;
  source bigint;
  moved integer;
begin
  select import_run.settings, source_id into strict settings, source from import_run where id = run;
  select days_moved into moved from import_source where id = source for update;
  if moved is null then
    moved := case settings ->> 'shift'
      when 'yesterday' then business_day(now()) - 1
        - (select max(at at time zone (settings ->> 'time_zone'))::date from import_stage where run_id = run)
      else 0 end;
    update import_source set days_moved = moved where id = source;
  end if;
  return coalesce(moved, 0);
end $$;

/* Moves every waiting moment by whole days on the wall clock, so that 9 in the morning stays 9 in the morning. */
create function import_shift(run bigint, days integer) returns void
language sql as $$
  update import_stage
  set at = (import_stage.at at time zone zone + make_interval(days => days)) at time zone zone,
      shipped_at = (import_stage.shipped_at at time zone zone + make_interval(days => days)) at time zone zone
  from (select settings ->> 'time_zone' as zone from import_run where id = run) as map
  where run_id = run and days <> 0
$$;

/* Channels and warehouses are declared by the map. */
create function import_places(run bigint) returns void
language sql as $$
  insert into channel (code, name, kind, fee_bps)
  select code, name, coalesce(kind, 'web'), coalesce(fee_bps, 0)
  from import_run,
    jsonb_to_recordset(settings -> 'channels') as declared (code text, name text, kind text, fee_bps integer)
  where id = run
  on conflict (code) do nothing;

  insert into warehouse (code, name, region, priority)
  select code, name, region, coalesce(priority, 100)
  from import_run,
    jsonb_to_recordset(settings -> 'warehouses') as declared (code text, name text, region text, priority smallint)
  where id = run
  on conflict (code) do nothing;
$$;

/* A product's name is the one its lines use most; the same of category. The price is the latest one asked. */
create function import_catalog(run bigint) returns void
language plpgsql as $$
begin
  create temp table import_sku on commit drop as
  with named as (
    select distinct on (sku) sku, sku_name
    from (
      select sku, sku_name, count(*) as uses from import_stage
      where run_id = run and sku_name is not null and role = 'goods' and kind <> 'adjustment'
      group by sku, sku_name
    ) as names
    order by sku, uses desc, sku_name
  ),
  placed as (
    select distinct on (sku) sku, product, category, subcategory, is_service
    from (
      select sku, product, category, subcategory, is_service, count(*) as uses from import_stage
      where run_id = run and role = 'goods' and kind <> 'adjustment'
      group by sku, product, category, subcategory, is_service
    ) as places
    order by sku, uses desc, product, category, subcategory
  )
  select placed.*, coalesce(named.sku_name, placed.sku) as name
  from placed left join named using (sku);

  insert into product (code, name, category, subcategory)
  select distinct on (product) product, name, category, subcategory
  from import_sku
  where not exists (select from product where code = import_sku.product)
  order by product, sku
  on conflict (code) do nothing;

  insert into sku (product_id, code, name, is_service)
  select product.id, import_sku.sku, import_sku.name, import_sku.is_service
  from import_sku
  join product on product.code = import_sku.product
  where not exists (select from sku where code = import_sku.sku)
  order by import_sku.sku
  on conflict (code) do nothing;

  insert into price (sku_id, price_cents, valid)
  select sku.id, latest.unit_price_cents, tstzrange('-infinity', null)
  from (
    select distinct on (sku) sku, unit_price_cents
    from import_stage
    where run_id = run and role = 'goods' and kind = 'sale' and not is_service and unit_price_cents > 0
    order by sku, at desc, seq desc
  ) as latest
  join sku on sku.code = latest.sku
  where not exists (select from price where price.sku_id = sku.id);

  drop table import_sku;
end $$;

/* The tree, level by level from the root: 'South/Kentucky' is the parent of 'South/Kentucky/Henderson'. */
create function import_distributors(run bigint) returns void
language plpgsql as $$
declare
  level integer;
  deepest integer;
  grades jsonb;
begin
  select coalesce(settings -> 'grades', '[]') into grades from import_run where id = run;
  create temp table import_node on commit drop as
  select string_to_array(distributor, '/') as steps, min(at) as joined_at
  from import_stage
  where run_id = run and distributor is not null and not is_refused
  group by distributor;
  select coalesce(max(cardinality(steps)), 0) into deepest from import_node;

  for level in 1..deepest loop
    insert into distributor (code, name, parent_id, grade, region, city, joined_at)
    select node.code, node.name, parent.id, coalesce(grades ->> (level - 1), 'standard'), node.root,
      case when level >= 3 then node.name end, node.joined_at
    from (
      select array_to_string(steps[1:level], '/') as code, array_to_string(steps[1:level - 1], '/') as parent_code,
        steps[level] as name, steps[1] as root, min(joined_at) as joined_at
      from import_node
      where cardinality(steps) >= level
      group by steps[1:level], steps[level], steps[1], steps[1:level - 1]
    ) as node
    left join distributor as parent on parent.code = node.parent_code
    where not exists (select from distributor where code = node.code)
    order by node.code
    on conflict (code) do nothing;
  end loop;
  drop table import_node;
end $$;

/* A customer is what the latest line says of him; a line without one belongs to the walk-in customer. */
create function import_customers(run bigint) returns void
language sql as $$
  insert into customer (code, name, segment, country, region, city, distributor_id, created_at)
  select latest.customer, coalesce(latest.customer_name, latest.customer), latest.segment, latest.country,
    latest.region, latest.city, distributor.id, latest.first_at
  from (
    select distinct on (customer) customer, customer_name, segment, country, region, city, distributor,
      min(at) over (partition by customer) as first_at
    from import_stage
    where run_id = run and customer is not null and not is_refused
    order by customer, at desc, seq desc
  ) as latest
  left join distributor on distributor.code = latest.distributor
  where not exists (select from customer where code = latest.customer)
  order by latest.first_at, latest.customer
  on conflict (code) do nothing;
$$;
