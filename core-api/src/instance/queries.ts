import type { Queryable } from '../lib/postgres.ts'
import type { Instance } from './schema.ts'

export async function findInstance(sql: Queryable) {
  const [row] = await sql<[Instance?]>`
    select name, currency, minor_digits, time_zone, demo
    from instance
  `
  return row
}

export async function ping(sql: Queryable) {
  await sql`select 1`
}
