import type { Dashboard } from './define.ts'
import conversion from './conversion.ts'
import customers from './customers.ts'
import distributors from './distributors.ts'
import products from './products.ts'
import profit from './profit.ts'
import sales from './sales.ts'
import today from './today.ts'

export { conversion, customers, distributors, products, profit, sales, today }

/** In the order of the rail. */
export const dashboards: readonly Dashboard[] = [
  today,
  sales,
  profit,
  conversion,
  distributors,
  products,
  customers,
]
