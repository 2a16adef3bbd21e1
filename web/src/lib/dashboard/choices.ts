import type { Dashboard, Filter } from '../../../../dashboards/define.ts'
import { loadBatch, type CubeQuery, type Result } from '#lib/cube.ts'
import { periodAt } from '#lib/period.ts'
import { viewOf } from '#lib/tiles/member.ts'
import type { Scope } from '#lib/tiles/scope.ts'

export type Option = { value: string; title: string }
/** What the chips offer, by filter. Channels come in the order they were opened, which is what their colours go by. */
export type Choices = { options: Record<string, Option[]>; channels: Option[] }

const OPTIONS_MAX = 100
const CHANNELS_MAX = 500

export async function loadChoices(
  fetch: typeof globalThis.fetch,
  dashboard: Dashboard,
  scope: Scope,
  now: Date,
): Promise<Choices> {
  const asked = dashboard.filters.filter(({ name }) => name !== 'channel')
  const [channels, results] = await Promise.all([
    loadChannels(fetch),
    loadBatch(
      fetch,
      asked.map((filter) => question(filter, scope, now)),
    ),
  ])
  const options = Object.fromEntries(
    asked.map((filter, index) => [filter.name, optionsOf(filter, results[index], scope)]),
  )
  return { options: { ...options, channel: channels }, channels }
}

/** The largest by the filter's measure in four weeks; what sold nothing then is not offered. */
function question({ choices }: Filter, { timeZone }: Scope, now: Date): CubeQuery {
  const { measure, id, name } = choices
  return {
    measures: [measure],
    dimensions: id === name ? [id] : [id, name],
    timeDimensions: [
      { dimension: `${viewOf(measure)}.at`, dateRange: periodAt(now, timeZone, '28d').range },
    ],
    filters: [
      { member: id, operator: 'set' },
      { member: measure, operator: 'gt', values: ['0'] },
    ],
    order: { [measure]: 'desc' },
    limit: OPTIONS_MAX,
  }
}

/** What is chosen stays in the list, also when it is not among the largest. */
function optionsOf({ name: word, choices }: Filter, result: Result | undefined, scope: Scope) {
  const rows = result?.ok ? result.answer.rows : []
  const options = rows.flatMap((row) => {
    const value = row[choices.id]
    return value ? [{ value, title: row[choices.name] ?? value }] : []
  })
  const chosen = scope.chosen[word]
  const isThere = !chosen || options.some(({ value }) => value === chosen)
  return isThere ? options : [...options, { value: chosen, title: chosen }]
}

/** Without the list the page still stands: the chip is left out and colours fall back to grey. */
async function loadChannels(fetch: typeof globalThis.fetch): Promise<Option[]> {
  try {
    const response = await fetch(`/api/channels?limit=${CHANNELS_MAX}`)
    if (!response.ok) return []
    const { items }: { items: { code: string; name: string }[] } = await response.json()
    return items.map(({ code, name }) => ({ value: code, title: name }))
  } catch {
    return []
  }
}
