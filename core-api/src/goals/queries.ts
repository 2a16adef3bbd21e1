import type { Queryable } from '../lib/postgres.ts'
import type { Goal, NewGoal } from './schema.ts'

/** Those that run on a day, the company's first; no distributor named means every goal the asker may see. */
export async function listGoals(
  sql: Queryable,
  { on, distributorId, limit }: { on: string | null; distributorId: number | null; limit: number },
) {
  return sql<Goal[]>`
    select id, measure, distributor_id, period, starts_on::text,
      ends_on::text, target::text, set_at
    from goal
    where starts_on <= coalesce(${on}::date, business_day(now()))
      and ends_on > coalesce(${on}::date, business_day(now()))
      and (${distributorId}::bigint is null or distributor_id = ${distributorId}::bigint)
    order by distributor_id nulls first, measure, starts_on desc
    limit ${limit}
  `
}

export async function findGoal(sql: Queryable, id: number) {
  const [row] = await sql<[Goal?]>`
    select id, measure, distributor_id, period, starts_on::text,
      ends_on::text, target::text, set_at
    from goal
    where id = ${id}
  `
  return row
}

/** What stands there now, held until the transaction ends. */
export async function findSameGoal(sql: Queryable, goal: NewGoal) {
  const [row] = await sql<[{ id: number }?]>`
    select id
    from goal
    where measure = ${goal.measure}
      and distributor_id is not distinct from ${goal.distributor_id ?? null}::bigint
      and period = ${goal.period}
      and starts_on = date_trunc(${goal.period}, ${goal.on}::timestamp)::date
    for update
  `
  return row?.id
}

export async function upsertGoal(sql: Queryable, userId: number, goal: NewGoal) {
  const [row] = await sql<[{ id: number }]>`
    insert into goal (measure, distributor_id, period, starts_on, target, set_by)
    values (${goal.measure}, ${goal.distributor_id ?? null}, ${goal.period},
      date_trunc(${goal.period}, ${goal.on}::timestamp)::date, ${goal.target}::bigint, ${userId})
    on conflict (measure, distributor_id, period, starts_on)
      do update set target = excluded.target, set_by = excluded.set_by, set_at = now()
    returning id
  `
  return row.id
}

export async function deleteGoal(sql: Queryable, id: number) {
  await sql`
    delete from goal
    where id = ${id}
  `
}
