/** Goods and where they lie. */
import type { Sql } from '../src/lib/postgres.ts'
import { unique } from './unique.ts'

export type Sku = { id: number; product_id: number; code: string; warehouse_id: number }

export function createGoods(sql: Sql) {
  return { sku, service, stock, warehouse }

  /** A sku with a price, lying in a warehouse of its own unless one is named. */
  async function sku({
    price_cents = 1_000n,
    in_stock = 0,
    value_cents = 0n,
    warehouse_id,
    is_service = false,
  }: {
    price_cents?: bigint
    in_stock?: number
    value_cents?: bigint
    warehouse_id?: number
    is_service?: boolean
  } = {}): Promise<Sku> {
    const code = unique('SKU')
    const [product] = await sql<[{ id: number }]>`
      insert into product (code, name, category) values (${code}, ${code}, 'Test') returning id
    `
    const [row] = await sql<[{ id: number }]>`
      insert into sku (product_id, code, name, is_service)
      values (${product.id}, ${code}, ${code}, ${is_service})
      returning id
    `
    await sql`insert into price (sku_id, price_cents) values (${row.id}, ${price_cents.toString()})`
    const shelf = warehouse_id ?? (await warehouse())
    if (in_stock > 0) await stock(row.id, shelf, in_stock, value_cents)
    return { id: row.id, product_id: product.id, code, warehouse_id: shelf }
  }

  function service(price_cents: bigint): Promise<Sku> {
    return sku({ price_cents, is_service: true })
  }

  async function stock(skuId: number, warehouseId: number, quantity: number, value = 0n) {
    await sql`
      select receive_stock(${skuId}, ${warehouseId}, ${quantity}, ${value.toString()}::bigint, 'opening', now())
    `
  }

  async function warehouse(priority = 100): Promise<number> {
    const code = unique('W')
    const [row] = await sql<[{ id: number }]>`
      insert into warehouse (code, name, priority) values (${code}, ${code}, ${priority}) returning id
    `
    return row.id
  }
}
