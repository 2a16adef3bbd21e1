import { pad, type Span } from './choice.ts'
import type { Language } from './format.ts'
import type { Messages } from './i18n/index.ts'
import { dayName, wallOf, weekdayName } from './moment.ts'
import { daysBetween, type Grain, type Period } from './period.ts'

type Words = Messages['frame']

/** 本月 / This month; own days by their dates. */
export function periodName({ choice }: Pick<Period, 'choice'>, words: Words, language: Language) {
  if (typeof choice === 'string') return words.periods[choice]
  return spanName(choice, words, language)
}

/** Which days that is, until when: 11-01 至 11-24 14:23. */
export function spanText(period: Period, asOf: Date, zone: string, words: Words, lang: Language) {
  const { day, clock } = wallOf(asOf, zone)
  const time = clock.slice(0, 5)
  if (typeof period.choice !== 'string' && period.choice.hours) {
    return spanName(period.choice, words, lang)
  }
  if (period.from === period.to) {
    const name = bucketName(period.from, 'day', words, lang)
    return period.open === null ? name : `${name} 00:00–${time}`
  }
  const until = period.open === null ? shortDay(period.to, lang) : `${shortDay(day, lang)} ${time}`
  return words.span(shortDay(period.from, lang), until)
}

/** What the period stands beside: 上周二, 上月同期; the same for every tile. */
export function beforeName(
  { choice, from, to, before, open }: Period,
  words: Words,
  lang: Language,
) {
  const first = before?.whole[0].slice(0, 10) ?? from
  // A year back is recognised by its distance: then it is what the reader chose, whatever the period is.
  if (daysBetween(first, from) >= 360) return words.before.year
  switch (choice) {
    case 'today':
      return words.before.weekday(weekdayName(first, lang, 'long'))
    case 'yesterday':
      return words.before.weekday_earlier(weekdayName(first, lang, 'long'))
    case 'week':
      return words.before.week
    case 'month':
      return open === null ? words.before.month_whole : words.before.month
    case 'last-month':
      return words.before.month_whole
    case 'quarter':
      return words.before.quarter
    default:
      return words.before.days(String(daysBetween(from, to) + 1))
  }
}

/** One bucket in full: 14:00–15:00, 11 月 24 日 周二, 2026 年 11 月. */
export function bucketName(bucket: string, grain: Grain, words: Words, language: Language) {
  const day = bucket.slice(0, 10)
  switch (grain) {
    case 'hour': {
      const hour = Number(bucket.slice(11, 13))
      return `${pad(hour)}:00–${pad(hour + 1)}:00`
    }
    case 'day':
      return language === 'zh'
        ? `${dayName(day, 'zh')} ${weekdayName(day, 'zh')}`
        : `${weekdayName(day, 'en')} ${dayName(day, 'en')}`
    case 'week':
      return words.week_of(dayName(day, language))
    case 'month':
      return words.month_of(day.slice(0, 4), monthTick(day, language))
  }
}

/** A bucket of the period in full, and how long it is where the clock is changed in it. */
export function nameIn(
  { grain, odd }: Pick<Period, 'grain' | 'odd'>,
  bucket: string,
  words: Words,
  language: Language,
) {
  const name = bucketName(bucket, grain, words, language)
  const minutes = odd.get(bucket)
  if (minutes === undefined) return name
  return `${name} (${minutes === 0 ? words.hour_skipped : words.hour_changed(String(minutes))})`
}

/** As short as an axis needs it. */
export function bucketTick(bucket: string, grain: Grain, language: Language) {
  const day = bucket.slice(0, 10)
  if (grain === 'hour') return bucket.slice(11, 13)
  return grain === 'month' ? monthTick(day, language) : shortDay(day, language)
}

/** 14 时，还没过完 / this month, not over yet. */
export function openName(bucket: string, grain: Grain, words: Words) {
  return grain === 'hour' ? words.not_over.hour(bucket.slice(11, 13)) : words.not_over[grain]
}

/** 11-24 / 24 Nov; with the year where it is not the running one is not needed on an axis. */
export function shortDay(day: string, language: Language) {
  return language === 'en' ? dayName(day, language) : day.slice(5)
}

function spanName({ from, to, hours }: Span, words: Words, language: Language) {
  const first = dayName(from, language)
  if (!hours) {
    return from === to ? first : words.span(shortDay(from, language), shortDay(to, language))
  }
  const [start, end] = [`${pad(hours[0])}:00`, `${pad(hours[1] + 1)}:00`]
  return from === to
    ? `${first} ${start}–${end}`
    : words.span(`${shortDay(from, language)} ${start}`, `${shortDay(to, language)} ${end}`)
}

function monthTick(day: string, language: Language) {
  if (language === 'zh') return String(Number(day.slice(5, 7)))
  const month = new Date(`${day}T00:00:00Z`).toLocaleDateString('en-GB', {
    month: 'short',
    timeZone: 'UTC',
  })
  // Four letters in September alone would not fit where the others do.
  return month.slice(0, 3)
}
