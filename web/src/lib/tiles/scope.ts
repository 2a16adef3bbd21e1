import type { Dashboard, Filter, View } from '../../../../dashboards/define.ts'
import type { CubeFilter } from '#lib/cube.ts'
import { dayAfter, wallOf } from '#lib/moment.ts'

/** What the address says: which rows, and whether last week stands beside them. */
export type Scope = { chosen: Record<string, string>; isCompared: boolean; timeZone: string }

/** Longer than any region or channel is called; what is longer was not picked from the list. */
const VALUE_LENGTH_MAX = 200

export function readScope(dashboard: Dashboard, address: URLSearchParams, timeZone: string): Scope {
  const chosen: Record<string, string> = {}
  for (const { name } of dashboard.filters) {
    const value = address.get(name)
    if (value && value.length <= VALUE_LENGTH_MAX) chosen[name] = value
  }
  return { chosen, isCompared: address.get('compare') !== 'off', timeZone }
}

/** The address with one thing changed; what is as it is by default is not in it. */
export function addressOf(
  scope: Scope,
  change: { name: string; value: string | null } | 'compare',
) {
  const address = new URLSearchParams(scope.chosen)
  if (change !== 'compare') {
    address.delete(change.name)
    if (change.value !== null) address.set(change.name, change.value)
  }
  if (scope.isCompared === (change === 'compare')) address.set('compare', 'off')
  const text = address.toString()
  return text ? `?${text}` : '?'
}

export function filtersFor(view: View, filters: readonly Filter[], scope: Scope): CubeFilter[] {
  return filters.flatMap(({ name, members }) => {
    const member = members[view]
    const value = scope.chosen[name]
    return member && value ? [{ member, operator: 'equals' as const, values: [value] }] : []
  })
}

/** Filters that are set but that a view has no member for: its tile must say that they do not touch it. */
export function ignoredBy(view: View, filters: readonly Filter[], scope: Scope) {
  return filters.filter(({ name, members }) => scope.chosen[name] && !members[view])
}

/** Where "now" is: what is committed is counted, so the watermark is the clock; without one, the server's. */
export function cutAt(now: Date, watermark: { commit_at: string } | null | undefined): Date {
  const committed = watermark ? new Date(watermark.commit_at) : now
  return committed < now ? committed : now
}

export type Range = [string, string]

/**
 * Today, and the same weekday a week ago: whole, and until the same second of the clock. The end of
 * today is midnight, so no order that is committed while the question is on its way is left out.
 */
export function periodAt(now: Date, timeZone: string) {
  const { day, clock, hour } = wallOf(now, timeZone)
  const weekBefore = dayAfter(day, -7)
  return {
    day,
    hour,
    weekBefore,
    today: range(day, '23:59:59'),
    sameTime: range(weekBefore, clock),
    wholeDayBefore: range(weekBefore, '23:59:59'),
    daysUntilToday: (days: number): Range => [
      `${dayAfter(day, 1 - days)}T00:00:00.000`,
      `${day}T23:59:59.000`,
    ],
  }
}

function range(day: string, until: string): Range {
  return [`${day}T00:00:00.000`, `${day}T${until}.000`]
}
