import type { VelocityTile } from '../../../../../dashboards/define.ts'
import { divideRounded, grouped, parseDecimal } from '#lib/decimal.ts'
import { missing, type Change } from '#lib/format.ts'
import { coverText, dayAfter, wallOf } from '#lib/moment.ts'
import { daysBetween } from '#lib/period.ts'
import { answerOf, indexBy, rowsOf, sumOf } from '../read.ts'
import { viewOf } from '../member.ts'
import { changeText } from './ranking.ts'
import { thenName, type Setting, type Table } from './setting.ts'
import { prepareSpark, type Spark } from './spark.ts'

export type Tone = 'bad' | 'warn' | ''
export type VelocityModel = {
  rows: {
    id: string
    name: string
    sold: string
    perHour: string
    change: Change | null
    trend: Spark
    trendWords: string
    cover: { text: string; width: number; tone: Tone }
  }[]
  sub: string
  /** What the change is against. */
  than: string
  summary: string
  table: Table
}

/** A full bar is a month of cover; under these many days it is time to act, or to look. */
const COVER_FULL_DAYS = 30
const COVER_BAD_DAYS = 3
const COVER_WARN_DAYS = 5

export function prepareVelocity(tile: VelocityTile, setting: Setting): VelocityModel {
  const { results, format, words, language, period } = setting
  const answer = answerOf(results, tile.key)
  const top = (answer?.rows ?? []).slice(0, tile.top)
  const before = indexBy(rowsOf(results, `${tile.key}:before`, 1), tile.id)
  const covers = indexBy(rowsOf(results, `${tile.key}:cover`), tile.cover.id)
  const total = BigInt(Math.max(answer?.total ?? 0, top.length))
  const trends = trendsOf(tile, setting)

  const rows = top.map((row) => {
    const id = row[tile.id] ?? ''
    const units = sumOf(row, tile.measure)
    const days = trends.get(id) ?? []
    return {
      id,
      name: row[tile.name] ?? words.unnamed,
      sold: format.count(units),
      perHour: perHour(units, setting),
      change: period.before ? format.change(units, sumOf(before.get(id), tile.measure)) : null,
      trend: prepareSpark(days, [], tile.days, true),
      trendWords: days.join(' '),
      cover: coverOf(covers.get(id)?.[tile.cover.measure], language),
    }
  })
  const isAll = total <= BigInt(tile.top)
  return {
    rows,
    sub: isAll
      ? words.fastest_all(format.count(total))
      : words.fastest_of(String(tile.top), format.count(total)),
    than: thenName(setting),
    summary: rows.map(({ name, sold }) => `${name} ${sold}`).join(language === 'zh' ? '，' : ', '),
    table: {
      columns: [
        { title: words.product },
        { title: words.sold, isNumber: true },
        { title: words.per_hour, isNumber: true },
        { title: thenName(setting), isNumber: true },
        { title: words.days(tile.days), isNumber: true },
        { title: words.cover, isNumber: true },
      ],
      rows: rows.map((row) => [
        row.name,
        row.sold,
        row.perHour,
        changeText(row.change),
        row.trendWords,
        row.cover.text,
      ]),
    },
  }
}

/** Units sold by day, per product; a day without sales sold nothing. */
function trendsOf(tile: VelocityTile, { results, scope, asOf }: Setting) {
  const time = `${viewOf(tile.measure)}.at.day`
  const { day } = wallOf(asOf, scope.timeZone)
  const days = Array.from({ length: tile.days }, (_, index) => dayAfter(day, index + 1 - tile.days))
  const trends = new Map<string, number[]>()
  for (const row of rowsOf(results, `${tile.key}:before`)) {
    const id = row[tile.id] ?? ''
    const trend = trends.get(id) ?? days.map(() => 0)
    const place = days.indexOf(row[time]?.slice(0, 10) ?? '')
    if (place >= 0) trend[place] = Number(row[tile.measure] ?? 0)
    trends.set(id, trend)
  }
  return trends
}

/** Since the period began; one decimal where whole numbers would hide the difference. */
function perHour(units: bigint, { period, format }: Setting) {
  const minutes = (daysBetween(period.from, period.to) + 1) * 24 * 60 * period.passed
  const passed = BigInt(Math.max(1, Math.round(minutes)))
  const tenths = divideRounded(units * 600n, passed)
  if (tenths >= 100n) return format.count(divideRounded(units * 60n, passed))
  return `${tenths < 0n ? '−' : ''}${grouped(tenths, 1)}`
}

function coverOf(value: string | null | undefined, language: 'zh' | 'en') {
  if (!parseDecimal(value)) return { text: missing, width: 0, tone: '' as const }

  const days = Math.max(0, Number(value))
  const tone: Tone = days < COVER_BAD_DAYS ? 'bad' : days < COVER_WARN_DAYS ? 'warn' : ''
  return {
    text: coverText(days, language),
    width: Math.min(100, (days / COVER_FULL_DAYS) * 100),
    tone,
  }
}
