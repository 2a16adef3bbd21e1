import type { Goal } from './api/client.ts'
import { parseDecimal, rescale } from './decimal.ts'
import type { Choice } from './choice.ts'
import type { Period } from './period.ts'

/** How a measure stands to what it is to reach, in the measure's own unit. */
export type Pace = {
  target: bigint
  /** Of the target, 0 to 1; a little more is shown as full. */
  done: number
  /** Of the period. */
  passed: number
  /** What it will be if the rest goes like what has passed; null in the first hours, when that says nothing. */
  projected: bigint | null
}

const PACED: Partial<Record<Extract<Choice, string>, Goal['period']>> = {
  month: 'month',
  quarter: 'quarter',
  year: 'year',
}
/** Before this much of the period is over, a projection is a guess. */
const PASSED_MIN = 0.05

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

/** "200,000.50" as whole minor units; null where it is no amount above nothing. */
export function readTarget(text: string, minorDigits: number): string | null {
  const decimal = parseDecimal(text.replaceAll(/[,\s]/g, ''))
  if (!decimal || decimal.digits > minorDigits) return null
  const units = rescale(decimal, minorDigits)
  return units > 0n ? String(units) : null
}
