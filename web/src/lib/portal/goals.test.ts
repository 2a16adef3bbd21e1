import { expect, test } from 'vitest'
import { type Goal, goalQueries, monthTarget, prepareGoals } from './goals.ts'

const november: Goal = {
  id: 1,
  measure: 'sales.revenue_cents',
  starts_on: '2026-11-01',
  ends_on: '2026-12-01',
  target: '3000',
}
/** Noon of the sixteenth in Shanghai: fifteen and a half of thirty days are over. */
const now = new Date('2026-11-16T04:00:00Z')

function progress(value: string, goal = november) {
  const [one] = prepareGoals([goal], [[{ [goal.measure]: value }]], now, 'Asia/Shanghai')
  if (!one) throw new Error('a goal has a progress')
  return one
}

test('half of the month with half of the target is on pace, and the day is told', () => {
  expect(progress('1550')).toMatchObject({
    reached: 0.5167,
    elapsed: 15.5 / 30,
    days_left: 15,
    outcome: { kind: 'on_pace', left: 1450n, day: '2026-11-30' },
  })
  // 2,900 in 15.5 days are 187 a day: three thousand falls on the seventeenth.
  expect(progress('2900').outcome).toMatchObject({ kind: 'on_pace', day: '2026-11-17' })
})

test('what the pace leaves open is said in the measure’s own unit', () => {
  expect(progress('775').outcome).toEqual({ kind: 'behind', left: 2225n, short: 1500n })
})

test('who has sold nothing is short of all of it, and who has it all has reached it', () => {
  expect(progress('0').outcome).toEqual({ kind: 'behind', left: 3000n, short: 3000n })
  expect(progress('3000').outcome).toEqual({ kind: 'reached' })
  expect(progress('4500').reached).toBe(1.5)
})

test('nothing sold yet is nothing reached, not a gap', () => {
  const [one] = prepareGoals([november], [[]], now, 'Asia/Shanghai')
  expect(one).toMatchObject({ value: 0n, reached: 0 })
})

test('a goal is asked over its own days, and of himself where the view holds his team', () => {
  const team = { ...november, measure: 'distributors.team_revenue_cents' }
  const [plain, own] = goalQueries([november, team], '7')
  expect(plain).toEqual({
    measures: ['sales.revenue_cents'],
    timeDimensions: [
      {
        dimension: 'sales.at',
        dateRange: ['2026-11-01T00:00:00.000', '2026-11-30T23:59:59.999'],
      },
    ],
  })
  expect(own?.filters).toEqual([
    { member: 'distributors.distributor_id', operator: 'equals', values: ['7'] },
  ])
})

test('the line of the month is the month’s own goal, not the quarter’s and not another month’s', () => {
  const month = { start: '2026-11-01', days: 30 }
  const quarter = { ...november, starts_on: '2026-10-01', ends_on: '2027-01-01' }
  expect(monthTarget([quarter], month)).toBeNull()
  expect(monthTarget([quarter, november], month)).toBe(3000n)
  expect(monthTarget([november], { start: '2026-12-01', days: 31 })).toBeNull()
})
