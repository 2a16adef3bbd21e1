import type { Tile } from '../../../../dashboards/define.ts'
import { measuresOf } from './ask.ts'
import { drillText } from './links.ts'
import { isOfOrders } from './orders.ts'
import { addressOf, type Scope } from './scope.ts'

/** Where the orders behind all of a tile lie; null for what is not made of orders: visits, stock. */
export function drillOf(tile: Tile, scope: Scope): string | null {
  const [measure] = measuresOf(tile)
  // A chart with a span of its own has no period to take orders from.
  const hasOwnSpan = tile.show === 'series' && tile.over !== undefined
  if (measure === undefined || !isOfOrders(measure) || hasOwnSpan) return null
  return addressOf(scope, { drill: drillText(tile.key, {}) })
}
