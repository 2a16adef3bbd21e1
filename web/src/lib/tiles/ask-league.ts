import type { LeagueTile } from '../../../../dashboards/kinds.ts'
import type { Panels } from '#lib/board.svelte.ts'
import { dayAfter } from '#lib/moment.ts'
import type { Period } from '#lib/period.ts'
import type { Asker } from './asker.ts'
import { leagueTurn } from './figure-turn.ts'
import { viewOf } from './member.ts'

/** The rows are live; how they changed and their last days are asked by the minute, about the rows that are shown. */
export function leaguePanels(tile: LeagueTile, asker: Asker): Panels {
  const { live, rest, over, before, only, scope } = asker
  const { key, id, name, marks = [], columns, change, trend, top } = tile
  const { column, direction } = leagueTurn(tile, scope)
  const view = viewOf(id)
  const measures = [
    ...new Set(columns.flatMap(({ measure, own }) => (own ? [measure, own] : [measure]))),
  ]
  const filters = [
    { member: id, operator: 'set' as const },
    ...(tile.only ? [{ ...tile.only, operator: 'equals' as const }] : []),
  ]
  const rows = {
    measures,
    dimensions: [...new Set([id, name, ...marks.map((mark) => mark.id)])],
    filters,
    order: { [column.measure]: direction },
    limit: top,
    total: true,
    except: id,
  }
  const about = (period: Period) => [
    ...(change
      ? only(key, change.id, (those) =>
          before(viewOf(change.measure), period, {
            measures: [change.measure],
            dimensions: [change.id],
            filters: those,
            except: change.id,
          }),
        )
      : []),
    ...(trend
      ? only(key, trend.id, (those) => [
          over(viewOf(trend.measure), daysUntil(period.day, trend.days), {
            measures: [trend.measure],
            dimensions: [trend.id],
            filters: those,
            limit: top * trend.days,
            grain: 'day',
          }),
        ])
      : []),
  ]
  return {
    [key]: live([view], (period) => [over(view, period.range, rows)]),
    [`${key}:total`]: live([view], (period) =>
      tile.total ? [over(view, period.range, { measures, filters: filters.slice(1) })] : [],
    ),
    [`${key}:before`]: rest(about),
  }
}

function daysUntil(day: string, days: number): [string, string] {
  return [`${dayAfter(day, 1 - days)}T00:00:00.000`, `${day}T23:59:59.000`]
}
