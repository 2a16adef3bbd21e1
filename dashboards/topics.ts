import type { View, views } from '../semantic/members.ts'

// Generated from semantic/members.ts by `npm run generate`. Do not edit.
/** Which changes a view's numbers depend on, for the page to know when to ask again. */
export const topics: { [Name in View]: (typeof views)[Name]['topics'] } = {
  commissions: ['commissions', 'catalog'],
  conversion: ['funnel', 'catalog'],
  conversion_cohort: ['funnel', 'catalog'],
  customer_cohorts: ['sales'],
  customer_profiles: ['sales', 'catalog'],
  customers: ['sales', 'catalog'],
  distributor_performance: ['sales', 'commissions', 'catalog'],
  distributors: ['sales', 'catalog'],
  fulfilment: ['orders', 'catalog'],
  order_lines: ['sales', 'catalog'],
  orders_pipeline: ['orders', 'catalog'],
  peers: ['sales', 'catalog'],
  product_velocity: ['sales', 'stock', 'catalog'],
  products: ['sales', 'catalog'],
  profit: ['sales', 'catalog'],
  sales: ['sales', 'catalog'],
  stock: ['stock', 'catalog'],
}

/** Views of how things stand now: they know no period, and there is nothing to compare with. */
export const timeless: readonly View[] = [
  'customer_cohorts',
  'customer_profiles',
  'customers',
  'product_velocity',
  'stock',
]

/** Views whose sales are of so many whole weeks up to yesterday, whatever period the page has. */
export const wholeWeeks: { readonly [Name in View]?: number } = { product_velocity: 13 }
