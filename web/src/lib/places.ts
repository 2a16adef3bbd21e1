import { dashboards } from '../../../dashboards/index.ts'
import type { Text } from '../../../dashboards/define.ts'
import type { Role, User } from './api/client.ts'
import type { IconName } from './ui/icons.ts'

/** A page of the rail: a dashboard, or one that is made for acting. */
export type Place = { path: string; icon: IconName; title: Text; roles: readonly Role[] }

const boards: Place[] = dashboards.map(({ slug, icon, title, roles }) => ({
  path: `/${slug}`,
  icon,
  title,
  roles,
}))

const alerts: Place = {
  path: '/alerts',
  icon: 'bell',
  title: { zh: '预警', en: 'Alerts' },
  roles: ['admin', 'executive', 'analyst', 'operations', 'warehouse'],
}

const audit: Place = {
  path: '/audit',
  icon: 'shield',
  title: { zh: '审计', en: 'Audit' },
  roles: ['admin'],
}

/** In the order of the rail. */
const places: readonly Place[] = [...boards, alerts, audit]

export function placesOf({ role }: Pick<User, 'role'>): Place[] {
  return places.filter(({ roles }) => roles.includes(role))
}

/** The place an address belongs to; null for pages that are not in the rail. */
export function placeAt(path: string): Place | null {
  return places.find((place) => path === place.path || path.startsWith(`${place.path}/`)) ?? null
}
