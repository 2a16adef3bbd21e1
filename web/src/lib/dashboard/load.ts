import { error } from '@sveltejs/kit'
import type { Dashboard } from '../../../../dashboards/define.ts'
import type { Annotation, Goal } from '#lib/api/client.ts'
import type { Results } from '#lib/board.svelte.ts'
import { loadDrill, type Drilled } from '#lib/drill/load.ts'
import { loadDashboard } from '#lib/tiles/load.ts'
import { cutAt, readScope, type Scope } from '#lib/tiles/scope.ts'
import type { Watermark } from '#lib/watermark.ts'
import { loadChoices, type Choices } from './choices.ts'
import { loadGoals, loadNotes } from './told.ts'

type Event = {
  fetch: typeof globalThis.fetch
  url: URL
  depends: (name: `${string}:${string}`) => void
  parent: () => Promise<{
    instance?: { time_zone: string }
    watermark?: Watermark | null
    rendered_at?: string
  }>
}

/** What a dashboard's page is given: the reader's scope, the answers, and what the chips offer. */
export type Loaded = {
  scope: Scope
  results: Results
  choices: Choices
  goals: Goal[]
  notes: Annotation[]
  /** What lies open behind a number. */
  drilled: Drilled | null
}

/** The whole of a dashboard's `+page.server.ts`: everything its first paint needs. */
export function loadFor(dashboard: Dashboard) {
  return async ({ fetch, url, parent, depends }: Event): Promise<Loaded> => {
    depends('app:dashboard')
    const { instance, watermark, rendered_at } = await parent()
    if (!instance || !rendered_at) error(503)

    const scope = readScope(dashboard, url.searchParams, instance.time_zone)
    const now = new Date(rendered_at)
    const [results, choices, drilled, goals, notes] = await Promise.all([
      loadDashboard(fetch, dashboard, scope, now, (at) => cutAt(at, watermark)),
      loadChoices(fetch, dashboard, scope, now),
      loadDrill(fetch, dashboard, scope, cutAt(now, watermark)),
      loadGoals(fetch),
      loadNotes(fetch, dashboard, scope, cutAt(now, watermark)),
    ])
    return { scope, results, choices, drilled, goals, notes }
  }
}
