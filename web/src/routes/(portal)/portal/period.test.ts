import { expect, test } from 'vitest'
import { daysAt, monthsAt } from './period.ts'

test('this month runs to the end of today, the month before to this minute of its same day', () => {
  const months = monthsAt(new Date('2026-11-24T06:23:45Z'), 'Asia/Shanghai')

  expect(months).toMatchObject({ today: '2026-11-24', days: 30, before_days: 31 })
  expect(months.now).toEqual(['2026-11-01T00:00:00.000', '2026-11-24T23:59:59.000'])
  expect(months.before).toEqual(['2026-10-01T00:00:00.000', '2026-10-24T14:23:59.000'])
})

test('on the 31st a shorter month before counts whole', () => {
  const months = monthsAt(new Date('2026-12-31T02:00:00Z'), 'Asia/Shanghai')

  expect(months.before).toEqual(['2026-11-01T00:00:00.000', '2026-11-30T23:59:59.000'])
})

test('the month is the one on the wall of the company, not of the server', () => {
  const months = monthsAt(new Date('2026-11-30T16:30:00Z'), 'Asia/Shanghai')

  expect(months.start).toBe('2026-12-01')
  expect(months.before).toEqual(['2026-11-01T00:00:00.000', '2026-11-01T00:30:59.000'])
})

test('a day is compared with the same weekday until the same minute', () => {
  const days = daysAt(new Date('2026-11-24T06:23:45Z'), 'Asia/Shanghai')

  expect(days.before).toEqual(['2026-11-17T00:00:00.000', '2026-11-17T14:23:59.000'])
})
