import { indexAt } from './crosshair.svelte.ts'

/** From bucket to bucket, in order. */
export type Brushed = { from: number; to: number }
type Pressed = PointerEvent & { currentTarget: HTMLElement }
type Axis = () => {
  count: number
  current: number
  commit: ((brushed: Brushed) => void) | undefined
}

/** A hand that clicks moves a little, too. */
const DRAG_PX = 6

/** Selects a range of buckets: by dragging, with the mouse or a finger, or with Shift and the arrows, then Enter. */
export class Brush {
  #anchor: number | null = $state(null)
  #end: number | null = $state(null)
  #axisOf: Axis
  #pressed: { x: number; index: number } | null = null
  /** The click that ends a drag opens nothing. */
  #isDragged = false

  constructor(axisOf: Axis) {
    this.#axisOf = axisOf
  }

  get brushed(): Brushed | null {
    if (this.#anchor === null || this.#end === null) return null
    return { from: Math.min(this.#anchor, this.#end), to: Math.max(this.#anchor, this.#end) }
  }

  press(event: Pressed) {
    this.#isDragged = false
    if (!this.#axisOf().commit || !event.isPrimary || event.button !== 0) return
    const index = indexAt(event, this.#axisOf().count)
    this.#pressed = index === null ? null : { x: event.clientX, index }
  }

  /** True while the pointer draws a range. */
  drag(event: Pressed): boolean {
    const pressed = this.#pressed
    if (!pressed) return false
    if (this.#anchor === null) {
      if (Math.abs(event.clientX - pressed.x) < DRAG_PX) return false
      event.currentTarget.setPointerCapture(event.pointerId)
      this.#anchor = pressed.index
    }
    this.#end = indexAt(event, this.#axisOf().count, true)
    return true
  }

  /** True where the pointer has drawn one. */
  release(): boolean {
    const isDrawn = this.#pressed !== null && this.brushed !== null
    this.#pressed = null
    if (!isDrawn) return false
    this.#isDragged = true
    this.#commit()
    return true
  }

  /** True for a key that is of the selection. `at`: where the crosshair stands. */
  key(event: KeyboardEvent, at: number | null): boolean {
    const { count, current, commit } = this.#axisOf()
    const step = event.shiftKey ? { ArrowLeft: -1, ArrowRight: 1 }[event.key] : undefined
    if (step !== undefined && commit) {
      this.#anchor ??= at ?? current
      const end = (this.#end ?? this.#anchor) + step
      this.#end = Math.max(0, Math.min(count - 1, end))
      return true
    }
    if (this.brushed === null) return false
    if (event.key === 'Enter') this.#commit()
    else if (event.key === 'Escape') this.clear()
    else if (event.key !== 'Shift') {
      this.clear()
      return false
    }
    return true
  }

  clear() {
    this.#anchor = null
    this.#end = null
    this.#pressed = null
  }

  /** Whether a click is only the end of a drag. */
  ends() {
    return this.#isDragged
  }

  #commit() {
    const { brushed } = this
    this.clear()
    if (brushed) this.#axisOf().commit?.(brushed)
  }
}
