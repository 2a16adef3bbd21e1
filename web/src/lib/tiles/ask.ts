import { topics } from '../../../../dashboards/topics.ts'
import type {
  AlertsTile,
  Dashboard,
  FunnelTile,
  HoursTile,
  Measure,
  NumberTile,
  RankingTile,
  ShareTile,
  Tile,
  VelocityTile,
  View,
  WaterfallTile,
} from '../../../../dashboards/define.ts'
import type { Panels, Results } from '#lib/board.svelte.ts'
import type { CubeQuery } from '#lib/cube.ts'
import { rowsOf } from './read.ts'
import { askerFor, type Asker, type Question } from './asker.ts'

const CHANNELS_MAX = 50
/** More severe first; what is fine is no alert. */
export const severities = ['out', 'critical', 'soon', 'watch'] as const

export function panelsOf(question: Question): Panels {
  const asker = askerFor(question)
  return Object.assign(
    totalPanels(asker),
    ...question.dashboard.tiles.map((tile) => tilePanels(tile, asker)),
  )
}

/** The panels a tile stands on, the one that dates it first. */
export function panelsUnder(tile: Tile): [string, ...string[]] {
  switch (tile.show) {
    case 'number': {
      const view = viewOf(tile.measure)
      return [`totals:${view}`, `before:${view}`, `hours:${view}`]
    }
    case 'waterfall':
      return [`totals:${viewOf(tile.base)}`]
    case 'funnel':
      return [`totals:${viewOf(tile.steps[0]?.measure ?? 'conversion.visits')}`]
    case 'velocity':
      return [tile.key, `${tile.key}:cover`, `${tile.key}:before`]
    case 'alerts':
      return [tile.key, `${tile.key}:count`]
    default:
      return [tile.key, `${tile.key}:before`]
  }
}

/** Panels that ask about the rows another panel named. */
export function panelsBehind(tile: Tile): string[] {
  if (tile.show === 'ranking') return [`${tile.key}:before`]
  return tile.show === 'velocity' ? [`${tile.key}:before`, `${tile.key}:cover`] : []
}

/** The rows a tile shows, for the panels behind it. */
export function idsIn(dashboard: Dashboard, results: Results, key: string): string[] {
  const tile = dashboard.tiles.find((each) => each.key === key)
  if (tile?.show !== 'ranking' && tile?.show !== 'velocity') return []
  return rowsOf(results, key).flatMap((row) => row[tile.id] ?? [])
}

export function viewOf(member: string): View {
  const [name = ''] = member.split('.')
  if (!isView(name)) throw new Error(`${member} is of no view`)
  return name
}

function isView(name: string): name is View {
  return name in topics
}

function tilePanels(tile: Tile, asker: Asker): Panels {
  switch (tile.show) {
    case 'hours':
      return hoursPanels(tile, asker)
    case 'ranking':
      return rankingPanels(tile, asker)
    case 'share':
      return sharePanels(tile, asker)
    case 'velocity':
      return velocityPanels(tile, asker)
    case 'alerts':
      return alertsPanels(tile, asker)
    default:
      return {}
  }
}

/** Numbers, waterfall and funnel of one view are one question, so they never differ by an order. */
function totalPanels({ tiles, live, rest, over }: Asker): Panels {
  const panels: Panels = {}
  for (const view of new Set(tiles.flatMap(measuresIn).map(viewOf))) {
    const inView = (measure: Measure) => viewOf(measure) === view
    const all = [...new Set(tiles.flatMap(measuresIn).filter(inView))]
    const numbers = [
      ...new Set(
        tiles
          .filter(isNumber)
          .map(({ measure }) => measure)
          .filter(inView),
      ),
    ]

    panels[`totals:${view}`] = live([view], (period) => [
      over(view, period.today, { measures: all }),
    ])
    panels[`before:${view}`] = rest((period) => [
      over(view, period.sameTime, { measures: all }),
      over(view, period.wholeDayBefore, { measures: numbers }, 'hour'),
    ])
    panels[`hours:${view}`] = rest((period) => [
      over(view, period.today, { measures: numbers }, 'hour'),
    ])
  }
  return panels
}

function isNumber(tile: Tile): tile is NumberTile {
  return tile.show === 'number'
}

/** The measures of tiles that are told as totals of the day. */
function measuresIn(tile: Tile): Measure[] {
  if (tile.show === 'number')
    return tile.beside ? [tile.measure, tile.beside.measure] : [tile.measure]
  return tile.show === 'waterfall' || tile.show === 'funnel' ? stepsOf(tile) : []
}

function stepsOf(tile: WaterfallTile | FunnelTile) {
  return tile.steps.map(({ measure }) => measure)
}

function hoursPanels({ key, measure }: HoursTile, { live, rest, over }: Asker): Panels {
  const view = viewOf(measure)
  const ask = { measures: [measure] }
  return {
    [key]: live([view], (period) => [over(view, period.today, ask, 'hour')]),
    [`${key}:before`]: rest((period) => [over(view, period.wholeDayBefore, ask, 'hour')]),
  }
}

function rankingPanels(tile: RankingTile, { live, rest, over, only }: Asker): Panels {
  const { key, measure, own, id, name, top } = tile
  const view = viewOf(measure)
  const ranked = {
    measures: [measure, own],
    dimensions: [id, name],
    order: { [measure]: 'desc' as const },
    limit: top,
    total: true,
  }
  return {
    [key]: live([view], (period) => [over(view, period.today, ranked)]),
    [`${key}:before`]: rest((period) =>
      only(key, id, (filters) => [
        over(view, period.sameTime, { measures: [measure], dimensions: [id], filters }),
      ]),
    ),
  }
}

function sharePanels({ key, measure, id, name }: ShareTile, { live, rest, over }: Asker): Panels {
  const view = viewOf(measure)
  const ask = { measures: [measure], dimensions: [id, name], limit: CHANNELS_MAX }
  return {
    [key]: live([view], (period) => [over(view, period.today, ask)]),
    [`${key}:before`]: rest((period) => [over(view, period.sameTime, ask)]),
  }
}

function velocityPanels(tile: VelocityTile, { live, rest, over, only }: Asker): Panels {
  const { key, measure, id, name, top, days, cover } = tile
  const view = viewOf(measure)
  const limit = top * days
  const ask = { measures: [measure], dimensions: [id] }
  const ranked = {
    measures: [measure],
    dimensions: [id, name],
    // An order's shipping belongs to no product.
    filters: [{ member: id, operator: 'set' as const }],
    order: { [measure]: 'desc' as const },
    limit: top,
    total: true,
  }
  return {
    [key]: live([view], (period) => [over(view, period.today, ranked)]),
    [`${key}:cover`]: live([viewOf(cover.measure)], () =>
      only(key, cover.id, (filters) => [
        { measures: [cover.measure], dimensions: [cover.id], filters },
      ]),
    ),
    [`${key}:before`]: rest((period) =>
      only(key, id, (filters) => [
        over(view, period.sameTime, { ...ask, filters }),
        over(view, period.daysUntilToday(days), { ...ask, filters, limit }, 'day'),
      ]),
    ),
  }
}

/** The list is live; how many there are of each kind costs four more scans, so it is asked by the minute. */
function alertsPanels(tile: AlertsTile, { live, rest }: Asker): Panels {
  const { key, id, name, warehouse, severity, cover, available, reorder, leadTime, top } = tile
  const equals = (values: string[]) => [{ member: severity, operator: 'equals' as const, values }]
  const query: CubeQuery = {
    measures: [cover, available],
    dimensions: [id, name, warehouse.id, warehouse.name, severity, reorder, leadTime],
    filters: equals([...severities]),
    order: { [cover]: 'asc' },
    limit: top,
  }
  return {
    [key]: live([viewOf(cover)], () => [query]),
    [`${key}:count`]: rest(() =>
      severities.map((each) => ({
        measures: [available],
        dimensions: [id, warehouse.id],
        filters: equals([each]),
        limit: 1,
        total: true,
      })),
    ),
  }
}
