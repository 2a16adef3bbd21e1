import type { AlertsTile, VelocityTile } from '../../../../dashboards/define.ts'
import type { Panels } from '#lib/board.svelte.ts'
import type { CubeQuery } from '#lib/cube.ts'
import { dayAfter } from '#lib/moment.ts'
import type { Asker } from './asker.ts'
import { viewOf } from './member.ts'

/** More severe first; what is fine is no alert. */
export const severities = ['out', 'critical', 'soon', 'watch'] as const

export function velocityPanels(tile: VelocityTile, asker: Asker): Panels {
  const { live, rest, over, before, only } = asker
  const { key, measure, id, name, top, days, cover } = tile
  const view = viewOf(measure)
  const limit = top * days
  const ask = { measures: [measure], dimensions: [id] }
  const ranked = {
    measures: [measure],
    dimensions: [id, name],
    // An order's shipping belongs to no product.
    filters: [
      { member: id, operator: 'set' as const },
      { member: measure, operator: 'gt' as const, values: ['0'] },
    ],
    order: { [measure]: 'desc' as const },
    limit: top,
    total: true,
  }
  return {
    [key]: live([view], (period) => [over(view, period.range, ranked)]),
    [`${key}:cover`]: live([viewOf(cover.measure)], () =>
      only(key, cover.id, (filters) => [
        { measures: [cover.measure], dimensions: [cover.id], filters },
      ]),
    ),
    [`${key}:before`]: rest((period) =>
      only(key, id, (filters) => [
        over(view, untilDay(period.day, days), { ...ask, filters, limit, grain: 'day' }),
        ...before(view, period, { ...ask, filters }),
      ]),
    ),
  }
}

/** The list is live; how many there are of each kind is a scan of its own, so it is asked by the minute. */
export function alertsPanels(tile: AlertsTile, { live, rest }: Asker): Panels {
  const { key, id, name, warehouse, severity, cover, available, count, reorder, leadTime, top } =
    tile
  const filters = [{ member: severity, operator: 'equals' as const, values: [...severities] }]
  const query: CubeQuery = {
    measures: [cover, available],
    dimensions: [id, name, warehouse.id, warehouse.name, severity, reorder, leadTime],
    filters,
    order: { [cover]: 'asc' },
    limit: top,
  }
  return {
    [key]: live([viewOf(cover)], () => [query]),
    [`${key}:count`]: rest(() => [{ measures: [count], dimensions: [severity], filters }]),
  }
}

function untilDay(day: string, days: number): [string, string] {
  return [`${dayAfter(day, 1 - days)}T00:00:00.000`, `${day}T23:59:59.000`]
}
