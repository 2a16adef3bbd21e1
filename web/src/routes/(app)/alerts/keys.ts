import type { KeyRow } from '#lib/find/finder.svelte.ts'
import type { Messages } from '#lib/i18n/index.ts'

/** The keys by which alerts are worked through; a reader who may not act has those that show him more. */
export function alertKeys({ keys }: Messages['alerts'], canAct: boolean): KeyRow[] {
  const showing = [
    { keys: ['J', 'K'], does: keys.move },
    { keys: ['↵'], does: keys.open },
  ]
  if (!canAct) return showing
  return [
    ...showing,
    { keys: ['A'], does: keys.ack },
    { keys: ['S'], does: keys.assign },
    { keys: ['Z'], does: keys.snooze },
    { keys: ['T'], does: keys.transfer },
    { keys: ['P'], does: keys.purchase },
  ]
}
