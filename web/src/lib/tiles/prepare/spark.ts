import { scaleLinear } from 'd3-scale'
import { line } from 'd3-shape'

/** Drawn in a box of 100 × 100 that is stretched to its place, so it is right at every width before any script runs. */
export type Spark = {
  solid: string
  /** The leg to a point that is not over yet. */
  open: string
  before: string
  end: { x: number; y: number } | null
  /** Distance between two points, for the shared crosshair. */
  step: number
}

const EDGE = 8

/** The line of what was until now over the dashed one of the period compared with. Amounts start at 0. */
export function prepareSpark(
  now: readonly (number | null)[],
  before: readonly (number | null)[],
  points: number,
  isLastOpen: boolean,
): Spark {
  const values = [...now, ...before].filter((value) => value !== null)
  const low = Math.min(0, ...values)
  const high = Math.max(0, ...values)
  const x = scaleLinear([0, points - 1], [0, 100])
  const y = scaleLinear([low, high > low ? high : low + 1], [100 - EDGE, EDGE])
  const draw = line<number | null>()
    .defined((value) => value !== null)
    .x((_, index) => round(x(index)))
    .y((value) => round(y(value ?? 0)))

  const last = now.findLastIndex((value) => value !== null)
  const isOpen = isLastOpen && last === now.length - 1 && last > 0
  const solid = isOpen ? now.slice(0, last) : now
  const leg = now.map((value, index) => (isOpen && index >= last - 1 ? value : null))

  return {
    solid: draw([...solid]) ?? '',
    open: isOpen ? (draw(leg) ?? '') : '',
    before: draw([...before]) ?? '',
    end: last < 0 ? null : { x: round(x(last)), y: round(y(now[last] ?? 0)) },
    step: 100 / (points - 1),
  }
}

export function round(value: number) {
  return Math.round(value * 100) / 100
}
