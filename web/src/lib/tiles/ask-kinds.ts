import type { Measure, Tile } from '../../../../dashboards/define.ts'
import type {
  CohortTile,
  FactsTile,
  Figure,
  KindTile,
  MatrixTile,
  MixTile,
  NetworkTile,
  ParetoTile,
  ScatterTile,
  SpreadTile,
  StackTile,
  StepsTile,
} from '../../../../dashboards/kinds.ts'
import type { Panels } from '#lib/board.svelte.ts'
import { monthsUntil, type Period } from '#lib/period.ts'
import type { Asker } from './asker.ts'
import { leaguePanels } from './ask-league.ts'
import { figureTurn } from './figure-turn.ts'
import { viewOf } from './member.ts'

const kinds = [
  'cohort',
  'steps',
  'matrix',
  'mix',
  'spread',
  'stack',
  'network',
  'league',
  'facts',
  'pareto',
  'scatter',
] as const
/** Rows of a grid of classes or cohorts: more than any has cells. */
const CELLS_MAX = 1_000

export function isKind(tile: Tile): tile is KindTile {
  return kinds.some((kind) => kind === tile.show)
}

export function kindMeasures(tile: KindTile): Measure[] {
  return figuresOf(tile).map(({ measure }) => measure)
}

export function kindPanelsUnder({ key, show }: KindTile): [string, ...string[]] {
  switch (show) {
    case 'steps':
    case 'network':
    case 'pareto':
      return [key, `${key}:total`]
    case 'league':
      return [key, `${key}:total`, `${key}:before`]
    default:
      return [key]
  }
}

export function kindPanels(tile: KindTile, asker: Asker): Panels {
  switch (tile.show) {
    case 'cohort':
      return cohortPanels(tile, asker)
    case 'steps':
      return stepsPanels(tile, asker)
    case 'matrix':
      return matrixPanels(tile, asker)
    case 'mix':
      return mixPanels(tile, asker)
    case 'spread':
      return spreadPanels(tile, asker)
    case 'stack':
      return stackPanels(tile, asker)
    case 'network':
      return networkPanels(tile, asker)
    case 'league':
      return leaguePanels(tile, asker)
    case 'facts':
      return factsPanels(tile, asker)
    case 'pareto':
      return paretoPanels(tile, asker)
    case 'scatter':
      return scatterPanels(tile, asker)
  }
}

function figuresOf(tile: KindTile): Figure[] {
  switch (tile.show) {
    case 'cohort':
      return [...tile.ways, tile.size]
    case 'stack':
      return tile.ways
    case 'league':
      return tile.columns
    case 'facts':
      return tile.facts.flatMap((fact) => (fact.beside ? [fact, fact.beside] : [fact]))
    case 'steps':
      return [...tile.steps, tile.size]
    case 'pareto':
      return [tile.figure]
    case 'scatter':
      return [tile.across, tile.up]
    case 'matrix':
      return [tile.shade, tile.beside]
    case 'mix':
      return tile.parts
    case 'spread':
      return [...tile.shares, tile.index]
    case 'network':
      return [tile.team, tile.own, tile.beside, ...tile.facts]
  }
}

function cohortPanels(tile: CohortTile, { over, live, scope }: Asker): Panels {
  const way = figureTurn(tile.key, tile.ways, scope)
  const view = viewOf(way.measure)
  const query = {
    measures: unique([way.measure, tile.size.measure]),
    dimensions: [tile.cohort, tile.age],
    filters: [{ member: tile.age, operator: 'lt' as const, values: [String(tile.ages)] }],
    // The newest cohorts that there are: a month in which nobody came has none.
    order: { [tile.cohort]: 'desc' as const, [tile.age]: 'asc' as const },
    limit: tile.ages * tile.cohorts,
  }
  return { [tile.key]: live([view], (period) => [over(view, period.range, query)]) }
}

function stepsPanels(tile: StepsTile, { live, over }: Asker): Panels {
  const measures = kindMeasures(tile)
  const view = viewOf(tile.size.measure)
  return {
    [tile.key]: live([view], (period) => [
      over(view, period.range, { measures, grain: period.grain }),
    ]),
    [`${tile.key}:total`]: live([view], (period) => [over(view, period.range, { measures })]),
  }
}

function matrixPanels(tile: MatrixTile, { live, over }: Asker): Panels {
  const view = viewOf(tile.shade.measure)
  const query = {
    measures: unique(kindMeasures(tile)),
    dimensions: [tile.down.id, tile.across.id],
    limit: CELLS_MAX,
  }
  return { [tile.key]: live([view], (period) => [over(view, period.range, query)]) }
}

function mixPanels(tile: MixTile, { live, over }: Asker): Panels {
  const view = viewOf(tile.id)
  const query = {
    measures: unique(kindMeasures(tile)),
    dimensions: [tile.id],
    limit: CELLS_MAX,
    except: tile.id,
  }
  return { [tile.key]: live([view], (period) => [over(view, period.range, query)]) }
}

function spreadPanels(tile: SpreadTile, { live, over }: Asker): Panels {
  const measures = unique(kindMeasures(tile))
  const view = viewOf(tile.index.measure)
  return { [tile.key]: live([view], (period) => [over(view, period.range, { measures })]) }
}

function stackPanels(tile: StackTile, { live, over, scope }: Asker): Panels {
  const { measure } = figureTurn(tile.key, tile.ways, scope)
  const view = viewOf(measure)
  const query = (period: Period) => ({
    measures: [measure],
    dimensions: [tile.month, tile.by.id],
    filters: [
      {
        member: tile.month,
        operator: 'equals' as const,
        values: monthsUntil(period.day, tile.months),
      },
    ],
    limit: CELLS_MAX,
  })
  return { [tile.key]: live([view], (period) => [over(view, period.range, query(period))]) }
}

/** The whole is its own question: sales of teams overlap, those of sellers do not. */
function networkPanels(tile: NetworkTile, { live, over }: Asker): Panels {
  const view = viewOf(tile.id)
  const query = {
    measures: unique(kindMeasures(tile)),
    dimensions: [
      ...[tile.id, tile.name, tile.parent, tile.grade],
      ...[tile.depth, tile.activity.id, tile.dependence.id],
    ],
    // Of those who sold nothing the upper ones first, so that nobody comes without his parent.
    order: { [tile.team.measure]: 'desc' as const, [tile.depth]: 'asc' as const },
    limit: tile.top,
    total: true,
    except: tile.id,
  }
  const whole = { measures: [tile.own.measure], except: tile.id }
  return {
    [tile.key]: live([view], (period) => [over(view, period.range, query)]),
    [`${tile.key}:total`]: live([view], (period) => [over(view, period.range, whole)]),
  }
}

/** The whole is its own question, so that a list that is cut short cuts no share. */
function paretoPanels({ key, id, name, figure, top }: ParetoTile, { live, over }: Asker): Panels {
  const view = viewOf(id)
  const measures = [figure.measure]
  const order = { [figure.measure]: 'desc' as const }
  const query = { measures, dimensions: [id, name], order, limit: top, total: true, except: id }
  return {
    [key]: live([view], (period) => [over(view, period.range, query)]),
    [`${key}:total`]: live([view], (period) => [
      over(view, period.range, { measures, except: id }),
    ]),
  }
}

function scatterPanels(tile: ScatterTile, { live, over }: Asker): Panels {
  const view = viewOf(tile.id)
  const query = {
    measures: unique(kindMeasures(tile)),
    dimensions: [tile.id, tile.name],
    order: { [tile.across.measure]: 'desc' as const },
    limit: tile.top,
    total: true,
    except: tile.id,
  }
  return { [tile.key]: live([view], (period) => [over(view, period.range, query)]) }
}

function factsPanels(tile: FactsTile, { live, over }: Asker): Panels {
  const measures = unique(kindMeasures(tile))
  const view = viewOf(measures[0] ?? '')
  return { [tile.key]: live([view], (period) => [over(view, period.range, { measures })]) }
}

function unique<One>(all: readonly One[]): One[] {
  return [...new Set(all)]
}
