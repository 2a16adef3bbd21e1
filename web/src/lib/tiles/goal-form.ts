import type { NumberTile } from '../../../../dashboards/define.ts'
import type { User } from '#lib/api/client.ts'
import { goalOf, goalPeriod } from '#lib/goal.ts'
import { mayChange } from '#lib/may.ts'
import type { Setting } from './prepare/setting.ts'

/** Goals are set where the page shows a period they are set for, on what adds up; undefined where there is nothing to set. */
export function goalFormOf(
  { measure, unit, gaps }: NumberTile,
  { goals, period }: Setting,
  user: Pick<User, 'role'> | undefined,
) {
  const name = goalPeriod(period)
  if (name === null || gaps || !mayChange(user, 'goals')) return undefined
  return { measure, unit, period: name, day: period.from, goal: goalOf(goals, measure, period) }
}
