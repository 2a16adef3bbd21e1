/** The executive page: how long the goods last. */
import { type Parts, type Question } from './question.ts'

const base = { group: 'today', as: 'admin' } as const

export function stockQuestions(parts: Parts): Question[] {
  return [coverOfTheProducts(parts), stockAlerts()]
}

function coverOfTheProducts({ setting }: Parts): Question {
  const products = setting.top_products.join(', ')
  return {
    ...base,
    name: 'cover of the products',
    tiles: ['velocity'],
    query: {
      measures: ['stock.days_of_cover', 'stock.available'],
      dimensions: ['stock.product_id'],
      filters: [{ member: 'stock.product_id', operator: 'equals', values: setting.top_products }],
    },
    columns: ['stock.product_id', 'stock.available'],
    sql: (d) =>
      `select level.product_id, sum(available), sum(coalesce(units, 0))
       from (
         select product_id, sku_id, warehouse_id, available
         from ${d.stock()} as level
         join ${d.table('sku')} as sku on sku.id = level.sku_id
         where sku.product_id in (${products})
       ) as level
       left join (
         select sku_id, warehouse_id, -sum(on_hand_delta) as units from ${d.table('stock_move')}
         where kind = 'issue' and product_id in (${products}) and ${d.lastDays(14)}
         group by sku_id, warehouse_id
       ) as sold on sold.sku_id = level.sku_id and sold.warehouse_id = level.warehouse_id
       group by level.product_id`,
  }
}

function stockAlerts(): Question {
  return {
    ...base,
    name: 'stock alerts',
    tiles: ['alerts'],
    query: {
      measures: ['stock.days_of_cover', 'stock.available'],
      dimensions: [
        ...['sku_id', 'sku', 'warehouse_id', 'warehouse', 'severity', 'reorder_point'],
        'lead_time_days',
      ].map((name) => `stock.${name}`),
      filters: [
        {
          member: 'stock.severity',
          operator: 'equals',
          values: ['out', 'critical', 'soon', 'watch'],
        },
      ],
      order: { 'stock.days_of_cover': 'asc' },
      limit: 5,
      total: true,
    },
    columns: [],
    sql: (d) =>
      `select available * 14.0 / nullif(units, 0) as cover, available, sku.name, warehouse.name, reorder_point, lead_time_days
       from ${d.stock()} as level
       left join (
         select sku_id, warehouse_id, -sum(on_hand_delta) as units from ${d.table('stock_move')}
         where kind = 'issue' and ${d.lastDays(14)}
         group by sku_id, warehouse_id
       ) as sold on sold.sku_id = level.sku_id and sold.warehouse_id = level.warehouse_id
       join ${d.table('sku')} as sku on sku.id = level.sku_id
       join ${d.table('warehouse')} as warehouse on warehouse.id = level.warehouse_id
       where available <= 0 or available * 28 < units * lead_time_days * 3 or available <= reorder_point
       order by cover limit 5`,
  }
}
