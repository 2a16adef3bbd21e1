import { expect, test } from 'vitest'
import { goalOf, paceOf, readTarget, usuallyPassed } from './goal.ts'
import { periodAt } from './period.ts'

const now = new Date('2026-11-24T06:23:07Z')
const goal = {
  ...{ id: 1, measure: 'sales.revenue_cents', distributor_id: null, period: 'month' as const },
  ...{ starts_on: '2026-11-01', ends_on: '2026-12-01', target: '1000', set_at: '' },
}

test('a goal shows where the page shows its period, and nowhere else', () => {
  const at = (choice: 'month' | '28d' | 'last-month') => periodAt(now, 'Asia/Shanghai', choice)
  expect(goalOf([goal], goal.measure, at('month'))).toBe(goal)
  expect(goalOf([goal], goal.measure, at('28d'))).toBeNull()
  expect(goalOf([goal], 'sales.units', at('month'))).toBeNull()
  expect(goalOf([{ ...goal, distributor_id: 7 }], goal.measure, at('month'))).toBeNull()
})

test('on this pace: half the target at half time is the target, and the first hours promise nothing', () => {
  expect(paceOf(500n, goal, 0.5)).toMatchObject({ done: 0.5, projected: 1000n })
  expect(paceOf(-5n, goal, 0.5)).toMatchObject({ done: 0, projected: -10n })
  expect(paceOf(5n, goal, 0.01).projected).toBeNull()
})

test('today and this week have goals of their own', () => {
  const at = (choice: 'today' | 'week') => periodAt(now, 'Asia/Shanghai', choice)
  const day = { ...goal, period: 'day' as const, starts_on: '2026-11-24' }
  const week = { ...goal, period: 'week' as const, starts_on: '2026-11-23' }
  expect(goalOf([goal, week, day], goal.measure, at('today'))).toBe(day)
  expect(goalOf([goal, week, day], goal.measure, at('week'))).toBe(week)
})

test('the pace is that of the period before, where it tells one', () => {
  expect(usuallyPassed(30n, 120n)).toBe(0.25)
  expect(usuallyPassed(0n, 120n)).toBe(0)
  for (const [byThen, whole] of [
    [null, 120n],
    [0n, 0n],
    [130n, 120n],
    [-5n, 120n],
  ] as const)
    expect(usuallyPassed(byThen, whole)).toBeNull()
})

test('an amount is read as it is written, and nothing else is', () => {
  expect(readTarget('200,000.50', 2)).toBe('20000050')
  expect(readTarget('12', 0)).toBe('12')
  for (const text of ['', '0', '-3', '1.234', 'ten', '1'.repeat(16)])
    expect(readTarget(text, 2)).toBeNull()
})
