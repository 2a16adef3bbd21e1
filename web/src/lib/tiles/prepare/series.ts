import { line } from 'd3-shape'
import type { SeriesTile } from '../../../../../dashboards/define.ts'
import type { Change } from '#lib/format.ts'
import { axisOf, bucketRange, spanAt, type Grain, type Period, type Range } from '#lib/period.ts'
import { beforeName, bucketTick, nameIn, openName, periodName } from '#lib/period-words.ts'
import { viewOf } from '../member.ts'
import { byBucket, emptyOr, rowsOf } from '../read.ts'
import { goalFor, notesOf } from './told.ts'
import { paceOfMeasure, type GoalModel } from './pace.ts'
import { beyondOf, clamped, isRate, ticksOf, verticalScale } from './series-axis.ts'
import { peakOf, type Place } from './series-place.ts'
import { toldOf } from './series-told.ts'
import type { Setting, Table } from './setting.ts'
import { round } from './spark.ts'
import { writerOf, type Writer } from './writer.ts'

/** All positions are per cent of the plot. */
export type SeriesModel = {
  /** Charts of one axis share their crosshair. */
  axis: string
  grain: Grain
  count: number
  /** Counted from the last one back, as many as have a place. */
  labels: { index: number; text: string; isMajor: boolean }[]
  ticks: { y: number; text: string; isZero: boolean }[]
  bars: { index: number; bottom: number; height: number; isOpen: boolean }[]
  /** In a box of `count` × 100: a quotient's own line, and that of the period compared with, to its end. */
  line: string
  openLine: string
  before: string
  nowName: string
  beforeName: string
  beforeLabel: { y: number; isBelow: boolean } | null
  peak: { index: number; y: number; text: string } | null
  open: { index: number; y: number; name: string } | null
  slots: Slot[]
  /** What happened, by the bucket it falls into. */
  notes: { index: number; text: string }[]
  goal: { y: number; name: string } | null
  /** How the whole period stands to its goal, where the chart shows all of it. */
  pace: GoalModel | null
  isEmpty: boolean
  summary: string
  table: Table
}

export type Slot = {
  bucket: string
  range: Range
  name: string
  now: string | null
  before: string | null
  change: Change | null
}

const LABELS_MAX = 12
const LABELS_MAJOR_MAX = 4

export function prepareSeries(tile: SeriesTile, setting: Setting): SeriesModel {
  const { frame, language } = setting
  const period = tile.over
    ? spanAt(setting.asOf, setting.scope.timeZone, tile.over.grain, tile.over.count)
    : setting.period
  const raw = writerOf(tile.unit, setting.format)
  const write = isRate(tile) ? clamped(raw) : raw
  const places = placesOf(tile, setting, period)
  const goal = goalFor(tile, setting)
  const y = verticalScale(sizesOf(places, goal, write))
  const height = (value: string | null) => round(y(write.size(value)))
  const heightOrGap = (value: string | null) => (value === null ? null : height(value))
  const isCompared = places.some(({ before }) => before !== null)
  const last = places.at(-1)?.before ?? null
  const { open } = period

  return {
    axis: axisOf(period),
    grain: period.grain,
    count: places.length,
    labels: labelsOf(period, language),
    ticks: ticksOf(y, write, isRate(tile) ? beyondOf(sizesOf(places, null, raw)) : undefined),
    bars: tile.gaps ? [] : barsOf(places, open, height, write),
    ...linesOf(tile, places, open, height),
    before: isCompared ? path(places.map(({ before }) => heightOrGap(before))) : '',
    nowName: tile.over ? tile.title[language] : periodName(period, frame, language),
    beforeName: beforeName(period, frame, language),
    beforeLabel: last === null ? null : { y: height(last), isBelow: height(last) > 24 },
    peak: tile.gaps ? null : peakOf(places, open, height, write),
    open:
      open === null
        ? null
        : {
            index: open,
            y: height(places[open]?.now ?? null),
            name: openName(period.buckets[open] ?? '', period.grain, frame),
          },
    slots: places.map((place) => slot(place, period, setting, write)),
    notes: notesOf(period, setting),
    goal:
      goal === null ? null : { y: height(goal), name: setting.goalWords.goal(write.short(goal)) },
    pace: tile.over || tile.headline ? null : paceOfMeasure(tile, setting),
    isEmpty: places.every(({ now }) => now === null || Number(now) === 0),
    ...toldOf(tile, places, period, setting, write),
  }
}

function placesOf(tile: SeriesTile, { results }: Setting, period: Period): Place[] {
  const view = viewOf(tile.measure)
  const { buckets, grain, open, before: earlier } = period
  const now = byBucket(rowsOf(results, tile.key), view, grain, tile.measure)
  const before = byBucket(rowsOf(results, `${tile.key}:before`), view, grain, tile.measure)
  const empty = tile.gaps ? null : '0'
  return buckets.map((bucket, index) => {
    const other = earlier?.buckets[index]
    return {
      bucket,
      index,
      now:
        open !== null && index > open ? null : (now.get(bucket) ?? emptyOr(empty, period, bucket)),
      before: other && before.size ? (before.get(other) ?? emptyOr(empty, period, other)) : null,
    }
  })
}

function sizesOf(places: readonly Place[], goal: string | null, write: Writer) {
  return [...places.flatMap(({ now, before }) => [now, before]), goal].map(write.size)
}

function barsOf(
  places: readonly Place[],
  open: number | null,
  height: (value: string | null) => number,
  write: Writer,
) {
  return places.flatMap(({ index, now }) => {
    const size = write.size(now)
    if (now === null || size === 0) return []
    const from = height(size < 0 ? now : '0')
    return [
      {
        index,
        bottom: from,
        height: round(height(size < 0 ? '0' : now) - from),
        isOpen: index === open,
      },
    ]
  })
}

/** A quotient's last leg leads to a point that is not over, so it is dotted. */
function linesOf(
  tile: SeriesTile,
  places: readonly Place[],
  open: number | null,
  height: (value: string | null) => number,
) {
  if (!tile.gaps) return { line: '', openLine: '' }
  const heights = places.map(({ now }) => (now === null ? null : height(now)))
  const until = open ?? heights.length
  return {
    line: path(heights.map((each, index) => (index < until ? each : null))),
    openLine:
      open === null
        ? ''
        : path(heights.map((each, index) => (index >= open - 1 && index <= open ? each : null))),
  }
}

function slot({ bucket, now, before }: Place, period: Period, setting: Setting, write: Writer) {
  return {
    bucket,
    range: bucketRange(period, bucket),
    name: nameIn(period, bucket, setting.frame, setting.language),
    now: now === null ? null : write.exact(now),
    before: before === null ? null : write.exact(before),
    change: now === null || before === null ? null : write.change(now, before),
  }
}

/** Every n-th bucket has its name; on a narrow tile every m-th of these. */
function labelsOf({ buckets, grain }: Period, language: 'zh' | 'en') {
  const every = Math.ceil(buckets.length / LABELS_MAX)
  const major = Math.ceil(buckets.length / every / LABELS_MAJOR_MAX)
  return buckets.flatMap((bucket, index) =>
    index % every === 0
      ? [
          {
            index,
            text: bucketTick(bucket, grain, language),
            isMajor: (index / every) % major === 0,
          },
        ]
      : [],
  )
}

function path(heights: readonly (number | null)[]) {
  const draw = line<number | null>()
    .defined((height) => height !== null)
    .x((_, index) => index + 0.5)
    .y((height) => round(100 - (height ?? 0)))
  return draw([...heights]) ?? ''
}
