import { scaleLinear } from 'd3-scale'
import { line } from 'd3-shape'
import type { HoursTile } from '../../../../../dashboards/define.ts'
import { parseWhole, sum } from '#lib/decimal.ts'
import { missing, type Change } from '#lib/format.ts'
import { dayAfter, wallOf, weekdayName } from '#lib/moment.ts'
import { viewOf } from '../ask.ts'
import { approximate, byHour, rowsOf } from '../read.ts'
import type { Setting, Table } from './setting.ts'
import { round } from './spark.ts'

/** All positions are per cent of the plot. */
export type HoursModel = {
  ticks: { y: number; text: string; isZero: boolean }[]
  bars: { hour: number; bottom: number; height: number; isOpen: boolean }[]
  /** Last week, drawn to the end of the day in a box of 24 × 100. */
  before: string
  beforeName: string
  beforeLabel: { y: number; isBelow: boolean } | null
  peak: { hour: number; y: number; text: string } | null
  open: { hour: number; y: number; name: string } | null
  slots: { name: string; now: string | null; before: string | null; change: Change | null }[]
  isEmpty: boolean
  summary: string
  table: Table
}

const HOURS = 24
const TICKS_MAX = 5
/** Room above the highest bar for its label. */
const HEADROOM = 1.08

export function prepareHours(tile: HoursTile, setting: Setting): HoursModel {
  const { results, format, words, scope, language, asOf } = setting
  const time = `${viewOf(tile.measure)}.at`
  const { day, hour: current } = wallOf(asOf, scope.timeZone)
  const now = byHour(rowsOf(results, tile.key), time, tile.measure)
  const earlier = byHour(
    scope.isCompared ? rowsOf(results, `${tile.key}:before`) : [],
    time,
    tile.measure,
  )

  const hours = Array.from({ length: HOURS }, (_, hour) => ({
    hour,
    now: hour > current ? null : (parseWhole(now.get(hour)) ?? 0n),
    before: earlier.size ? (parseWhole(earlier.get(hour)) ?? 0n) : null,
  }))
  const y = verticalScale(
    hours.flatMap(({ now, before }) => [now ?? 0n, before ?? 0n]),
    setting,
  )
  const ticks = ticksOf(y)
  const tickText = format.axis(ticks)
  const height = (cents: bigint) => round(y(approximate(cents, format.minor)))
  const peak = hours.reduce(
    (best, each) => (each.hour < current && (each.now ?? 0n) > (best?.now ?? 0n) ? each : best),
    hours[0],
  )
  const last = hours.at(-1)?.before ?? null
  const open = hours[current]?.now ?? 0n
  const short = format.column(peak?.now ? [peak.now] : [])

  return {
    ticks: ticks.map((tick) => ({ y: round(y(tick)), text: tickText(tick), isZero: tick === 0 })),
    bars: hours.flatMap(({ hour, now }) => {
      if (now === null || now === 0n) return []
      const from = height(now < 0n ? now : 0n)
      return [
        {
          hour,
          bottom: from,
          height: height(now < 0n ? 0n : now) - from,
          isOpen: hour === current,
        },
      ]
    }),
    before: earlier.size ? path(hours.map(({ before }) => height(before ?? 0n))) : '',
    beforeName: words.last_weekday(weekdayName(dayAfter(day, -7), language, 'long')),
    beforeLabel: last === null ? null : { y: height(last), isBelow: height(last) > 24 },
    peak: peak?.now ? { hour: peak.hour, y: height(peak.now), text: short(peak.now) } : null,
    open: { hour: current, y: height(open), name: words.not_over(pad(current)) },
    slots: hours.map((each) => slot(each, setting)),
    isEmpty: now.size === 0,
    summary: words.summary_hours(
      format.exact(sum(hours.map(({ now }) => now ?? 0n))),
      format.exact(peak?.now ?? 0n),
      pad(peak?.hour ?? 0),
    ),
    table: tableOf(hours, current, setting),
  }
}

type Hour = { hour: number; now: bigint | null; before: bigint | null }

function tableOf(hours: readonly Hour[], current: number, { words, format }: Setting): Table {
  return {
    columns: [
      { title: words.hour },
      { title: words.today, isNumber: true },
      { title: words.same_weekday, isNumber: true },
    ],
    rows: hours.map(({ hour, now, before }) => [
      hour === current ? `${pad(hour)}:00 · ${words.not_over_short}` : `${pad(hour)}:00`,
      now === null ? missing : format.exact(now),
      before === null ? missing : format.exact(before),
    ]),
  }
}

function slot({ hour, now, before }: Hour, { format }: Setting) {
  return {
    name: `${pad(hour)}:00–${pad(hour + 1)}:00`,
    now: now === null ? null : format.exact(now),
    before: before === null ? null : format.exact(before),
    change: now === null || before === null ? null : format.change(now, before, true),
  }
}

/** From 0, or from below it when an hour gave back more than it took; per cent counted from the foot. */
function verticalScale(values: readonly bigint[], { format }: Setting) {
  const numbers = values.map((value) => approximate(value, format.minor))
  const high = Math.max(...numbers) * HEADROOM
  const low = Math.min(0, ...numbers)
  return scaleLinear([low, high > 0 ? high : 1], [0, 100]).nice(TICKS_MAX)
}

/** As many round ticks as fit the limit: asked for five, a scale may give seven. */
function ticksOf(scale: ReturnType<typeof verticalScale>) {
  for (let wanted = TICKS_MAX; wanted > 1; wanted--) {
    const ticks = scale.ticks(wanted)
    if (ticks.length <= TICKS_MAX) return ticks
  }
  return scale.domain()
}

function path(heights: readonly number[]) {
  const draw = line<number>()
    .x((_, hour) => hour + 0.5)
    .y((height) => round(100 - height))
  return draw([...heights]) ?? ''
}

function pad(hour: number) {
  return String(hour).padStart(2, '0')
}
