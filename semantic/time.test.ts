import { expect, test } from 'vitest'
import { Problem } from './problem.ts'
import { checkZone, snapQuery, snapRange } from './time.ts'

test('a range is compared by whole seconds, so its end keeps the second it names', () => {
  expect(snapRange(['2026-11-24T00:00:00.000', '2026-11-24 23:59:59.999'], 'UTC')).toEqual([
    '2026-11-24T00:00:00',
    '2026-11-24T23:59:59',
  ])
})

test('a moment with an offset becomes wall clock in the zone of the question', () => {
  expect(snapRange(['2026-11-23T16:00:00Z', '2026-11-24T23:59:59+08:00'], 'Asia/Shanghai')).toEqual(
    ['2026-11-24T00:00:00', '2026-11-24T23:59:59'],
  )
})

test('midnight before and after the clocks go back is midnight', () => {
  expect(snapRange(['2026-10-24T23:00:00Z', '2026-10-26T00:00:00Z'], 'Europe/London')).toEqual([
    '2026-10-25T00:00:00',
    '2026-10-26T00:00:00',
  ])
})

test('of the hour that happens twice, a moment with an offset keeps which it is', () => {
  expect(
    snapRange(['2026-11-01T05:30:00Z', '2026-11-01T01:30:00-05:00'], 'America/New_York'),
  ).toEqual(['2026-11-01T01:30:00.001', '2026-11-01T01:30:00.002'])
})

test.each([
  ['beforeOrOnDate', '2026-11-24T23:59:59.002'],
  ['afterDate', '2026-11-24T23:59:59.002'],
  ['beforeDate', '2026-11-24'],
  ['afterOrOnDate', '2026-11-24'],
])('%s of a day counts the day whole', (operator, value) => {
  const filters = [{ member: 'sales.at', operator, values: ['2026-11-24'] }]
  expect(snapQuery({ filters }, 'UTC').filters).toEqual([
    { member: 'sales.at', operator, values: [value] },
  ])
})

test('days and words are left as they are', () => {
  expect(snapRange(['2026-11-24'], 'UTC')).toEqual(['2026-11-24'])
  expect(snapRange('last 7 days', 'UTC')).toBe('last 7 days')
})

test('dates in filters are snapped too, and nothing else in them', () => {
  const query = snapQuery(
    {
      measures: ['sales.units'],
      filters: [
        {
          or: [
            { member: 'sales.at', operator: 'afterOrOnDate', values: ['2026-11-24T08:00:00.5Z'] },
          ],
        },
        { member: 'sales.channel', operator: 'equals', values: ['2026-11-24T08:00:00.5Z'] },
      ],
    },
    'UTC',
  )
  expect(query.filters).toEqual([
    { or: [{ member: 'sales.at', operator: 'afterOrOnDate', values: ['2026-11-24T08:00:00'] }] },
    { member: 'sales.channel', operator: 'equals', values: ['2026-11-24T08:00:00.5Z'] },
  ])
})

test.each(['2026-13-01', '2026-11-24T25:00:00'])('%s is refused by name', (moment) => {
  expect(() => snapRange([moment], 'UTC')).toThrow(`${moment} is not a date`)
})

test('a time zone that does not exist is refused by name', () => {
  expect(() => checkZone('Mars/Olympus')).toThrow(Problem)
})
