import type { Dashboard } from '../../../../dashboards/define.ts'
import { loadPanels, type Panels, type Results } from '#lib/board.svelte.ts'
import { idsIn, panelsBehind, panelsOf } from './ask.ts'
import type { Scope } from './scope.ts'

/**
 * Everything the first paint needs. The small lines of the best sellers can be asked only once it is known who they
 * are, so who they are is asked by itself, and what is behind them beside all the rest; later refetches know already,
 * and are one batch.
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

  const naming = new Set(
    dashboard.tiles.filter((tile) => panelsBehind(tile).length > 0).map(({ key }) => key),
  )
  const load = (isWanted: (key: string) => boolean) =>
    loadPanels(fetch, pick(panels, isWanted), now)

  const rest = load((key) => !behind.has(key) && !naming.has(key))
  const named = load((key) => naming.has(key)).then(async (names) => {
    results = names
    return { ...names, ...(await load((key) => behind.has(key))) }
  })
  return { ...(await rest), ...(await named) }
}

export function pick(panels: Panels, isWanted: (key: string) => boolean): Panels {
  return Object.fromEntries(Object.entries(panels).filter(([key]) => isWanted(key)))
}
