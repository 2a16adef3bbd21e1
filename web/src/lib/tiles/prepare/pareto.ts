import type { ParetoTile } from '../../../../../dashboards/kinds.ts'
import { quotient, sum } from '#lib/decimal.ts'
import type { Messages } from '#lib/i18n/index.ts'
import { answerOf, rowsOf, sumOf } from '../read.ts'
import { figureWriter } from './figure.ts'
import { rowsText, type Setting, type Table } from './setting.ts'
import { round } from './spark.ts'

/** Positions are per cent of the plot; across, a row is one of `count`. */
export type ParetoModel = {
  axis: string
  count: number
  ticks: { y: number; text: string; isZero: boolean }[]
  labels: { index: number; text: string; isMajor: boolean }[]
  /** In a box of `count` × 100. */
  line: string
  classes: { title: string; from: number; width: number; until: number; count: string }[]
  slots: Slot[]
  /** The last row of the first class: what is told while nobody points at one. */
  current: number
  isEmpty: boolean
  footer: string
  summary: string
  table: Table
}
type Slot = {
  id: string
  name: string
  amount: string
  share: string
  cumulated: string
  y: number
  class: string
}

const TICKS = [0, 50, 100]
/** A line has no more bends than a screen has pixels for. */
const BENDS_MAX = 300
const DIGITS = 4

/** A row belongs to the class that what is before it has not filled: the rule by which the model parts A, B and C. */
export function preparePareto(
  tile: ParetoTile,
  setting: Setting,
  words: Messages['kinds'],
): ParetoModel {
  const { results, format, language, frame } = setting
  const answer = answerOf(results, tile.key)
  const rows = answer?.rows ?? []
  const write = figureWriter(tile.figure.unit, format, language)
  const values = rows.map((row) => positive(sumOf(row, tile.figure.measure)))
  const whole = wholeOf(values, answer?.total, tile, setting)
  const places = placesOf(values, whole, tile)
  const titles = tile.classes.map(({ title }) => title[language])

  const slots = rows.map((row, index): Slot => {
    const { upTo, place } = places[index] ?? { upTo: 0n, place: 0 }
    return {
      id: row[tile.id] ?? '',
      name: row[tile.name] ?? frame.none_of(tile.head[language]),
      amount: write.exact(row[tile.figure.measure] ?? null),
      share: format.ratio(quotient(values[index] ?? 0n, whole, DIGITS), 2),
      cumulated: format.ratio(quotient(upTo, whole, DIGITS)),
      y: heightOf(upTo, whole),
      class: titles[place] ?? '',
    }
  })
  const classes = classesOf(tile, places, setting)
  const all = Math.max(answer?.total ?? 0, rows.length)

  return {
    axis: `pareto ${tile.key}`,
    count: rows.length,
    ticks: TICKS.map((y) => ({ y, text: `${y}%`, isZero: y === 0 })),
    labels: labelsOf(rows.length, setting),
    line: lineOf(slots),
    classes,
    slots,
    current: Math.max(0, places.filter(({ place }) => place === 0).length - 1),
    isEmpty: whole <= 0n,
    footer: rowsText(rows.length, all, setting),
    summary: classes
      .map(({ title, count, width, until }) =>
        words.class_makes(title, count, `${width.toFixed(1)}%`, `${until}%`),
      )
      .join(language === 'zh' ? '；' : '; '),
    table: {
      columns: [
        { title: words.rank },
        { title: tile.head[language] },
        { title: tile.figure.title[language], isNumber: true },
        { title: frame.rate, isNumber: true },
        { title: words.cumulated, isNumber: true },
        { title: words.class_of },
      ],
      rows: slots.map((slot, index) => [
        format.count(BigInt(index + 1)),
        ...[slot.name, slot.amount, slot.share, slot.cumulated, slot.class],
      ]),
    },
  }
}

type Place = { upTo: bigint; place: number }

function placesOf(values: readonly bigint[], whole: bigint, { classes }: ParetoTile): Place[] {
  let upTo = 0n
  return values.map((value) => {
    const before = upTo
    upTo += value
    const found = classes.findIndex(({ until }) => before * 100n < whole * BigInt(until))
    return { upTo, place: value > 0n && found >= 0 ? found : classes.length - 1 }
  })
}

/** Of a list that was cut short the whole is what was asked for it; more came back than was sold is not less than nothing. */
function wholeOf(
  values: readonly bigint[],
  all: number | undefined,
  { key, figure }: ParetoTile,
  { results }: Setting,
) {
  const known = sum(values)
  if ((all ?? 0) <= values.length) return known
  const asked = sumOf(rowsOf(results, `${key}:total`)[0], figure.measure)
  return asked > known ? asked : known
}

function classesOf(
  { classes }: ParetoTile,
  places: readonly Place[],
  { format, language }: Setting,
): ParetoModel['classes'] {
  let from = 0
  return classes.map(({ title, until }, index) => {
    const count = places.filter(({ place }) => place === index).length
    const start = from
    from += count
    const all = places.length || 1
    return {
      title: title[language],
      from: round((start / all) * 100),
      width: round((count / all) * 100),
      until,
      count: format.count(BigInt(count)),
    }
  })
}

function labelsOf(count: number, { format }: Setting) {
  const wanted = [0, Math.floor((count - 1) / 2), count - 1]
  return [...new Set(wanted.filter((index) => index >= 0))].map((index) => ({
    index,
    text: format.count(BigInt(index + 1)),
    isMajor: true,
  }))
}

function lineOf(slots: readonly Slot[]) {
  const every = Math.ceil(slots.length / BENDS_MAX)
  const bends = slots.flatMap(({ y }, index) =>
    index % every === 0 || index === slots.length - 1 ? [`L${index + 0.5} ${round(100 - y)}`] : [],
  )
  return bends.length > 0 ? `M0 100${bends.join('')}` : ''
}

function heightOf(upTo: bigint, whole: bigint) {
  return round(Number(quotient(upTo * 100n, whole, DIGITS) ?? 0))
}

function positive(value: bigint) {
  return value > 0n ? value : 0n
}
