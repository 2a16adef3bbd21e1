import type { Dashboard } from '../../../../dashboards/define.ts'
import { loadPanels, type Panels, type Results } from '#lib/board.svelte.ts'
import { idsIn, panelsBehind, panelsOf } from './ask.ts'
import type { Scope } from './scope.ts'

/**
 * Everything the first paint needs. Two batches, because the small lines of the best sellers can be
 * asked only once it is known who they are; later refetches know already, and are one.
 */
export async function loadDashboard(
  fetch: typeof globalThis.fetch,
  dashboard: Dashboard,
  scope: Scope,
  now: Date,
  cut: (now: Date) => Date,
): Promise<Results> {
  let results: Results = {}
  const panels = panelsOf({ dashboard, scope, cut, known: (key) => idsIn(dashboard, results, key) })
  const behind = new Set(dashboard.tiles.flatMap(panelsBehind))

  results = await loadPanels(
    fetch,
    pick(panels, (key) => !behind.has(key)),
    now,
  )
  return {
    ...results,
    ...(await loadPanels(
      fetch,
      pick(panels, (key) => behind.has(key)),
      now,
    )),
  }
}

export function pick(panels: Panels, isWanted: (key: string) => boolean): Panels {
  return Object.fromEntries(Object.entries(panels).filter(([key]) => isWanted(key)))
}
