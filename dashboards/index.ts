import type { Dashboard } from './define.ts'
import profit from './profit.ts'
import sales from './sales.ts'
import today from './today.ts'

export { profit, sales, today }

/** In the order of the rail. */
export const dashboards: readonly Dashboard[] = [today, sales, profit]
