import type { Queryable } from '../lib/postgres.ts'
import type {
  CommissionState,
  EarnedRow,
  ExplainedRow,
  Explanation,
  Node,
  Part,
  Release,
  Rule,
} from './schema.ts'

export async function sumStates(sql: Queryable, distributorId: number) {
  const [row] = await sql<[Explanation['states']]>`
    select
      coalesce(sum(amount_cents) filter (where state = 'pending'), 0) as pending_cents,
      coalesce(sum(amount_cents) filter (where state = 'frozen'), 0) as frozen_cents,
      coalesce(sum(amount_cents) filter (where state = 'available'), 0) as available_cents,
      coalesce(sum(amount_cents) filter (where state = 'paid'), 0) as paid_cents
    from commission_entry
    where distributor_id = ${distributorId}
  `
  return row
}

/** A line that only takes back (a return's own) is told apart from those that earn. */
export async function sumParts(
  sql: Queryable,
  { distributorId, state }: { distributorId: number; state: CommissionState | null },
) {
  return sql<Part[]>`
    select part, count(*)::integer as lines, sum(amount_cents)::bigint as amount_cents
    from (
      select sum(amount_cents) as amount_cents,
        case when bool_and(kind = 'clawback') then 'taken_back'
          when level = 1 then 'direct' else 'second_level' end as part
      from commission_entry
      where distributor_id = ${distributorId}
        and (state = ${state}::text or (${state}::text is null and state <> 'paid'))
      group by order_line_id, level
      having sum(amount_cents) <> 0
    ) as standing
    group by part
    order by part
  `
}

export async function countPendingOrders(sql: Queryable, distributorId: number) {
  const [row] = await sql<[{ pending_orders: number }]>`
    select count(distinct order_id)::integer as pending_orders
    from (
      select order_id
      from commission_entry
      where distributor_id = ${distributorId} and state = 'pending'
      group by order_id, order_line_id, level
      having sum(amount_cents) <> 0
    ) as standing
  `
  return row.pending_orders
}

export async function findNextRelease(sql: Queryable, distributorId: number) {
  const [row] = await sql<[Release?]>`
    select business_day(release_at) as day, sum(amount_cents)::bigint as amount_cents
    from (
      select max(release_at) as release_at, sum(amount_cents) as amount_cents
      from commission_entry
      where distributor_id = ${distributorId} and state = 'frozen'
      group by order_line_id, level
      having sum(amount_cents) <> 0
    ) as standing
    where release_at is not null
    group by business_day(release_at)
    order by day
    limit 1
  `
  return row
}

/** What still stands in a state, line by line, newest first; null means in any state but `paid`. */
export async function listExplained(
  sql: Queryable,
  wanted: { distributorId: number; state: CommissionState | null; after: number; limit: number },
) {
  return sql<ExplainedRow[]>`
    select standing.order_line_id as id, standing.order_line_id, line.line_no, o.id as order_id, o.order_no,
      o.placed_at, sku.id as sku_id, sku.code as sku, sku.name as sku_name, standing.level,
      standing.base_cents, standing.rate_bps, standing.amount_cents, standing.release_at,
      standing.rule_id, o.ancestor_ids as order_ancestor_ids
    from (
      select order_line_id, level, min(base_cents) as base_cents, min(rate_bps) as rate_bps,
        min(rule_id) as rule_id, sum(amount_cents) as amount_cents, max(release_at) as release_at
      from commission_entry
      where distributor_id = ${wanted.distributorId}
        and (${wanted.after}::bigint = 0 or order_line_id < ${wanted.after}::bigint)
        and (state = ${wanted.state}::text or (${wanted.state}::text is null and state <> 'paid'))
      group by order_line_id, level
      having sum(amount_cents) <> 0
      order by order_line_id desc
      limit ${wanted.limit}
    ) as standing
    join order_line as line on line.id = standing.order_line_id
    join sales_order as o on o.id = line.order_id
    join sku on sku.id = line.sku_id
    order by standing.order_line_id desc
  `
}

/** What an order has earned its sellers, line by line and level by level, as it stands. */
export async function listEarned(sql: Queryable, orderId: number) {
  return sql<EarnedRow[]>`
    select standing.order_line_id, line.line_no, sku.code as sku, sku.name as sku_name, standing.level,
      standing.distributor_id, distributor.name as distributor, standing.base_cents, standing.rate_bps,
      standing.amount_cents, standing.rule_id, o.ancestor_ids as order_ancestor_ids
    from (
      select order_id, order_line_id, level, distributor_id, min(base_cents) as base_cents,
        min(rate_bps) as rate_bps, min(rule_id) as rule_id, sum(amount_cents)::bigint as amount_cents
      from commission_entry
      where order_id = ${orderId}
      group by order_id, order_line_id, level, distributor_id
    ) as standing
    join order_line as line on line.id = standing.order_line_id
    join sales_order as o on o.id = standing.order_id
    join sku on sku.id = line.sku_id
    join distributor on distributor.id = standing.distributor_id
    order by line.line_no, standing.level
  `
}

export async function listNodes(sql: Queryable, ids: number[]) {
  return sql<Node[]>`
    select id, name
    from distributor
    where id = any (${ids}::bigint[])
  `
}

export async function listRules(sql: Queryable, ids: number[]) {
  return sql<Rule[]>`
    select id, level, grade, sku_id, rate_bps
    from commission_rule
    where id = any (${ids}::bigint[])
  `
}

/** One batch; returns how many amounts became available. */
export async function releaseDue(sql: Queryable, limit: number) {
  const [row] = await sql<[{ released: number }]>`
    select release_commissions(now(), ${limit}) as released
  `
  return row.released
}
