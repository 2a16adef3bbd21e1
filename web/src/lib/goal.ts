import type { Goal } from './api/client.ts'
import { parseDecimal, rescale } from './decimal.ts'
import type { Choice } from './choice.ts'
import type { Period } from './period.ts'

/** How a measure stands to what it is to reach, in the measure's own unit. */
export type Pace = {
  target: bigint
  /** Of the target, 0 to 1; a little more is shown as full. */
  done: number
  /** Of the period, 0 to 1: as much as is usually reached by now, or where nothing tells that, as time has passed. */
  passed: number
  /** What it will be if the rest goes like what has passed; null in the first hours, when that says nothing. */
  projected: bigint | null
}

const PACED: Partial<Record<Extract<Choice, string>, Goal['period']>> = {
  today: 'day',
  week: 'week',
  month: 'month',
  quarter: 'quarter',
  year: 'year',
}
/** Before this much of the period is over, a projection is a guess. */
const PASSED_MIN = 0.05
/** As many digits as core-api takes. */
const TARGET_MAX = 10n ** 16n

/** The period of the page as goals know it; null for spans that no goal is set for. */
export function goalPeriod({ choice }: Pick<Period, 'choice'>): Goal['period'] | null {
  return typeof choice === 'string' ? (PACED[choice] ?? null) : null
}

/** The company's goal for a measure in the period of the page. */
export function goalOf(goals: readonly Goal[], measure: string, period: Period): Goal | null {
  const wanted = goalPeriod(period)
  const found = goals.find(
    (goal) =>
      goal.measure === measure &&
      goal.distributor_id === null &&
      goal.period === wanted &&
      goal.starts_on === period.from,
  )
  return found ?? null
}

export function paceOf(
  value: bigint,
  { target: text }: Pick<Goal, 'target'>,
  passed: number,
): Pace {
  const target = BigInt(text)
  const done = Number((value * 1000n) / target) / 1000
  const isEarly = passed < PASSED_MIN
  return {
    target,
    done: Math.min(1, Math.max(0, done)),
    passed,
    projected: isEarly ? null : BigInt(Math.round(Number(value) / passed)),
  }
}

/**
 * How much of a period is usually reached by now: what the one before it had by then, of what it came to.
 * A shop's day has its own shape, so an even clock would promise too little each morning. Null where that
 * tells nothing: there was no period before it, or it gave back what it took.
 */
export function usuallyPassed(byThen: bigint | null, whole: bigint): number | null {
  if (byThen === null || whole <= 0n || byThen < 0n || byThen > whole) return null
  return Number((byThen * 10_000n) / whole) / 10_000
}

/** "200,000.50" as whole minor units; null where it is no amount above nothing. */
export function readTarget(text: string, minorDigits: number): string | null {
  const decimal = parseDecimal(text.replaceAll(/[,\s]/g, ''))
  if (!decimal || decimal.digits > minorDigits) return null
  const units = rescale(decimal, minorDigits)
  return units > 0n && units < TARGET_MAX ? String(units) : null
}
