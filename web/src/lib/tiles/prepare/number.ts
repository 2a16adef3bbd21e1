import type { NumberTile } from '../../../../../dashboards/define.ts'
import { missing, type Change, type Parts } from '#lib/format.ts'
import { parseDecimal, parseWhole } from '#lib/decimal.ts'
import { wallOf } from '#lib/moment.ts'
import { viewOf } from '../ask.ts'
import { byHour, rowsOf } from '../read.ts'
import type { Setting, Table } from './setting.ts'
import { prepareSpark, type Spark } from './spark.ts'

export type NumberModel = {
  value: Parts
  exact: string
  change: Change | null
  /** Beside the change: the number a week ago, or the margin. */
  than: string | null
  spark: Spark
  summary: string
  table: Table
}

const HOURS = 24

export function prepareNumber(tile: NumberTile, setting: Setting): NumberModel {
  const { results, words, scope, format, language } = setting
  const view = viewOf(tile.measure)
  const title = tile.title[language]
  const row = rowsOf(results, `totals:${view}`)[0]
  const earlier = scope.isCompared ? rowsOf(results, `before:${view}`)[0] : undefined
  const now = row?.[tile.measure] ?? null
  const before = earlier?.[tile.measure] ?? null
  const written = writer(tile, setting)
  const change = scope.isCompared ? changeOf(tile, now, before, setting) : null
  const weekAgo = before === null ? missing : written.short(before)
  const exact = written.exact(now)

  return {
    value: written.headline(now),
    exact,
    change,
    than: tile.beside
      ? words.beside(tile.beside.title[language], format.ratio(row?.[tile.beside.measure]))
      : change && words.last_week(weekAgo),
    summary: change
      ? words.summary_number(title, exact, changeWords(change, words), weekAgo)
      : `${title} ${exact}`,
    ...series(tile, setting),
  }
}

function changeOf(
  tile: NumberTile,
  now: string | null,
  before: string | null,
  { format }: Setting,
) {
  return tile.unit === 'ratio'
    ? format.points(now, before)
    : format.change(parseWhole(now), parseWhole(before), tile.unit === 'money')
}

function changeWords({ direction, text }: Change, words: Setting['words']) {
  if (direction === 'up') return `${words.rises} ${text}`
  return direction === 'down' ? `${words.falls} ${text}` : text
}

/** Hours until now, and of last week's whole day. An hour without sales sold nothing; a rate of nothing is a gap. */
function series(tile: NumberTile, setting: Setting): Pick<NumberModel, 'spark' | 'table'> {
  const { results, words, scope, asOf } = setting
  const view = viewOf(tile.measure)
  const time = `${view}.at`
  const hour = wallOf(asOf, scope.timeZone).hour
  const now = byHour(rowsOf(results, `hours:${view}`), time, tile.measure)
  const before = byHour(
    scope.isCompared ? rowsOf(results, `before:${view}`, 1) : [],
    time,
    tile.measure,
  )
  const empty = tile.gaps ? null : '0'
  const written = writer(tile, setting)
  const all = Array.from({ length: HOURS }, (_, index) => index)
  const today = all.map((index) => (index > hour ? null : (now.get(index) ?? empty)))
  const lastWeek = all.map((index) => (before.size ? (before.get(index) ?? empty) : null))

  return {
    spark: prepareSpark(
      today.slice(0, hour + 1).map(toNumber),
      lastWeek.map(toNumber),
      HOURS,
      true,
    ),
    table: {
      columns: [
        { title: words.hour },
        { title: words.today, isNumber: true },
        { title: words.same_weekday, isNumber: true },
      ],
      rows: all.map((index) => [
        `${String(index).padStart(2, '0')}:00`,
        written.exact(today[index] ?? null),
        written.exact(lastWeek[index] ?? null),
      ]),
    },
  }
}

function toNumber(value: string | null) {
  return value === null ? null : Number(value)
}

function writer({ unit }: NumberTile, { format }: Setting) {
  switch (unit) {
    case 'money':
      return {
        headline: (text: string | null) =>
          written(text, format.headline, { text: missing, unit: '' }),
        exact: (text: string | null) => written(text, format.exact, missing),
        short: (text: string | null) => written(text, (cents) => format.short(cents), missing),
      }
    case 'count':
      return {
        headline: (text: string | null) =>
          written(text, format.countHeadline, { text: missing, unit: '' }),
        exact: (text: string | null) => written(text, format.count, missing),
        short: (text: string | null) => written(text, format.count, missing),
      }
    case 'ratio':
      return {
        headline: (text: string | null) => ({
          text: parseDecimal(text) ? format.ratio(text, 2) : missing,
          unit: '',
        }),
        exact: (text: string | null) => format.ratioExact(text),
        short: (text: string | null) => format.ratio(text, 2),
      }
  }
}

function written<Written>(
  text: string | null,
  write: (value: bigint) => Written,
  otherwise: Written,
) {
  const value = parseWhole(text)
  return value === null ? otherwise : write(value)
}
