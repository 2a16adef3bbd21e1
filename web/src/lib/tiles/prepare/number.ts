import type { NumberTile, SeriesTile } from '../../../../../dashboards/define.ts'
import { paceOfMeasure, type GoalModel } from './pace.ts'
import { missing, type Change, type Parts } from '#lib/format.ts'
import { viewOf } from '../member.ts'
import { byBucket, emptyOr, rowsOf } from '../read.ts'
import { nameOfBucket, nowName, thenName, type Setting, type Table } from './setting.ts'
import { prepareSpark, type Spark } from './spark.ts'
import { writerOf } from './writer.ts'

export type NumberModel = {
  value: Parts
  exact: string
  change: Change | null
  /** Beside the change: the number it is compared with, or the margin. */
  than: string | null
  /** How it stands to its goal; null where none is set for the period. */
  goal: GoalModel | null
  spark: Spark
  summary: string
  table: Table
}

/** The number above a chart: of the page's period, whatever span the chart has. */
export function headlineOf(tile: SeriesTile): NumberTile {
  const { key, title, measure, unit, gaps, headline } = tile
  const beside = headline?.beside && { beside: headline.beside }
  return { show: 'number', key, title, measure, unit, good: 'up', ...(gaps && { gaps }), ...beside }
}

export function prepareNumber(tile: NumberTile, setting: Setting): NumberModel {
  const { results, words, format, language, period } = setting
  const view = viewOf(tile.measure)
  const title = tile.title[language]
  const row = rowsOf(results, `totals:${view}`)[0]
  const earlier = period.before ? rowsOf(results, `before:${view}`)[0] : undefined
  const now = row?.[tile.measure] ?? null
  const before = earlier?.[tile.measure] ?? null
  const write = writerOf(tile.unit, format)
  const change = period.before ? write.change(now, before) : null
  const than = before === null ? missing : write.short(before)
  const exact = write.exact(now)

  return {
    value: write.headline(now),
    exact,
    change,
    than: tile.beside
      ? words.beside(tile.beside.title[language], format.ratio(row?.[tile.beside.measure]))
      : change && words.than(thenName(setting), than),
    summary: change
      ? words.summary_number(title, exact, changeWords(change, words), than, thenName(setting))
      : `${title} ${exact}`,
    goal: paceOfMeasure(tile, setting),
    ...series(tile, setting),
  }
}

function changeWords({ direction, text }: Change, words: Setting['words']) {
  if (direction === 'up') return `${words.rises} ${text}`
  return direction === 'down' ? `${words.falls} ${text}` : text
}

/** Buckets until now, and of the whole period before. A bucket without sales sold nothing; a rate of nothing is a gap. */
function series(tile: NumberTile, setting: Setting): Pick<NumberModel, 'spark' | 'table'> {
  const { results, frame, period, format } = setting
  const view = viewOf(tile.measure)
  const { buckets, open, grain, before: earlier } = period
  const now = byBucket(rowsOf(results, `series:${view}`), view, grain, tile.measure)
  const before = byBucket(rowsOf(results, `before:${view}`, 1), view, grain, tile.measure)
  const empty = tile.gaps ? null : '0'
  const write = writerOf(tile.unit, format)
  const last = open ?? buckets.length - 1
  const current = buckets.map((bucket, index) =>
    index > last ? null : (now.get(bucket) ?? emptyOr(empty, period, bucket)),
  )
  const compared = buckets.map((_, index) => {
    const bucket = earlier?.buckets[index]
    return bucket && before.size ? (before.get(bucket) ?? emptyOr(empty, period, bucket)) : null
  })

  return {
    spark: prepareSpark(
      current.slice(0, last + 1).map(toNumber),
      compared.map(toNumber),
      buckets.length,
      open !== null,
    ),
    table: {
      columns: [
        { title: frame.buckets[grain] },
        { title: nowName(setting), isNumber: true },
        { title: thenName(setting), isNumber: true },
      ],
      rows: buckets.map((bucket, index) => [
        nameOfBucket(bucket, setting),
        write.exact(current[index] ?? null),
        write.exact(compared[index] ?? null),
      ]),
    },
  }
}

function toNumber(value: string | null) {
  return value === null ? null : Number(value)
}
