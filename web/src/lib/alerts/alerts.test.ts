import { expect, test } from 'vitest'
import { bandsOf, coverDays, coverShare } from './bands.ts'
import { forecastOf } from './forecast.ts'
import type { Alert } from './types.ts'

const alert: Alert = {
  id: 1,
  kind: 'stock',
  severity: 'watch',
  opened_at: '2026-11-25T00:00:00.000Z',
  acknowledged_at: null,
  acknowledged_by: null,
  assigned_to: null,
  assignee: null,
  snoozed_until: null,
  resolved_at: null,
  closed_at: null,
  close_reason: null,
  transfer_id: null,
  purchase_id: null,
  shelf: null,
  surge: null,
  order: null,
}

test('a row stands where it wants to be worked off: what is out first, what somebody does or puts off last', () => {
  const alerts: Alert[] = [
    { ...alert, id: 1, severity: 'out' },
    { ...alert, id: 2, severity: 'soon' },
    { ...alert, id: 3, severity: 'critical', transfer_id: 7 },
    { ...alert, id: 4, severity: 'critical', snoozed_until: '2026-11-25T01:00:00.000Z' },
    { ...alert, id: 5, severity: 'critical' },
    { ...alert, id: 6, kind: 'order_stuck', severity: 'soon' },
    { ...alert, id: 7, kind: 'surge', severity: 'soon' },
    { ...alert, id: 8, kind: 'surge', purchase_id: 1 },
  ]
  const told = (bands: ReturnType<typeof bandsOf>) =>
    bands.map(({ name, alerts: rows }) => `${name} ${rows.map(({ id }) => id).join()}`)
  expect(told(bandsOf(alerts, 'stock', new Set([2])))).toEqual([
    'urgent 1,5',
    'acting 2,3',
    'snoozed 4',
  ])
  expect(told(bandsOf(alerts, 'orders', new Set()))).toEqual(['order_stuck 6'])
  expect(told(bandsOf(alerts, 'surge', new Set()))).toEqual(['surge 7', 'acting 8'])
})

test('what nobody buys does not run out; the bar is full at one and a half lead times', () => {
  expect(coverDays({ available: 5, sold_14d: 0 })).toBeNull()
  expect(coverDays({ available: 20, sold_14d: 140 })).toBe(2)
  expect(coverShare({ available: 105, sold_14d: 140, lead_time_days: 7 })).toBe(1)
  expect(coverShare({ available: 0, sold_14d: 0, lead_time_days: 7 })).toBe(0)
})

test('a forecast ends at the floor on the day the goods are gone, and new goods lift it on the day they come', () => {
  const shelf = {
    levels: [...Array.from({ length: 14 }, () => 100), 20],
    available: 20,
    sold_14d: 140,
    lead_time_days: 11,
    reorder_point: 50,
  }
  // 14 days back and 14 ahead: today is in the middle, empty in two days.
  const forecast = forecastOf(shelf, { quantity: 60, arrivesInDays: 1 })
  expect(forecast.nowX).toBe(50)
  expect(forecast.outX).toBeCloseTo(50 + (2 / 28) * 100, 1)
  expect(forecast.peak).toEqual({ x: 53.57, y: 30 })
  expect(forecast.reorderY).toBe(50)
  expect(forecastOf({ ...shelf, sold_14d: 0 }, null)).toMatchObject({ outX: null, planned: '' })
})

test('the last days of the picture are named only where there is room: none nearer than five days to its end', () => {
  const daysAt = (lead_time_days: number) =>
    forecastOf(
      { levels: [20], available: 20, sold_14d: 14, lead_time_days, reorder_point: null },
      null,
    ).days.map(({ ago }) => ago)
  expect(daysAt(4)).toEqual([-14, -7, 0, 7])
  expect(daysAt(5)).toEqual([-14, -7, 0, 8])
  expect(daysAt(8)).toEqual([-14, -7, 0, 11])
  expect(daysAt(9)).toEqual([-14, -7, 0, 7, 12])
})

test('a line of the past begins on the first day that is known, and today is where it always is', () => {
  const shelf = {
    levels: [30, 25, 20],
    available: 20,
    sold_14d: 14,
    lead_time_days: 11,
    reorder_point: null,
  }
  const forecast = forecastOf(shelf, null)
  expect(forecast).toMatchObject({ nowX: 50, knownAgo: 2 })
  expect(forecast.past).toBe('M42.86,0L46.43,16.67L50,33.33')
  expect(forecastOf({ ...shelf, levels: [20] }, null)).toMatchObject({ nowX: 50, knownAgo: 0 })
})
