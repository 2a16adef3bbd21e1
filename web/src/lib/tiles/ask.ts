import type { Dashboard, Measure, NumberTile, Tile } from '../../../../dashboards/define.ts'
import type { Panels, Results } from '#lib/board.svelte.ts'
import { askerFor, type Asker, type Question } from './asker.ts'
import { isKind, kindMeasures, kindPanels, kindPanelsUnder } from './ask-kinds.ts'
import { alertsPanels, velocityPanels } from './ask-stock.ts'
import { pivotPanels, rankingPanels, seriesPanels, sharePanels, tablePanels } from './ask-rows.ts'
import { viewOf } from './member.ts'
import { headlineOf } from './prepare/number.ts'
import { rowsOf } from './read.ts'

export function panelsOf(question: Question): Panels {
  const asker = askerFor(question)
  return Object.assign(
    totalPanels(asker),
    ...question.dashboard.tiles.map((tile) => tilePanels(tile, asker)),
  )
}

/** The panels a tile stands on, the one that dates it first. */
export function panelsUnder(tile: Tile): [string, ...string[]] {
  if (isKind(tile)) return kindPanelsUnder(tile)
  switch (tile.show) {
    case 'number': {
      const view = viewOf(tile.measure)
      return [`totals:${view}`, `before:${view}`, `series:${view}`]
    }
    case 'waterfall':
      return [`totals:${viewOf(tile.base)}`, `before:${viewOf(tile.base)}`]
    case 'funnel':
      return [`totals:${viewOf(tile.steps[0]?.measure ?? 'conversion.visits')}`]
    case 'velocity':
      return [tile.key, `${tile.key}:cover`, `${tile.key}:before`]
    case 'alerts':
      return [tile.key, `${tile.key}:count`]
    case 'table':
    case 'pivot':
      return [tile.key, `${tile.key}:total`]
    default:
      return [tile.key, `${tile.key}:before`]
  }
}

/** Panels that ask about the rows another panel named. */
export function panelsBehind(tile: Tile): string[] {
  if (tile.show === 'ranking' || tile.show === 'league') return [`${tile.key}:before`]
  return tile.show === 'velocity' ? [`${tile.key}:before`, `${tile.key}:cover`] : []
}

/** The rows a tile shows, for the panels behind it. */
export function idsIn(dashboard: Dashboard, results: Results, key: string): string[] {
  const tile = dashboard.tiles.find((each) => each.key === key)
  if (tile?.show !== 'ranking' && tile?.show !== 'velocity' && tile?.show !== 'league') return []
  return rowsOf(results, key).flatMap((row) => row[tile.id] ?? [])
}

/** Every measure a tile shows: what its card explains, and what must be right about it. */
export function measuresOf(tile: Tile): Measure[] {
  if (isKind(tile)) return kindMeasures(tile)
  switch (tile.show) {
    case 'number':
      return tile.beside ? [tile.measure, tile.beside.measure] : [tile.measure]
    case 'series':
    case 'share':
      return [tile.measure]
    case 'waterfall':
    case 'funnel':
      return tile.steps.map(({ measure }) => measure)
    case 'table':
      return tile.columns.map(({ measure }) => measure)
    case 'pivot':
      return tile.measures.map(({ measure }) => measure)
    case 'ranking':
      return tile.own ? [tile.measure, tile.own] : [tile.measure]
    case 'velocity':
      return [tile.measure, tile.cover.measure]
    case 'alerts':
      return [tile.cover, tile.available]
  }
}

function tilePanels(tile: Tile, asker: Asker): Panels {
  if (isKind(tile)) return kindPanels(tile, asker)
  switch (tile.show) {
    case 'series':
      return seriesPanels(tile, asker)
    case 'ranking':
      return rankingPanels(tile, asker)
    case 'share':
      return sharePanels(tile, asker)
    case 'table':
      return tablePanels(tile, asker)
    case 'pivot':
      return pivotPanels(tile, asker)
    case 'velocity':
      return velocityPanels(tile, asker)
    case 'alerts':
      return alertsPanels(tile, asker)
    default:
      return {}
  }
}

/** Numbers, waterfall and funnel of one view are one question, so they never differ by an order. */
function totalPanels({ tiles, live, rest, over, before }: Asker): Panels {
  const panels: Panels = {}
  const told = tiles.flatMap(toldAsTotals)
  for (const view of new Set(told.map(viewOf))) {
    const inView = (measure: Measure) => viewOf(measure) === view
    const all = { measures: [...new Set(told.filter(inView))] }
    const headlines = tiles.filter(isNumber).map(({ measure }) => measure)
    const numbers = { measures: [...new Set(headlines.filter(inView))] }

    panels[`totals:${view}`] = live([view], (period) => [over(view, period.range, all)])
    panels[`before:${view}`] = rest((period) => [
      ...before(view, period, all),
      ...before(view, period, { ...numbers, grain: period.grain }, 'whole'),
    ])
    if (numbers.measures.length > 0)
      panels[`series:${view}`] = rest((period) => [
        over(view, period.range, { ...numbers, grain: period.grain }),
      ])
  }
  return panels
}

function isNumber(tile: Tile): tile is NumberTile {
  return tile.show === 'number'
}

/** The measures of tiles that are told as totals of the period. */
function toldAsTotals(tile: Tile): Measure[] {
  return tile.show === 'number' || tile.show === 'waterfall' || tile.show === 'funnel'
    ? measuresOf(tile)
    : tile.show === 'series' && tile.headline
      ? measuresOf(headlineOf(tile))
      : []
}
