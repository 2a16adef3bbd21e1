import { dashboards } from '../../../../dashboards/index.ts'
import type { Found } from '#lib/api/client.ts'
import type { Messages } from '#lib/i18n/index.ts'
import type { Place } from '#lib/places.ts'
import { drillOf } from '#lib/tiles/drill.ts'
import { drillText } from '#lib/tiles/links.ts'
import { addressOf } from '#lib/tiles/scope.ts'
import type { Entry } from './entries.ts'
import type { Here } from './finder.svelte.ts'

/** What core-api found, as lines that lead somewhere; what leads nowhere for this reader is left out. */
export function foundEntries(
  found: readonly Found[],
  places: readonly Place[],
  here: Here | null,
  words: Messages,
): Entry[] {
  return found.flatMap((one): Entry[] => {
    const { kind, id, name: title, detail: note } = one
    const may = (path: string) => places.some((place) => place.path === path)
    switch (kind) {
      case 'order':
        return [orderEntry(one, places, here, words)]
      case 'distributor':
        return may('/distributors')
          ? [
              {
                ...{ group: 'distributors', icon: 'network', title, note },
                href: `/distributors?network.at=${id}#network`,
              },
            ]
          : []
      case 'product':
        return may('/products')
          ? [{ group: 'products', icon: 'box', title, note, href: `/products?product=${id}` }]
          : []
      case 'customer':
        return may('/sales')
          ? [
              {
                ...{ group: 'customers', icon: 'people', title, note },
                href: `/sales?customer=${id}&period=12m`,
              },
            ]
          : []
    }
  })
}

/** An order opens over the page one is on, else over the first that has orders, else by itself. */
function orderEntry(
  { id, name: title, detail }: Found,
  places: readonly Place[],
  here: Here | null,
  { drill }: Messages,
): Entry {
  const states: Record<string, string> = drill.states
  const line = {
    ...{ group: 'orders' as const, icon: 'note' as const, title },
    note: states[detail ?? ''] ?? detail,
  }
  const key = here && here.dashboard.tiles.find((tile) => drillOf(tile, here.scope) !== null)?.key
  if (here && key) {
    return { ...line, href: addressOf(here.scope, { drill: drillText(key, { order: id }) }) }
  }
  const sales = dashboards.find(({ slug }) => slug === 'sales')
  const [tile] = sales?.tiles ?? []
  return tile && places.some(({ path }) => path === '/sales')
    ? { ...line, href: `/sales?drill=${drillText(tile.key, { order: id })}` }
    : { ...line, order: id }
}
