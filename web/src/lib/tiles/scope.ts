import type { Dashboard, Dimension, Filter, View } from '../../../../dashboards/define.ts'
import type { CubeFilter } from '#lib/cube.ts'
import { endsOf, isPreset, readSpan, type Choice } from '#lib/choice.ts'
import { isComparison, periodAt, type Comparison, type Period } from '#lib/period.ts'

/** What the address says: which rows, over which time, beside what, and how each tile is turned. */
export type Scope = {
  /** The value of each filter that is set, by the filter's name. */
  chosen: Record<string, string>
  choice: Choice
  compare: Comparison
  /** How a tile is broken down or sorted: `channels.sort`. */
  options: Record<string, string>
  /** The mark whose orders lie open, and where in them the reader is. */
  drill: string | null
  timeZone: string
  /** What the page opens with; it is not in the address. */
  home: Choice
}

/** Longer than any region or channel is called; what is longer was not picked from the list. */
const VALUE_LENGTH_MAX = 200
const OPTIONS_MAX = 20

export function readScope(dashboard: Dashboard, address: URLSearchParams, timeZone: string): Scope {
  const chosen: Record<string, string> = {}
  for (const { name } of dashboard.filters) {
    const value = textOf(address, name)
    if (value) chosen[name] = value
  }
  const compare = address.get('compare')
  return {
    chosen,
    choice: choiceOf(address) ?? dashboard.period,
    compare: isComparison(compare) ? compare : 'previous',
    options: optionsOf(dashboard, address),
    drill: textOf(address, 'drill'),
    timeZone,
    home: dashboard.period,
  }
}

/** The address of what the reader would see after a change. What is as it is by default is not in it. */
export function addressOf(scope: Scope, change: Partial<Scope>): string {
  // Orders that lie open belong to what was filtered; another question closes them.
  const { chosen, choice, compare, options, drill, home } = { ...scope, drill: null, ...change }
  const address = new URLSearchParams(chosen)
  if (typeof choice !== 'string') {
    const [from, to] = endsOf(choice)
    address.set('from', from)
    address.set('to', to)
  } else if (choice !== home) address.set('period', choice)
  if (compare !== 'previous') address.set('compare', compare)
  for (const [name, value] of Object.entries(options)) address.set(name, value)
  if (drill !== null) address.set('drill', drill)
  const text = address.toString()
  return text ? `?${text}` : '?'
}

/** The filters with one of them set, or taken off. */
export function withFilter({ chosen }: Scope, name: string, value: string | null): Partial<Scope> {
  const { [name]: _old, ...rest } = chosen
  return { chosen: value === null ? rest : { ...rest, [name]: value } }
}

export function withOption({ options }: Scope, name: string, value: string | null): Partial<Scope> {
  const { [name]: _old, ...rest } = options
  return { options: value === null ? rest : { ...rest, [name]: value } }
}

export function periodOf({ timeZone, choice, compare }: Scope, now: Date): Period {
  return periodAt(now, timeZone, choice, compare)
}

export function isCompared({ compare }: Scope) {
  return compare !== 'off'
}

/** The filter that a click on a row with this id sets. */
export function filterOn(filters: readonly Filter[], view: View, id: Dimension): Filter | null {
  return filters.find(({ members }) => members[view] === id) ?? null
}

/** `except`: a tile whose rows are what is chosen from keeps them all, and marks the chosen one. */
export function filtersFor(
  view: View,
  filters: readonly Filter[],
  scope: Scope,
  except?: Dimension,
): CubeFilter[] {
  return filters.flatMap(({ name, members }) => {
    const member = members[view]
    const value = scope.chosen[name]
    if (!member || !value || member === except) return []
    return [{ member, operator: 'equals' as const, values: [value] }]
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

function choiceOf(address: URLSearchParams): Choice | null {
  const period = address.get('period')
  return isPreset(period) ? period : readSpan(address.get('from'), address.get('to'))
}

function optionsOf({ tiles }: Dashboard, address: URLSearchParams) {
  const keys = new Set(tiles.map(({ key }) => key))
  const known = [...address].filter(([name, value]) => {
    const [key = '', option = ''] = name.split('.')
    return keys.has(key) && option !== '' && value.length <= VALUE_LENGTH_MAX
  })
  return Object.fromEntries(known.slice(0, OPTIONS_MAX))
}

function textOf(address: URLSearchParams, name: string) {
  const value = address.get(name)
  return value && value.length <= VALUE_LENGTH_MAX ? value : null
}
