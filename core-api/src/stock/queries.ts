import type { Queryable } from '../lib/postgres.ts'
import type { Receipts, StockLevel } from './schema.ts'

/** Enough for every sku of every warehouse of a company of the size this stage is for. */
const LEVELS_MAX = 50_000

export async function listLevels(
  sql: Queryable,
  { skuId, warehouseId }: { skuId: number | null; warehouseId: number | null },
) {
  return sql<StockLevel[]>`
    select sku_id, warehouse_id, on_hand, reserved, on_hand - reserved as available, value_cents
    from stock_level
    where (${skuId}::bigint is null or sku_id = ${skuId}::bigint)
      and (${warehouseId}::bigint is null or warehouse_id = ${warehouseId}::bigint)
    order by sku_id, warehouse_id
    limit ${LEVELS_MAX}
  `
}

/** The skus among these that have no shelf: services, and what does not exist. */
export async function listWithoutShelf(sql: Queryable, skuIds: number[]) {
  const rows = await sql<{ id: number }[]>`
    select wanted.id
    from unnest(${skuIds}::bigint[]) as wanted (id)
    left join sku on sku.id = wanted.id
    where is_service is distinct from false
  `
  return new Set(rows.map(({ id }) => id))
}

/** In the order given: receipts that touch the same shelves lock them in one order. */
export async function receive(sql: Queryable, receipts: Receipts['receipts']) {
  await sql`
    select receive_stock(receipt.sku_id, receipt.warehouse_id, receipt.quantity, receipt.cost_cents,
      'purchase', now())
    from unnest(
      ${receipts.map((receipt) => receipt.sku_id)}::bigint[],
      ${receipts.map((receipt) => receipt.warehouse_id)}::bigint[],
      ${receipts.map((receipt) => receipt.quantity)}::bigint[],
      ${receipts.map((receipt) => String(receipt.cost_cents))}::bigint[]
    ) as receipt (sku_id, warehouse_id, quantity, cost_cents)
  `
}
