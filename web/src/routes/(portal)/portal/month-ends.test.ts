import { expect, test } from 'vitest'
import { endsOf } from './month-ends.ts'

test('early in the month the higher line is named above, the lower below', () => {
  expect(endsOf({ then: 90n, goal: 100n, now: null })).toEqual({
    then: { cents: 90n, isBelow: true, row: 0 },
    goal: { cents: 100n, isBelow: false, row: 0 },
  })
  expect(endsOf({ then: 100n, goal: 90n, now: null })).toMatchObject({
    then: { isBelow: false },
    goal: { isBelow: true },
  })
  expect(endsOf({ then: 100n, goal: null, now: null }).then).toMatchObject({ isBelow: false })
})

test('a line that is past both has their names below the lower, the lower outermost', () => {
  expect(endsOf({ then: 90n, goal: 100n, now: 120n })).toEqual({
    then: { cents: 90n, isBelow: true, row: 1 },
    goal: { cents: 90n, isBelow: true, row: 0 },
  })
})

test('a line that is behind both has their names above the higher, and one between them keeps them apart', () => {
  expect(endsOf({ then: 90n, goal: 100n, now: 80n })).toEqual({
    then: { cents: 100n, isBelow: false, row: 0 },
    goal: { cents: 100n, isBelow: false, row: 1 },
  })
  expect(endsOf({ then: 90n, goal: 100n, now: 95n })).toEqual({
    then: { cents: 90n, isBelow: true, row: 0 },
    goal: { cents: 100n, isBelow: false, row: 0 },
  })
})

test('names of lines that end at the same height are two rows', () => {
  for (const now of [90n, 110n]) {
    const { then, goal } = endsOf({ then: 100n, goal: 100n, now })
    expect(new Set([then?.row, goal?.row])).toEqual(new Set([0, 1]))
  }
})
