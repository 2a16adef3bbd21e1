import type { Dashboard, Dimension, Tile } from '../../../../dashboards/define.ts'
import type { Results } from '#lib/board.svelte.ts'
import { rowsOf } from '#lib/tiles/read.ts'
import type { Scope } from '#lib/tiles/scope.ts'
import { pivotTurn, tableTurn } from '#lib/tiles/turn.ts'

/** What the tile on the page calls the row with this id; null where the row is no longer on it. */
export function rowName(
  { tiles }: Dashboard,
  scope: Scope,
  results: Results,
  key: string,
  id: string,
): string | null {
  const tile = tiles.find((each) => each.key === key)
  const by = tile && memberOf(tile, scope)
  if (!by) return null
  const row = rowsOf(results, key).find((each) => each[by.id] === id)
  return row?.[by.name] ?? null
}

function memberOf(tile: Tile, scope: Scope): { id: Dimension; name: Dimension } | null {
  if (tile.show === 'table') return tableTurn(tile, scope).by
  if (tile.show === 'pivot') return pivotTurn(tile, scope).rows
  if (tile.show === 'ranking' || tile.show === 'share' || tile.show === 'velocity') return tile
  if (tile.show === 'league' || tile.show === 'pareto' || tile.show === 'scatter') return tile
  return null
}
