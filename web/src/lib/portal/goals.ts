/** How far a goal is, and where the pace leads. Amounts are bigint in the measure's own unit. */
import type { CubeQuery, Row } from '#lib/cube.ts'
import { divideRounded, parseWhole } from '#lib/decimal.ts'
import { dayAfter, wallOf } from '#lib/moment.ts'

export type Goal = {
  id: number
  measure: string
  starts_on: string
  ends_on: string
  target: string
}

export type Progress = {
  id: number
  measure: string
  value: bigint
  target: bigint
  /** Shares of the whole, 0 to 1; what was reached may be past it. */
  reached: number
  elapsed: number
  days_left: number
  outcome:
    | { kind: 'reached' }
    | { kind: 'on_pace'; left: bigint; day: string }
    | { kind: 'behind'; left: bigint; short: bigint }
}

const DAY_MS = 86_400_000
/** Shares are told to the ten-thousandth: finer than any bar is drawn. */
const PARTS = 10_000
/** For a distributor, whose rows are those of his team, both are the same number. */
const TEAM_SALES = new Set(['sales.revenue_cents', 'distributors.team_revenue_cents'])

/** What team sales are to reach in a month; null when nobody has said so. */
export function monthTarget(goals: Goal[], month: { start: string; days: number }): bigint | null {
  const goal = goals.find(
    ({ measure, starts_on, ends_on }) =>
      TEAM_SALES.has(measure) &&
      starts_on === month.start &&
      ends_on === dayAfter(month.start, month.days),
  )
  return goal === undefined ? null : BigInt(goal.target)
}

/** A view of distributors holds his whole team, one row each; there the goal is about himself. */
const PER_DISTRIBUTOR = /^distributor/

export function goalQueries(goals: Goal[], distributor_id: string): CubeQuery[] {
  return goals.map(({ measure, starts_on, ends_on }) => {
    const view = measure.split('.')[0] ?? ''
    const self = {
      member: `${view}.distributor_id`,
      operator: 'equals' as const,
      values: [distributor_id],
    }
    return {
      measures: [measure],
      timeDimensions: [
        {
          dimension: `${view}.at`,
          dateRange: [`${starts_on}T00:00:00.000`, `${dayAfter(ends_on, -1)}T23:59:59.999`],
        },
      ],
      ...(PER_DISTRIBUTOR.test(view) ? { filters: [self] } : {}),
    }
  })
}

export function prepareGoals(goals: Goal[], rows: Row[][], now: Date, timeZone: string) {
  const { day, clock } = wallOf(now, timeZone)
  return goals.map((goal, index) => {
    const value = parseWhole(rows[index]?.[0]?.[goal.measure]) ?? 0n
    return progressOf(goal, value, day, clock)
  })
}

function progressOf(
  { id, measure, starts_on, ends_on, ...goal }: Goal,
  value: bigint,
  day: string,
  clock: string,
): Progress {
  const target = BigInt(goal.target)
  const total = daysBetween(starts_on, ends_on)
  const passed = Math.min(total, daysBetween(starts_on, day) + shareOfDay(clock))
  const elapsed = total === 0 ? 1 : passed / total
  return {
    ...{ id, measure, value, target, elapsed },
    reached: Number(divideRounded(value * BigInt(PARTS), target)) / PARTS,
    days_left: Math.max(0, daysBetween(day, ends_on)),
    outcome: outcomeOf({ value, target, passed, total, starts_on }),
  }
}

/** The pace of the period so far, kept up to its end. */
function outcomeOf(pace: {
  value: bigint
  target: bigint
  passed: number
  total: number
  starts_on: string
}): Progress['outcome'] {
  const { value, target, passed, total, starts_on } = pace
  const left = target - value
  if (left <= 0n) return { kind: 'reached' }
  if (passed <= 0 || value <= 0n) return { kind: 'behind', left, short: left }

  const needed = (Number(target) / Number(value)) * passed
  if (needed <= total) {
    return { kind: 'on_pace', left, day: dayAfter(starts_on, Math.ceil(needed) - 1) }
  }
  const projected = BigInt(Math.round((Number(value) / passed) * total))
  return { kind: 'behind', left, short: target > projected ? target - projected : 1n }
}

function daysBetween(from: string, to: string) {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS)
}

function shareOfDay(clock: string) {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number)
  return (hours * 60 + minutes) / (24 * 60)
}
