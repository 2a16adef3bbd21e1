import type { Dimension, Filter } from '../../../../dashboards/define.ts'
import { viewOf } from './member.ts'
import { addressOf, filterOn, withFilter, type Scope } from './scope.ts'

/** Where a mark of a tile leads: to the page filtered by it, or to the orders it is made of. */
export type Links = {
  filter: (id: string, isChosen: boolean) => string | null
  drill: (mark: Mark) => string
}

/** What of a tile: a row, a bucket of time, or with neither the whole of it. */
export type Mark = { id?: string; bucket?: string }

export function linksOf(
  tile: { key: string },
  row: { id: Dimension } | null,
  scope: Scope,
  filters: readonly Filter[],
): Links {
  const filter = row && filterOn(filters, viewOf(row.id), row.id)
  return {
    filter: (id, isChosen) =>
      filter && id !== ''
        ? addressOf(scope, withFilter(scope, filter.name, isChosen ? null : id))
        : null,
    drill: (mark) => addressOf(scope, { drill: drillText(tile.key, mark) }),
  }
}

/** In the address a mark is `tile`, `tile~row` or `tile~~bucket`. */
export function drillText(tile: string, { id = '', bucket = '' }: Mark) {
  return [tile, id, bucket].join('~').replace(/~+$/, '')
}

export function readDrill(text: string): Mark & { tile: string } {
  const [tile = '', id = '', bucket = ''] = text.split('~')
  return { tile, ...(id && { id }), ...(bucket && { bucket }) }
}
