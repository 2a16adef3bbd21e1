import { expect, test } from 'vitest'
import { readSpan } from './choice.ts'
import { bucketRange, periodAt, spanAt, spanOver } from './period.ts'

const zone = 'Asia/Shanghai'
/** A Tuesday, 14:23 in Shanghai. */
const now = new Date('2026-11-24T06:23:07Z')

test('today stands beside the same weekday, until the same second of the clock', () => {
  const { range, before, open, grain } = periodAt(now, zone)
  expect(range).toEqual(['2026-11-24T00:00:00.000', '2026-11-24T23:59:59.000'])
  expect(before?.range).toEqual(['2026-11-17T00:00:00.000', '2026-11-17T14:23:07.000'])
  expect(before?.whole[1]).toBe('2026-11-17T23:59:59.000')
  expect([grain, open]).toEqual(['hour', 14])
})

test('a week over a change of clocks still compares the same time of day', () => {
  const { before } = periodAt(new Date('2026-10-26T12:00:00Z'), 'Europe/London')
  expect(before?.range[1]).toBe('2026-10-19T12:00:00.000')
})

test('this week is from Monday to Sunday, beside as much of the last one; on its first and last day too', () => {
  const { range, before, buckets, open, grain } = periodAt(now, zone, 'week')
  expect(range).toEqual(['2026-11-23T00:00:00.000', '2026-11-29T23:59:59.000'])
  expect(before?.range).toEqual(['2026-11-16T00:00:00.000', '2026-11-17T14:23:07.000'])
  expect(before?.whole[1]).toBe('2026-11-22T23:59:59.000')
  expect([grain, buckets.length, open]).toEqual(['day', 7, 1])
  for (const moment of ['2026-11-22T16:00:00Z', '2026-11-29T15:59:59Z'])
    expect(periodAt(new Date(moment), zone, 'week').from).toBe('2026-11-23')
})

test('this month runs to its end, and last month counts as far as this one has come', () => {
  const { range, before, buckets, open } = periodAt(now, zone, 'month')
  expect(range).toEqual(['2026-11-01T00:00:00.000', '2026-11-30T23:59:59.000'])
  expect(before?.range).toEqual(['2026-10-01T00:00:00.000', '2026-10-24T14:23:07.000'])
  expect(before?.whole[1]).toBe('2026-10-31T23:59:59.000')
  expect(buckets).toHaveLength(30)
  expect(before?.buckets).toHaveLength(30)
  expect(buckets[open ?? -1]).toBe('2026-11-24T00:00:00.000')
})

test('the 31st of March has no 31st of February: all of February counts', () => {
  const { before } = periodAt(new Date('2026-03-31T04:00:00Z'), zone, 'month')
  expect(before?.range).toEqual(['2026-02-01T00:00:00.000', '2026-02-28T23:59:59.000'])
})

test('a period that is over has no open bucket and a whole one before it', () => {
  const { open, before, passed } = periodAt(now, zone, 'last-month')
  expect([open, passed]).toEqual([null, 1])
  expect(before?.range).toEqual(['2026-09-01T00:00:00.000', '2026-09-30T23:59:59.000'])
})

test('a year ago keeps the weekday for days and the date for months', () => {
  expect(periodAt(now, zone, 'today', 'year').before?.whole[0]).toBe('2025-11-25T00:00:00.000')
  expect(periodAt(now, zone, 'month', 'year').before?.range).toEqual([
    '2025-11-01T00:00:00.000',
    '2025-11-24T14:23:07.000',
  ])
  expect(periodAt(now, zone, 'month', 'off').before).toBeNull()
})

test('29 February is compared with the 28th', () => {
  const leap = { from: '2028-02-29', to: '2028-02-29' }
  expect(periodAt(now, zone, leap, 'year').before?.whole).toEqual([
    '2027-02-28T00:00:00.000',
    '2027-02-28T23:59:59.000',
  ])
})

test('days of one’s own are compared with as many days just before', () => {
  const { before, grain } = periodAt(now, zone, { from: '2026-11-02', to: '2026-11-08' })
  expect(before?.range).toEqual(['2026-10-26T00:00:00.000', '2026-11-01T23:59:59.000'])
  expect(grain).toBe('day')
})

test('the longer the period, the wider its buckets; weeks begin on Monday', () => {
  const grains = (['today', '28d', 'quarter', 'year'] as const).map(
    (choice) => periodAt(now, zone, choice).grain,
  )
  expect(grains).toEqual(['hour', 'day', 'week', 'month'])
  expect(periodAt(now, zone, 'quarter').buckets[0]).toBe('2026-09-28T00:00:00.000')
})

test('a bucket as a range is cut where the period begins and ends', () => {
  const quarter = periodAt(now, zone, 'quarter')
  expect(bucketRange(quarter, '2026-09-28T00:00:00.000')[0]).toBe('2026-10-01T00:00:00.000')
  expect(bucketRange(periodAt(now, zone), '2026-11-24T09:00:00.000')).toEqual([
    '2026-11-24T09:00:00.000',
    '2026-11-24T09:59:59.000',
  ])
})

test('twelve months end with the running one', () => {
  const { buckets, open } = spanAt(now, zone, 'month', 12)
  expect(buckets.at(0)).toBe('2025-12-01T00:00:00.000')
  expect([buckets.length, open]).toEqual([12, 11])
})

test('how far a period is counts the hours of the day', () => {
  expect(periodAt(now, zone).passed).toBeCloseTo(0.599, 3)
  expect(periodAt(now, zone, 'month').passed).toBeCloseTo(23.599 / 30, 3)
})

test('two days in the wrong order are put right, what is no day is refused', () => {
  expect(readSpan('2026-11-08', '2026-11-02')).toEqual({ from: '2026-11-02', to: '2026-11-08' })
  expect(readSpan('2026-02-30', '2026-11-02')).toBeNull()
  expect(readSpan('2010-01-01', '2026-11-02')?.from).toBe('2023-10-30')
})

test('hours of one day are a period of their own, beside the same hours of the day before', () => {
  const choice = readSpan('2026-11-24T09', '2026-11-24T15')
  expect(choice).toEqual({ from: '2026-11-24', to: '2026-11-24', hours: [9, 15] })
  const { range, buckets, open, before, passed } = periodAt(now, zone, choice ?? 'today')
  expect(range).toEqual(['2026-11-24T09:00:00.000', '2026-11-24T15:59:59.000'])
  expect(buckets).toHaveLength(7)
  expect(buckets[open ?? -1]).toBe('2026-11-24T14:00:00.000')
  expect(passed).toBeCloseTo(5.385 / 7, 3)
  expect(before?.whole).toEqual(['2026-11-23T09:00:00.000', '2026-11-23T15:59:59.000'])
  expect(before?.range[1]).toBe('2026-11-23T14:23:07.000')
  expect(before?.buckets).toHaveLength(7)
})

test('hours that are over have no open bucket and are compared whole', () => {
  const { open, passed, before } = periodAt(
    now,
    zone,
    readSpan('2026-11-24T02', '2026-11-24T05') ?? 'today',
  )
  expect([open, passed]).toEqual([null, 1])
  expect(before?.range).toEqual(before?.whole)
})

test('a span of many days knows no hours, and hours from midnight to midnight are days', () => {
  expect(readSpan('2026-11-20T09', '2026-11-24T15')).toEqual({
    from: '2026-11-20',
    to: '2026-11-24',
  })
  expect(readSpan('2026-11-24T00', '2026-11-24T23')).toEqual({
    from: '2026-11-24',
    to: '2026-11-24',
  })
  expect(readSpan('2026-11-24T24', '2026-11-24T25')).toBeNull()
})

test('buckets picked on a chart are a span that gives back the same buckets', () => {
  const day = periodAt(now, zone)
  const [first = '', last = ''] = [day.buckets[9], day.buckets[11]]
  const hours = spanOver('hour', bucketRange(day, first), bucketRange(day, last))
  expect(periodAt(now, zone, hours).buckets).toEqual(day.buckets.slice(9, 12))

  const year = periodAt(now, zone, '12m')
  const [from = '', to = ''] = [year.buckets[3], year.buckets[4]]
  const months = spanOver('month', bucketRange(year, from), bucketRange(year, to))
  expect(months).toEqual({ from: '2026-03-01', to: '2026-04-30' })
})
