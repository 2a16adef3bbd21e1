import type { Queryable } from '../lib/postgres.ts'
import type { PageQuery } from '../lib/schema.ts'
import type { Distributor, DistributorChange, NewDistributor } from './schema.ts'

export async function listDistributors(sql: Queryable, { after, limit }: PageQuery) {
  return sql<Distributor[]>`
    select id, code, name, parent_id, ancestor_ids(path) as ancestor_ids, depth, grade, region, city,
      status, joined_at
    from distributor
    where id > ${after}
    order by id
    limit ${limit}
  `
}

export async function findDistributor(sql: Queryable, id: number) {
  const [row] = await sql<[Distributor?]>`
    select id, code, name, parent_id, ancestor_ids(path) as ancestor_ids, depth, grade, region, city,
      status, joined_at
    from distributor
    where id = ${id}
  `
  return row
}

/** Whoever changes the shape of the tree holds this first: no two changes see each other half done. */
export async function lockTree(sql: Queryable) {
  await sql`select pg_advisory_xact_lock(hashtext('distributor_tree'))`
}

export async function insertDistributor(sql: Queryable, wanted: NewDistributor) {
  const [row] = await sql<[{ id: number }]>`
    insert into distributor (code, name, parent_id, grade, region, city, status)
    values (${wanted.code}, ${wanted.name}, ${wanted.parent_id ?? null},
      ${wanted.grade ?? 'standard'}, ${wanted.region ?? null}, ${wanted.city ?? null},
      ${wanted.status ?? 'active'})
    returning id
  `
  return row.id
}

/** `undefined` leaves a column as it is; a null parent makes a root. */
export async function updateDistributor(sql: Queryable, id: number, change: DistributorChange) {
  const { count } = await sql`
    update distributor
    set parent_id = ${change.parent_id === undefined ? sql`parent_id` : change.parent_id},
      name = ${change.name ?? sql`name`},
      status = ${change.status ?? sql`status`}
    where id = ${id}
  `
  return count
}
