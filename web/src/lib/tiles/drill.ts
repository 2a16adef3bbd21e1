import type { Tile } from '../../../../dashboards/define.ts'
import { measuresOf } from './ask.ts'
import { drillText } from './links.ts'
import { viewOf } from './member.ts'
import { addressOf, type Scope } from './scope.ts'

/** Views whose numbers are sums over the lines of orders. */
const OF_ORDERS = ['sales', 'profit', 'products', 'distributors']

/** Where the orders behind all of a tile lie; null for what is not made of orders: visits, stock. */
export function drillOf(tile: Tile, scope: Scope): string | null {
  const [measure] = measuresOf(tile)
  const isOfOrders = measure !== undefined && OF_ORDERS.includes(viewOf(measure))
  // A chart with a span of its own has no period to take orders from.
  if (!isOfOrders || (tile.show === 'series' && tile.over)) return null
  return addressOf(scope, { drill: drillText(tile.key, {}) })
}
