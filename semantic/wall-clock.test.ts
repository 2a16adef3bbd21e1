import { expect, test } from 'vitest'
import { instantOf, isRepeated, wallClockOf } from './wall-clock.ts'

const MINUTE_MS = 60_000

const readings = (wallClock: string, zone: string) =>
  (['first', 'last'] as const).map((reading) =>
    new Date(instantOf(wallClock, zone, reading)).toISOString(),
  )

test('the hour that happens twice begins with its first minute and ends with its last', () => {
  expect(readings('2026-11-01T01:30:00', 'America/New_York')).toEqual([
    '2026-11-01T05:30:00.000Z',
    '2026-11-01T06:30:00.000Z',
  ])
  expect(readings('2026-04-05T01:45:00', 'Australia/Lord_Howe')).toEqual([
    '2026-04-04T14:45:00.000Z',
    '2026-04-04T15:15:00.000Z',
  ])
})

test('an hour that is skipped begins when it would have and ends before', () => {
  const skipped = ['2026-03-08T07:00:00.000Z', '2026-03-08T06:59:59.000Z']
  expect(readings('2026-03-08T02:00:00', 'America/New_York')).toEqual(skipped)
  expect(readings('2026-03-08T02:59:59', 'America/New_York')).toEqual(skipped)
})

test('a day without a midnight begins at one', () => {
  expect(readings('2018-11-04T00:00:00', 'America/Sao_Paulo')[0]).toBe('2018-11-04T03:00:00.000Z')
})

test('midnight before clocks are changed in a zone far east is midnight', () => {
  expect(readings('2026-04-05T00:00:00', 'Australia/Sydney')).toEqual([
    '2026-04-04T13:00:00.000Z',
    '2026-04-04T13:00:00.000Z',
  ])
})

test.each([
  ['America/New_York', '2026-11-01T06:00:00Z'],
  ['America/New_York', '2026-03-08T07:00:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00:00Z'],
  ['America/Sao_Paulo', '2018-02-18T02:00:00Z'],
  ['Asia/Kathmandu', '2026-03-01T18:15:00Z'],
])('%s: every minute around %s is one of the readings of what the clock shows', (zone, change) => {
  const from = Date.parse(change) - 150 * MINUTE_MS
  for (let instant = from; instant < from + 300 * MINUTE_MS; instant += MINUTE_MS) {
    const shown = wallClockOf(instant, zone)
    const both = [instantOf(shown, zone, 'first'), instantOf(shown, zone, 'last')]
    expect(both).toContain(instant)
    expect(isRepeated(shown, zone)).toBe(both[0] !== both[1])
  }
})
