import type { Dimension, Filter } from '../../../../dashboards/define.ts'
import { viewOf } from './member.ts'
import { orderMember } from './orders.ts'
import { addressOf, filterOn, withFilter, type Scope } from './scope.ts'

/** Where a mark of a tile leads: to the page filtered by it, or to the orders it is made of. */
export type Links = {
  filter: (id: string, isChosen: boolean) => string | null
  drill: (mark: Mark) => string
  /** Whether a row is one of the things that orders are of. */
  hasOrders: boolean
}

/** What of a tile: a row, a bucket of time, one of its measures, or with none of them the whole of it. */
export type Mark = { id?: string; bucket?: string; measure?: string }
/** And which of its orders lies open. */
type Open = Mark & { order?: number | null }

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
    hasOrders: row !== null && orderMember(row.id) !== undefined,
    drill: (mark) => addressOf(scope, { drill: drillText(tile.key, mark) }),
  }
}

/** In the address a mark is `tile`, `tile~row` or `tile~~bucket`, an order the fourth part, a measure's word the fifth. */
export function drillText(tile: string, { id = '', bucket = '', order, measure = '' }: Open) {
  return [tile, id, bucket, order ?? '', measure].join('~').replace(/~+$/, '')
}

export function readDrill(text: string): Open & { tile: string } {
  const [tile = '', id = '', bucket = '', order = '', measure = ''] = text.split('~')
  return {
    tile,
    ...(id && { id }),
    ...(bucket && { bucket }),
    ...(/^[1-9]\d{0,14}$/.test(order) && { order: Number(order) }),
    ...(measure && { measure }),
  }
}
