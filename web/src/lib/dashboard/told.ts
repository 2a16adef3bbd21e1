import type { Dashboard } from '../../../../dashboards/define.ts'
import type { Annotation, Goal } from '#lib/api/client.ts'
import { spanAt } from '#lib/period.ts'
import { periodOf, type Scope } from '#lib/tiles/scope.ts'

/** The goals that run today. Without them the page still stands, and shows none. */
export function loadGoals(fetch: typeof globalThis.fetch): Promise<Goal[]> {
  return items<Goal>(fetch, '/api/goals')
}

/** The notes of every day that a chart of the page shows. */
export function loadNotes(
  fetch: typeof globalThis.fetch,
  { tiles }: Dashboard,
  scope: Scope,
  asOf: Date,
): Promise<Annotation[]> {
  const period = periodOf(scope, asOf)
  const spans = tiles.flatMap((tile) =>
    tile.show === 'series' && tile.over
      ? [spanAt(asOf, scope.timeZone, tile.over.grain, tile.over.count).from]
      : [],
  )
  const from = [period.from, ...spans].toSorted()[0] ?? period.from
  return items<Annotation>(fetch, `/api/annotations?from=${from}&to=${period.to}`)
}

async function items<Item>(fetch: typeof globalThis.fetch, path: string): Promise<Item[]> {
  try {
    const response = await fetch(path)
    if (!response.ok) return []
    // The shape is core-api's contract; its document and its tests hold it to that.
    const { items: found }: { items: Item[] } = await response.json()
    return found
  } catch {
    return []
  }
}
