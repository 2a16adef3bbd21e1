import { expect, test } from 'vitest'
import { parseRule } from './parse.ts'

const STOCK = {
  kind: 'stock',
  is_on: 'on',
  critical_percent: '50',
  soon_percent: '100',
  watch_percent: '150',
  rearm_percent: '10',
  cover_days: '',
  assignee_id: '',
}

test('an empty field for days of cover means there are none, and nobody chosen means nobody', () => {
  expect(parseRule(STOCK)).toEqual({
    change: {
      kind: 'stock',
      is_on: true,
      critical_percent: 50,
      soon_percent: 100,
      watch_percent: 150,
      rearm_percent: 10,
      cover_days: null,
      assignee_id: null,
    },
  })
})

test('a box that is not ticked turns the rule off', () => {
  const { is_on: _, ...off } = STOCK
  expect(parseRule(off)).toMatchObject({ change: { is_on: false } })
})

test('stuck orders are said in hours, also in parts of one', () => {
  expect(parseRule({ kind: 'order_stuck', is_on: 'on', hours: '1.5', assignee_id: '7' })).toEqual({
    change: { kind: 'order_stuck', is_on: true, minutes: 90, assignee_id: 7 },
  })
})

test('a surge has a rise, a fewest number of pieces and a margin, all of them said', () => {
  const said = { kind: 'surge', is_on: 'on', rise_percent: '150', pieces_min: '20' }
  expect(parseRule({ ...said, rearm_percent: '0' })).toEqual({
    change: {
      kind: 'surge',
      is_on: true,
      rise_percent: 150,
      pieces_min: 20,
      rearm_percent: 0,
      assignee_id: null,
    },
  })
  expect(parseRule(said)).toEqual({ wrong: 'rearm_percent' })
})

test('what is no number is told at its field', () => {
  expect(parseRule({ ...STOCK, soon_percent: 'many' })).toEqual({ wrong: 'soon_percent' })
  expect(parseRule({ ...STOCK, watch_percent: '' })).toEqual({ wrong: 'watch_percent' })
  expect(parseRule({ ...STOCK, cover_days: '1.5' })).toEqual({ wrong: 'cover_days' })
  expect(parseRule({ kind: 'order_stuck', hours: '' })).toEqual({ wrong: 'minutes' })
  expect(parseRule({ kind: 'order_unpaid', minutes: '5 min' })).toEqual({ wrong: 'minutes' })
  expect(parseRule({})).toEqual({ wrong: 'kind' })
})
