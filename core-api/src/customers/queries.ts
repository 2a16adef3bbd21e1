import type { Queryable } from '../lib/postgres.ts'
import type { PageQuery } from '../lib/schema.ts'
import type { Customer } from './schema.ts'

export async function listCustomers(sql: Queryable, { after, limit }: PageQuery) {
  return sql<Customer[]>`
    select id, code, name, segment, country, region, city, distributor_id
    from customer
    where id > ${after}
    order by id
    limit ${limit}
  `
}
