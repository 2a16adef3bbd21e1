/** The level so far, where it goes by itself, and where it goes with new goods: shapes in a box of 100 × 100. */
import { scaleLinear } from 'd3-scale'
import { line } from 'd3-shape'
import { coverDays } from './bands.ts'

export type Plan = { quantity: number; arrivesInDays: number }
export type Shelf = {
  /** A day each, as many as are known; the last is now. */
  levels: readonly number[]
  available: number
  sold_14d: number
  lead_time_days: number
  reorder_point: number | null
}
export type Point = { x: number; y: number }
export type Forecast = {
  past: string
  alone: string
  planned: string
  /** From where on the shelf is empty, if it comes to that within the picture. */
  outX: number | null
  nowX: number
  reorderY: number | null
  now: Point
  peak: Point | null
  ticks: { value: number; y: number }[]
  days: { ago: number; x: number }[]
  /** How many days ago the level was first known; nothing is drawn before. */
  knownAgo: number
}

export const DAYS_SHOWN = 14
const DAYS_AHEAD_MIN = 7
/** Nearer than this, the names of two days run into each other. */
const DAY_NAMES_APART = 5
const TICKS = 4

export function forecastOf(shelf: Shelf, plan: Plan | null): Forecast {
  const { levels, available, lead_time_days } = shelf
  const perDay = shelf.sold_14d / DAYS_SHOWN
  const ahead = Math.max(DAYS_AHEAD_MIN, lead_time_days + 3)
  const cover = coverDays(shelf)
  const alone = declineFrom(0, available, perDay, ahead)
  const planned = plan && plan.quantity > 0 ? plannedOf(available, perDay, ahead, plan) : []
  const high = Math.max(1, shelf.reorder_point ?? 0, ...levels, ...planned.map(([, y]) => y))

  const x = scaleLinear([-DAYS_SHOWN, ahead], [0, 100])
  const y = scaleLinear([0, high], [100, 0]).nice(TICKS)
  const draw = line<[number, number]>()
    .x(([day]) => round(x(day)))
    .y(([, level]) => round(y(level)))
  const past = levels.map((level, index): [number, number] => [index - levels.length + 1, level])
  const top = planned[1]

  return {
    past: draw(past) ?? '',
    alone: draw(alone) ?? '',
    planned: draw(planned) ?? '',
    outX: cover !== null && cover < ahead ? round(x(cover)) : null,
    nowX: round(x(0)),
    reorderY: shelf.reorder_point === null ? null : round(y(shelf.reorder_point)),
    now: { x: round(x(0)), y: round(y(available)) },
    peak: top ? { x: round(x(top[0])), y: round(y(top[1])) } : null,
    ticks: y
      .ticks(TICKS)
      .filter(Number.isInteger)
      .map((value) => ({ value, y: round(y(value)) })),
    days: [-DAYS_SHOWN, -7, 0, ...(ahead - 7 < DAY_NAMES_APART ? [] : [7]), ahead].map((day) => ({
      ago: day,
      x: round(x(day)),
    })),
    knownAgo: Math.max(0, levels.length - 1),
  }
}

/** Down to the floor and along it. */
function declineFrom(
  day: number,
  level: number,
  perDay: number,
  until: number,
): [number, number][] {
  const emptyAt = perDay > 0 ? day + level / perDay : Infinity
  if (emptyAt >= until)
    return [
      [day, level],
      [until, level - perDay * (until - day)],
    ]
  return [
    [day, level],
    [emptyAt, 0],
    [until, 0],
  ]
}

/** From the day the goods come: what is left by then and they. */
function plannedOf(
  available: number,
  perDay: number,
  until: number,
  plan: Plan,
): [number, number][] {
  const day = Math.min(plan.arrivesInDays, until)
  const left = Math.max(0, available - perDay * day)
  return [[day, left], ...declineFrom(day, left + plan.quantity, perDay, until)]
}

function round(value: number) {
  return Math.round(value * 100) / 100
}
