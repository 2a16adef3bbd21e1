import { dashboards } from '../../../dashboards/index.ts'
import type { Text } from '../../../dashboards/define.ts'
import type { Role, User } from './api/client.ts'
import type { IconName } from './ui/icons.ts'

/** A page of the rail: a dashboard, or one that is made for acting. */
export type Place = {
  path: string
  icon: IconName
  title: Text
  roles: readonly Role[]
  /** G and then this letter go to it. */
  letter?: string
  /** What is looked after, not looked at, stands at the foot. */
  at?: 'foot'
}

const boards: Place[] = dashboards.map(({ slug, icon, title, roles, letter }) => ({
  path: `/${slug}`,
  icon,
  title,
  roles,
  letter,
}))

const alerts: Place = {
  path: '/alerts',
  icon: 'bell',
  title: { zh: '预警', en: 'Alerts' },
  roles: ['admin', 'executive', 'analyst', 'operations', 'warehouse'],
  letter: 'o',
}

const audit: Place = {
  path: '/audit',
  icon: 'shield',
  title: { zh: '审计', en: 'Audit' },
  roles: ['admin'],
  letter: 'a',
  at: 'foot',
}

const settings: Place = {
  path: '/settings',
  icon: 'settings',
  title: { zh: '设置', en: 'Settings' },
  roles: ['admin', 'operations'],
  at: 'foot',
}

/** In the order of the rail. */
const places: readonly Place[] = [...boards, alerts, audit, settings]

export function placesOf({ role }: Pick<User, 'role'>): Place[] {
  return places.filter(({ roles }) => roles.includes(role))
}

/** The place an address belongs to; null for pages that are not in the rail. */
export function placeAt(path: string): Place | null {
  return places.find((place) => path === place.path || path.startsWith(`${place.path}/`)) ?? null
}
