import { createContext } from 'svelte'

export const HOURS = 24

/** The hour a reader points at: one for all time charts of a page. */
export class Crosshair {
  hour: number | null = $state(null)
}

export const [getCrosshair, setCrosshair] = createContext<Crosshair>()

type Pointed = PointerEvent & { currentTarget: HTMLElement }

/** Moves the crosshair by mouse, by tap (a second tap on the same hour clears it) and by keys. */
export function pointerOf(crosshair: Crosshair, current: () => number) {
  let isTapped = false

  return { point, tap, leave, move }

  function point(event: Pointed) {
    if (event.pointerType === 'mouse') crosshair.hour = hourAt(event)
  }

  function tap(event: Pointed) {
    if (event.pointerType === 'mouse') return
    const hour = hourAt(event)
    crosshair.hour = isTapped && hour === crosshair.hour ? null : hour
    isTapped = crosshair.hour !== null
  }

  function leave(event: PointerEvent) {
    if (event.pointerType === 'mouse') crosshair.hour = null
  }

  function move(event: KeyboardEvent) {
    const hour = crosshair.hour ?? current() + (event.key === 'ArrowLeft' ? 1 : -1)
    const next = {
      ArrowLeft: hour - 1,
      ArrowRight: hour + 1,
      Home: 0,
      End: HOURS - 1,
      Escape: null,
    }[event.key]
    if (next === undefined) return
    event.preventDefault()
    crosshair.hour = next === null ? null : Math.min(HOURS - 1, Math.max(0, next))
  }
}

function hourAt(event: Pointed) {
  const box = event.currentTarget.querySelector('.area')?.getBoundingClientRect()
  if (!box) return null
  const hour = Math.floor(((event.clientX - box.left) / box.width) * HOURS)
  return hour >= 0 && hour < HOURS ? hour : null
}
