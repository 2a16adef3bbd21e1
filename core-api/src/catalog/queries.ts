import type { Queryable } from '../lib/postgres.ts'
import type { PageQuery } from '../lib/schema.ts'
import type { Channel, Product, Sku, Warehouse } from './schema.ts'

export async function listProducts(sql: Queryable, { after, limit }: PageQuery) {
  return sql<Product[]>`
    select id, code, name, category, subcategory, status
    from product
    where id > ${after}
    order by id
    limit ${limit}
  `
}

export async function listSkus(sql: Queryable, { after, limit }: PageQuery) {
  return sql<Sku[]>`
    select sku.id, product_id, code, name, unit, is_service, reorder_point, lead_time_days,
      current_price.price_cents
    from sku
    left join price as current_price
      on current_price.sku_id = sku.id and list = 'retail' and min_quantity = 1 and valid @> now()
    where sku.id > ${after}
    order by sku.id
    limit ${limit}
  `
}

export async function listChannels(sql: Queryable, { after, limit }: PageQuery) {
  return sql<Channel[]>`
    select id, code, name, kind
    from channel
    where id > ${after}
    order by id
    limit ${limit}
  `
}

export async function listWarehouses(sql: Queryable, { after, limit }: PageQuery) {
  return sql<Warehouse[]>`
    select id, code, name, region, priority
    from warehouse
    where id > ${after}
    order by id
    limit ${limit}
  `
}
