import { scaleLinear, type ScaleLinear } from 'd3-scale'
import type { SeriesTile } from '../../../../../dashboards/define.ts'
import { round } from './spark.ts'
import type { Writer } from './writer.ts'

type Axis = ScaleLinear<number, number>
type Beyond = { isBelow: boolean; isAbove: boolean }

const none: Beyond = { isBelow: false, isAbove: false }
const TICKS_MIN = 3
const TICKS_MAX = 5
const WANTED = [5, 4, 3, 2]
/** Room beyond the farthest mark, for its label. */
const HEADROOM = 1.08
/** A quotient is drawn between one whole lost and one whole kept. */
const WHOLE = 1

export function isRate({ gaps, unit }: SeriesTile) {
  return gaps === true && unit === 'ratio'
}

/** A quotient of next to nothing is thousands of per cent: the axis ends at −100 and 100, the exact value is in the card. */
export function clamped(write: Writer): Writer {
  return { ...write, size: (text) => Math.min(WHOLE, Math.max(-WHOLE, write.size(text))) }
}

/** From 0, or from below it where something was lost; per cent counted from the foot, and no more room than the marks and ticks need. */
export function verticalScale(sizes: readonly number[]): Axis {
  const high = Math.max(0, ...sizes) * HEADROOM
  const low = Math.min(0, ...sizes) * HEADROOM
  const y = scaleLinear([low, high > low ? high : WHOLE], [0, 100])
  if (roundTicks(y)) return y
  // Two round numbers alone fit between the ends: the ends move out to the next ones.
  const niced = WANTED.map((wanted) => y.copy().nice(wanted))
  return niced.filter(roundTicks).toSorted((a, b) => spanOf(a) - spanOf(b))[0] ?? y
}

/** Three to five, and round; one at which the drawing stops, though what is drawn goes on, says so. */
export function ticksOf(y: Axis, write: Pick<Writer, 'axis'>, beyond: Beyond = none) {
  const ticks = roundTicks(y) ?? y.domain()
  const textOf = write.axis(ticks)
  return ticks.map((tick) => ({
    y: round(y(tick)),
    text: `${signOf(tick, beyond)}${textOf(tick)}`,
    isZero: tick === 0,
  }))
}

/** Whether a quotient goes on below or above what is drawn of it. */
export function beyondOf(sizes: readonly number[]): Beyond {
  return {
    isBelow: sizes.some((size) => size < -WHOLE),
    isAbove: sizes.some((size) => size > WHOLE),
  }
}

function signOf(tick: number, { isBelow, isAbove }: Beyond) {
  if (tick === -WHOLE && isBelow) return '≤ '
  return tick === WHOLE && isAbove ? '≥ ' : ''
}

function spanOf(y: Axis) {
  const [low = 0, high = 0] = y.domain()
  return high - low
}

/** Asked for five, a scale may give seven. */
function roundTicks(y: Axis) {
  const wanted = WANTED.map((count) => y.ticks(count))
  return wanted.find(({ length }) => length >= TICKS_MIN && length <= TICKS_MAX)
}
