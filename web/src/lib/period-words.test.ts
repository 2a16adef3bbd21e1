import { expect, test } from 'vitest'
import { en } from './i18n/frame.en.ts'
import { zh } from './i18n/frame.zh.ts'
import type { Choice } from './choice.ts'
import { periodAt } from './period.ts'
import { beforeName, bucketName, nameIn, openName, periodName, spanText } from './period-words.ts'

const zone = 'Asia/Shanghai'
const now = new Date('2026-11-24T06:23:07Z')
const at = (choice: Choice, comparison: 'previous' | 'year' = 'previous') =>
  periodAt(now, zone, choice, comparison)

test('a period is called by its name and says which days it has come to', () => {
  expect(periodName(at('month'), zh, 'zh')).toBe('本月')
  expect(spanText(at('month'), now, zone, zh, 'zh')).toBe('11-01 至 11-24 14:23')
  expect(spanText(at('today'), now, zone, en, 'en')).toBe('Tue 24 Nov 00:00–14:23')
  expect(spanText(at('last-month'), now, zone, en, 'en')).toBe('1 Oct to 31 Oct')
  expect(periodName(at({ from: '2026-11-02', to: '2026-11-08' }), zh, 'zh')).toBe('11-02 至 11-08')
})

test('what it stands beside is said in words that need no counting', () => {
  expect(beforeName(at('today'), zh, 'zh')).toBe('上周二')
  expect(beforeName(at('month'), en, 'en')).toBe('last month by now')
  expect(beforeName(at('last-month'), en, 'en')).toBe('the month before')
  expect(beforeName(at('7d'), zh, 'zh')).toBe('前 7 天')
  expect(beforeName(at('month', 'year'), zh, 'zh')).toBe('去年同期')
})

test('a bucket says which it is, and the open one that it is not over', () => {
  const [hour = ''] = at('today').buckets
  expect(bucketName(hour, 'hour', en, 'en')).toBe('00:00–01:00')
  expect(bucketName('2026-11-01T00:00:00.000', 'month', zh, 'zh')).toBe('2026 年 11 月')
  expect(openName('2026-11-24T14:00:00.000', 'hour', zh)).toBe('14 时，还没过完')
  expect(openName('2026-11-01T00:00:00.000', 'month', en)).toBe('this month, not over yet')
})

test('an hour in which the clock is changed says how long it is, or that there is none', () => {
  const over = (day: string) => periodAt(now, 'America/New_York', { from: day, to: day })
  expect(nameIn(over('2026-11-01'), '2026-11-01T01:00:00.000', en, 'en')).toBe(
    '01:00–02:00 (clocks change: 120 minutes)',
  )
  expect(nameIn(over('2026-03-08'), '2026-03-08T02:00:00.000', zh, 'zh')).toBe(
    '02:00–03:00 (时钟拨快，没有这一小时)',
  )
  expect(nameIn(over('2026-03-08'), '2026-03-08T03:00:00.000', en, 'en')).toBe('03:00–04:00')
})
