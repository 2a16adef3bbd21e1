import type { Queryable } from '../lib/postgres.ts'
import type { Found } from './schema.ts'

/** More of a kind than these are narrowed by another letter, not read. */
const PER_KIND_MAX = 5
const DIGITS_ID_MAX = 15

/** By its number, whole, or by its id: where an order is asked for, somebody has it in front of them. */
export async function findOrders(sql: Queryable, words: string) {
  const id = new RegExp(`^#?(\\d{1,${DIGITS_ID_MAX}})$`).exec(words)?.[1] ?? null
  return sql<Found[]>`
    select 'order' as kind, id, order_no as name, state as detail
    from sales_order
    where order_no in (${words}, ${words.toUpperCase()})
      or id = ${id}::bigint
    limit ${PER_KIND_MAX}
  `
}

export async function findDistributors(sql: Queryable, words: string) {
  return sql<Found[]>`
    select 'distributor' as kind, id, name, coalesce(region, code) as detail
    from distributor
    where name ilike ${within(words)}
      or code ilike ${begins(words)}
    order by name not ilike ${begins(words)}, depth, name
    limit ${PER_KIND_MAX}
  `
}

/** A product is found by the code of what is on the shelf, too. */
export async function findProducts(sql: Queryable, words: string) {
  return sql<Found[]>`
    select 'product' as kind, id, name, category as detail
    from product
    where name ilike ${within(words)}
      or code ilike ${begins(words)}
      or exists (select from sku where product_id = product.id and sku.code ilike ${begins(words)})
    order by status = 'retired', name not ilike ${begins(words)}, name
    limit ${PER_KIND_MAX}
  `
}

/** Of a distributor his own; who buys from those below him is theirs to know. */
export async function findCustomers(sql: Queryable, words: string, distributorId: number | null) {
  return sql<Found[]>`
    select 'customer' as kind, id, name, concat_ws(' · ', code, city) as detail
    from customer
    where (${distributorId}::bigint is null or distributor_id = ${distributorId}::bigint)
      and (name ilike ${within(words)} or code ilike ${begins(words)})
    order by name not ilike ${begins(words)}, name
    limit ${PER_KIND_MAX}
  `
}

function within(words: string) {
  return `%${literally(words)}%`
}

function begins(words: string) {
  return `${literally(words)}%`
}

/** What somebody types is looked for as it stands: a per cent sign is no wildcard. */
function literally(words: string) {
  return words.replaceAll(/[\\%_]/g, String.raw`\$&`)
}
