import type { KeyRow } from '#lib/find/finder.svelte.ts'
import type { Messages } from '#lib/i18n/index.ts'

/** The keys by which alerts are worked through. */
export function alertKeys({ keys }: Messages['alerts']): KeyRow[] {
  return [
    { keys: ['J', 'K'], does: keys.move },
    { keys: ['↵'], does: keys.open },
    { keys: ['A'], does: keys.ack },
    { keys: ['S'], does: keys.assign },
    { keys: ['Z'], does: keys.snooze },
    { keys: ['T'], does: keys.transfer },
    { keys: ['P'], does: keys.purchase },
  ]
}
