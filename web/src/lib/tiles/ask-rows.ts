import type {
  PivotTile,
  RankingTile,
  SeriesTile,
  ShareTile,
  TableTile,
} from '../../../../dashboards/define.ts'
import type { Panels } from '#lib/board.svelte.ts'
import { spanAt } from '#lib/period.ts'
import type { Asker } from './asker.ts'
import { viewOf } from './member.ts'
import { pivotTurn, tableTurn } from './turn.ts'

const CHANNELS_MAX = 50

export function seriesPanels(tile: SeriesTile, { live, rest, over, before, scope }: Asker): Panels {
  const { key, measure, over: span } = tile
  const view = viewOf(measure)
  const measures = [measure]
  if (span)
    return {
      [key]: live([view], (_, asOf) => {
        const { range } = spanAt(asOf, scope.timeZone, span.grain, span.count)
        return [over(view, range, { measures, grain: span.grain })]
      }),
      [`${key}:before`]: rest(() => []),
    }
  return {
    [key]: live([view], (period) => [over(view, period.range, { measures, grain: period.grain })]),
    [`${key}:before`]: rest((period) =>
      before(view, period, { measures, grain: period.grain }, 'whole'),
    ),
  }
}

export function rankingPanels(tile: RankingTile, asker: Asker): Panels {
  const { live, rest, over, before, only } = asker
  const { key, measure, own, id, name, top } = tile
  const view = viewOf(measure)
  const ranked = {
    measures: own ? [measure, own] : [measure],
    dimensions: id === name ? [id] : [id, name],
    // What belongs to none has no place in a ranking: an order's shipping is of no product.
    filters: [{ member: id, operator: 'set' as const }],
    order: { [measure]: 'desc' as const },
    limit: top,
    total: true,
    except: id,
  }
  return {
    [key]: live([view], (period) => [over(view, period.range, ranked)]),
    [`${key}:before`]: rest((period) =>
      only(key, id, (filters) =>
        before(view, period, { measures: [measure], dimensions: [id], filters, except: id }),
      ),
    ),
  }
}

export function sharePanels(tile: ShareTile, { live, rest, over, before }: Asker): Panels {
  const { key, measure, id, name } = tile
  const view = viewOf(measure)
  const dimensions = id === name ? [id] : [id, name]
  const ask = { measures: [measure], dimensions, limit: CHANNELS_MAX, except: id }
  return {
    [key]: live([view], (period) => [over(view, period.range, ask)]),
    [`${key}:before`]: rest((period) => before(view, period, ask)),
  }
}

/** The whole below the rows is a question of its own: a sum over the rows that are shown would miss the others. */
export function tablePanels(tile: TableTile, { live, over, scope }: Asker): Panels {
  const { key, columns, top } = tile
  const measures = columns.map(({ measure }) => measure)
  const view = viewOf(measures[0] ?? '')
  const { by, sort, direction } = tableTurn(tile, scope)
  const { id, name } = by
  const rows = {
    measures,
    dimensions: id === name ? [id] : [id, name],
    order: { [sort.measure]: direction },
    limit: top,
    total: true,
    except: id,
  }
  return {
    [key]: live([view], (period) => [over(view, period.range, rows)]),
    [`${key}:total`]: live([view], (period) => [over(view, period.range, { measures })]),
  }
}

/** Which rows there are, and the sums of rows and columns. The cells come as they are scrolled to. */
export function pivotPanels(tile: PivotTile, { live, over, scope }: Asker): Panels {
  const { rows, measure, limit } = pivotTurn(tile, scope)
  const view = viewOf(measure.measure)
  const measures = [measure.measure]
  const heads = {
    measures,
    dimensions: rows.id === rows.name ? [rows.id] : [rows.id, rows.name],
    order: { [measure.measure]: 'desc' as const },
    limit,
    total: true,
    except: rows.id,
  }
  return {
    [tile.key]: live([view], (period) => [over(view, period.range, heads)]),
    [`${tile.key}:total`]: live([view], (period) => [
      over(view, period.range, { measures, grain: period.grain, except: rows.id }),
      over(view, period.range, { measures, except: rows.id }),
    ]),
  }
}
