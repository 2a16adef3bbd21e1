/** Stock a second way: from the levels that orders are checked against, not from their moves. */
import type { Relation, ViewOracle } from './kind.ts'

export const STOCK_RELATIONS: Relation[] = [
  [
    'oracle_stock',
    `
      select level.sku_id, sku.name as sku, sku.product_id, product.name as product, level.warehouse_id,
        warehouse.name as warehouse, sku.reorder_point, sku.lead_time_days, level.on_hand, level.reserved,
        level.on_hand - level.reserved as available, level.value_cents, coalesce(sold.units, 0) as sold
      from stock_level as level
      join sku on sku.id = level.sku_id
      join product on product.id = sku.product_id
      join warehouse on warehouse.id = level.warehouse_id
      left join (
        select line.sku_id, o.warehouse_id, sum(line.quantity) as units
        from order_line as line
        join sales_order as o on o.id = line.order_id
        join sku on sku.id = line.sku_id and not sku.is_service
        where o.shipped_at > statement_timestamp() - interval '14 days'
        group by line.sku_id, o.warehouse_id
      ) as sold on sold.sku_id = level.sku_id and sold.warehouse_id = level.warehouse_id
    `,
  ],
]

/** Divided last: a fourteenth that is rounded first would be over a level it should be equal to. */
const SEVERITY = `case
  when available <= 0 then 'out'
  when available < sold * lead_time_days / 28.0 then 'critical'
  when available < sold * lead_time_days / 14.0 then 'soon'
  when available < sold * lead_time_days * 1.5 / 14.0 or available <= reorder_point then 'watch'
  else 'ok' end`

export const STOCK_ORACLE: Record<string, ViewOracle> = {
  stock: {
    from: 'oracle_stock',
    scope: null,
    dimensions: { severity: SEVERITY },
    measures: {
      position_count: 'count(*)',
      on_hand: 'sum(on_hand)',
      reserved: 'sum(reserved)',
      available: 'sum(available)',
      value_cents: 'sum(value_cents)',
      sold_14d: 'sum(sold)',
      daily_velocity: 'round(sum(sold) / 14.0, 4)',
      days_of_cover: 'case when sum(sold) > 0 then round(sum(available) * 14.0 / sum(sold), 2) end',
    },
  },
}
