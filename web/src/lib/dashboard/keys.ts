import type { KeyRow } from '#lib/find/finder.svelte.ts'
import type { Messages } from '#lib/i18n/index.ts'

/** The keys of every dashboard, in the order one needs them. */
export function dashboardKeys({ find: { keys } }: Messages): KeyRow[] {
  return [
    { keys: ['T'], does: keys.time },
    { keys: ['C'], does: keys.compare },
    { keys: ['/'], does: keys.filter },
    { keys: ['J', 'K'], does: keys.move },
    { keys: ['↵'], does: keys.open },
    { keys: ['←', '→'], does: keys.crosshair },
    { keys: ['Shift', '←', '→'], does: keys.brush },
    { keys: ['V'], does: keys.table },
    { keys: ['E'], does: keys.explain },
    { keys: ['D'], does: keys.drill },
    { keys: ['Esc'], does: keys.back },
  ]
}
