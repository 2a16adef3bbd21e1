import type { View, views } from '../semantic/members.ts'

/**
 * Which changes a view's numbers depend on, for the page to know when to ask again. The type is the
 * model's own list, so this table does not compile when the two differ.
 */
export const topics: { [Name in View]: (typeof views)[Name]['topics'] } = {
  commissions: ['commissions', 'catalog'],
  conversion: ['funnel', 'catalog'],
  distributors: ['sales', 'catalog'],
  products: ['sales', 'catalog'],
  profit: ['sales', 'catalog'],
  sales: ['sales', 'catalog'],
  stock: ['stock', 'catalog'],
}
