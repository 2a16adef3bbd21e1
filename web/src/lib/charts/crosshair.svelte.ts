import { createContext } from 'svelte'

/** The bucket a reader points at: one for all time charts of a page that have the same axis. */
export class Crosshair {
  #axis: string | null = $state(null)
  #index: number | null = $state(null)

  at(axis: string) {
    return this.#axis === axis ? this.#index : null
  }

  point(axis: string, index: number | null) {
    this.#axis = axis
    this.#index = index
  }
}

export const [getCrosshair, setCrosshair] = createContext<Crosshair>()

type Pointed = PointerEvent & { currentTarget: HTMLElement }
type Axis = () => { axis: string; count: number; current: number }

/** Moves the crosshair by mouse, by tap (a second tap on the same bucket clears it) and by keys. */
export function pointerOf(crosshair: Crosshair, axisOf: Axis) {
  let isTapped = false

  return { point, tap, leave, move, clear }

  function point(event: Pointed) {
    if (event.pointerType === 'mouse') set(indexAt(event, axisOf().count))
  }

  function tap(event: Pointed) {
    if (event.pointerType === 'mouse') return
    const index = indexAt(event, axisOf().count)
    set(isTapped && index === get() ? null : index)
    isTapped = get() !== null
  }

  function leave(event: PointerEvent) {
    if (event.pointerType === 'mouse') set(null)
  }

  function clear() {
    set(null)
  }

  function move(event: KeyboardEvent) {
    const { count, current } = axisOf()
    const index = get() ?? current + (event.key === 'ArrowLeft' ? 1 : -1)
    const next = {
      ArrowLeft: index - 1,
      ArrowRight: index + 1,
      Home: 0,
      End: count - 1,
      Escape: null,
    }[event.key]
    if (next === undefined) return
    event.preventDefault()
    set(next === null ? null : Math.min(count - 1, Math.max(0, next)))
  }

  function get() {
    return crosshair.at(axisOf().axis)
  }

  function set(index: number | null) {
    crosshair.point(axisOf().axis, index)
  }
}

/** The bucket under the pointer; beside the plot the nearest one, where that is wanted. */
export function indexAt(event: Pointed, count: number, isNearest = false) {
  const box = event.currentTarget.querySelector('.area')?.getBoundingClientRect()
  if (!box) return null
  const index = Math.floor(((event.clientX - box.left) / box.width) * count)
  if (isNearest) return Math.max(0, Math.min(count - 1, index))
  return index >= 0 && index < count ? index : null
}
