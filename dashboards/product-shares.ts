import type { ParetoTile, ScatterTile } from './kinds.ts'

/** How few SKUs make the revenue. */
export const pareto: ParetoTile = {
  show: 'pareto',
  key: 'pareto',
  title: { zh: '几个 SKU 撑起收入', en: 'How few make the revenue' },
  sub: { zh: '最近 13 周，按收入从高到低', en: 'last 13 weeks, largest first' },
  head: { zh: 'SKU', en: 'SKU' },
  id: 'product_velocity.sku_id',
  name: 'product_velocity.sku',
  figure: {
    title: { zh: '销售额', en: 'Revenue' },
    measure: 'product_velocity.revenue_cents',
    unit: 'money',
  },
  classes: [
    { title: { zh: 'A', en: 'A' }, until: 80 },
    { title: { zh: 'B', en: 'B' }, until: 95 },
    { title: { zh: 'C', en: 'C' }, until: 100 },
  ],
  top: 2_000,
  width: 6,
  wide: { width: 8, order: 3 },
}

/** What sells fast and runs out, what sells slowly and ties up money. */
export const cover: ScatterTile = {
  show: 'scatter',
  key: 'cover',
  title: { zh: '卖得多快，还能卖多久', en: 'Velocity against cover' },
  sub: { zh: '最近 13 周', en: 'last 13 weeks' },
  head: { zh: 'SKU', en: 'SKU' },
  id: 'product_velocity.sku_id',
  name: 'product_velocity.sku',
  across: {
    title: { zh: '销量（件）', en: 'Units sold' },
    measure: 'product_velocity.units',
    unit: 'count',
    split: 13,
  },
  up: {
    title: { zh: '还能卖（天）', en: 'Days of cover' },
    measure: 'product_velocity.days_of_cover',
    unit: 'days',
    split: 30,
  },
  corners: {
    low: { zh: '慢，剩得少', en: 'Slow, little left' },
    across: { zh: '快，该补货', en: 'Fast, order more' },
    up: { zh: '慢，压着钱', en: 'Slow, ties up money' },
    both: { zh: '快，够卖', en: 'Fast, well stocked' },
  },
  top: 2_000,
  width: 6,
  wide: { width: 8, order: 4 },
}
