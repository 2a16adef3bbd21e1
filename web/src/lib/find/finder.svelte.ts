import { createContext } from 'svelte'
import type { Dashboard } from '../../../../dashboards/define.ts'
import type { Choices } from '#lib/dashboard/choices.ts'
import type { Scope } from '#lib/tiles/scope.ts'

/** The dashboard that is on the screen: what is found may filter it. */
export type Here = { dashboard: Dashboard; scope: Scope; choices: Choices }
/** Keys side by side, and what they do. */
export type KeyRow = { keys: readonly string[]; does: string }

/** What lies over the page: the search, and the list of keys. In the portal it finds what a distributor has there. */
export class Finder {
  readonly where: 'app' | 'portal'

  constructor(where: 'app' | 'portal' = 'app') {
    this.where = where
  }

  isOpen = $state(false)
  isHelpOpen = $state(false)
  /** An order that lies open by itself, on a page that has no other way to show it. */
  order: number | null = $state(null)
  here: Here | null = $state.raw(null)
  /** The keys of the page on the screen, beside those that work everywhere. */
  keys: readonly KeyRow[] = $state.raw([])
}

export const [getFinder, setFinder] = createContext<Finder>()
