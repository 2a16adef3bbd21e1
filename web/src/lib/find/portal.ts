import type { Found } from '#lib/api/client.ts'
import type { Messages } from '#lib/i18n/index.ts'
import type { Entry } from './entries.ts'

/** The portal's pages and its tiles: what can be found there without asking anybody. */
export function portalEntries({ links, portal, portal_places }: Messages): Entry[] {
  const page = { group: 'pages' as const, note: null }
  const tile = { group: 'tiles' as const, icon: 'table' as const, note: portal.title }
  return [
    { ...page, icon: 'home', title: portal_places.sales, href: '/portal#month' },
    { ...page, icon: 'coins', title: portal_places.commissions, href: '/portal#commission' },
    { ...page, icon: 'network', title: portal_places.team, href: '/portal#team' },
    { ...page, icon: 'share', title: links.place, href: '/portal/links' },
    { ...tile, title: portal.month.title, href: '/portal#month' },
    { ...tile, title: portal.goals.title, href: '/portal#goals' },
    { ...tile, title: portal.rank.title, href: '/portal#rank' },
    { ...tile, title: portal.ladder.title, href: '/portal#commission' },
    { ...tile, title: portal.team.title, href: '/portal#team' },
    { ...tile, title: portal.today.title, href: '/portal#today' },
    { ...tile, title: portal.products.title, href: '/portal#products' },
    { ...tile, title: portal.orders.title, href: '/portal#orders' },
  ]
}

/** An order lies open by itself; who stands below is in the team. Goods and customers have no page in the portal. */
export function portalFound(found: readonly Found[], { drill }: Messages): Entry[] {
  const states: Record<string, string> = drill.states
  return found.flatMap(({ kind, id, name: title, detail }): Entry[] => {
    if (kind === 'order') {
      const note = states[detail ?? ''] ?? detail
      return [{ group: 'orders', icon: 'note', title, note, order: id }]
    }
    if (kind === 'distributor') {
      return [{ group: 'distributors', icon: 'network', title, note: detail, href: '/portal#team' }]
    }
    return []
  })
}
