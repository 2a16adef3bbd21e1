import type { CohortTile, StepsTile } from '../../../../../dashboards/kinds.ts'
import type { Row } from '#lib/cube.ts'
import { missing } from '#lib/format.ts'
import type { Messages } from '#lib/i18n/index.ts'
import { bucketName, nameIn, openName } from '#lib/period-words.ts'
import { viewOf } from '../member.ts'
import { emptyOr, rowsOf } from '../read.ts'
import { figureTurn, waysOf, type Way } from '../figure-turn.ts'
import { figureWriter } from './figure.ts'
import type { Setting, Table } from './setting.ts'
import type { Writer } from './writer.ts'

export type Shade = 0 | 1 | 2 | 3 | 4 | 5
export type HeatCell = {
  text: string
  exact: string
  shade: Shade
  /** Its time is not over. */
  isOpen: boolean
}
export type HeatModel = {
  ways: Way[]
  corner: string
  sizeTitle: string
  columns: string[]
  rows: { id: string; name: string; size: string; isOpen: boolean; cells: (HeatCell | null)[] }[]
  /** The whole, as its own question. */
  total: { size: string; cells: (string | null)[] } | null
  /** What the palest and the darkest shade stand for. */
  scale: { low: string; high: string } | null
  summary: string
  table: Table
}

const SHADES = 5

/** Months after the first one; the first month itself is where everyone still is, so it is not shaded. */
export function prepareCohort(
  tile: CohortTile,
  setting: Setting,
  kinds: Messages['kinds'],
): HeatModel {
  const { results, scope, frame, language, period } = setting
  const way = figureTurn(tile.key, tile.ways, scope)
  const write = figureWriter(way.unit, setting.format, language)
  const size = figureWriter(tile.size.unit, setting.format, language)
  const byCohort = Map.groupBy(rowsOf(results, tile.key), (row) => row[tile.cohort] ?? '')
  const cohorts = [...byCohort.keys()].filter(Boolean).sort().slice(-tile.cohorts)
  const ages = Array.from({ length: tile.ages }, (_, index) => index)
  const isShaded = (age: number) => age > 0 || way.unit !== 'ratio'
  const cellsOf = (rows: readonly Row[]) =>
    ages.map((age) => rows.find((row) => Number(row[tile.age]) === age)?.[way.measure] ?? null)
  const shaded = cohorts.flatMap((cohort) =>
    cellsOf(byCohort.get(cohort) ?? []).filter((_, age) => isShaded(age)),
  )
  const shade = shadesOf(shaded, write)

  const rows = cohorts.map((cohort) => {
    const found = byCohort.get(cohort) ?? []
    const values = cellsOf(found)
    const reached = monthsBetween(cohort, period.day)
    const first = found.find((row) => Number(row[tile.age]) === 0)
    return {
      id: cohort,
      name: bucketName(`${cohort}-01`, 'month', frame, language),
      size: size.exact(first?.[tile.size.measure] ?? null),
      isOpen: reached === 0,
      cells: values.map((value, age) =>
        age > reached
          ? null
          : cellOf(value, write, isShaded(age) ? shade(value) : 0, age === reached),
      ),
    }
  })
  return {
    ways: waysOf(tile.key, tile.ways, scope, language),
    corner: kinds.first_month,
    sizeTitle: tile.size.title[language],
    columns: ages.map((age) => (age === 0 ? kinds.month_0 : kinds.month_after(String(age)))),
    rows,
    total: null,
    scale: scaleOf(shaded, write),
    ...toldOf(kinds.first_month, rows, ages.map(String), tile.size.title[language]),
  }
}

/** Each step has a scale of its own: half of the carts going on is little, half of the visits is much. */
export function prepareSteps(tile: StepsTile, setting: Setting): HeatModel {
  const { results, frame, language, format, period } = setting
  const view = viewOf(tile.size.measure)
  const found = rowsOf(results, tile.key)
  const size = figureWriter(tile.size.unit, format, language)
  const writers = tile.steps.map(({ unit }) => figureWriter(unit, format, language))
  const shades = tile.steps.map(({ measure }, index) =>
    shadesOf(
      found.map((row) => row[measure] ?? null),
      writers[index] ?? size,
    ),
  )
  const until = period.open ?? period.buckets.length - 1
  const rows = period.buckets.slice(0, until + 1).map((bucket, place) => {
    const row = found.find((each) => each[`${view}.at.${period.grain}`] === bucket)
    const isOpen = place === period.open
    const name = nameIn(period, bucket, frame, language)
    return {
      id: bucket,
      name: isOpen ? openName(bucket, period.grain, frame) : name,
      size: size.exact(row?.[tile.size.measure] ?? emptyOr('0', period, bucket)),
      isOpen,
      cells: tile.steps.map(({ measure }, index) => {
        const value = row?.[measure] ?? null
        return cellOf(value, writers[index] ?? size, shades[index]?.(value) ?? 0, isOpen)
      }),
    }
  })
  const whole = rowsOf(results, `${tile.key}:total`)[0]
  const columns = tile.steps.map(({ title }) => title[language])
  const corner = frame.buckets[period.grain]
  return {
    ways: [],
    corner,
    sizeTitle: tile.size.title[language],
    columns,
    rows,
    total: {
      size: size.exact(whole?.[tile.size.measure] ?? null),
      cells: tile.steps.map(
        ({ measure }, index) => writers[index]?.column([])(whole?.[measure] ?? null) ?? missing,
      ),
    },
    scale: null,
    ...toldOf(corner, rows, columns, tile.size.title[language]),
  }
}

/** Five steps from the least to the most of what is there; a zero and a gap have none. */
export function shadesOf(values: readonly (string | null)[], write: Writer) {
  const sizes = values.filter((value) => value !== null).map(write.size)
  const high = Math.max(0, ...sizes)
  const low = Math.min(high, ...sizes.filter((size) => size > 0))
  return (value: string | null): Shade => {
    const size = write.size(value)
    if (value === null || size <= 0 || high <= 0) return 0
    const place = high > low ? (size - low) / (high - low) : 1
    return shadeAt(Math.min(SHADES, 1 + Math.floor(place * SHADES)))
  }
}

function shadeAt(step: number): Shade {
  return step === 1 || step === 2 || step === 3 || step === 4 ? step : 5
}

function cellOf(value: string | null, write: Writer, shade: Shade, isOpen: boolean): HeatCell {
  return { text: write.column([value])(value), exact: write.exact(value), shade, isOpen }
}

function scaleOf(values: readonly (string | null)[], write: Writer) {
  const known = values.filter((value) => value !== null && write.size(value) > 0)
  const sorted = known.toSorted((a, b) => write.size(a) - write.size(b))
  const [low] = sorted
  const high = sorted.at(-1)
  return low && high ? { low: write.short(low), high: write.short(high) } : null
}

function toldOf(
  corner: string,
  rows: HeatModel['rows'],
  columns: readonly string[],
  sizeTitle: string,
): Pick<HeatModel, 'summary' | 'table'> {
  const last = rows.findLast(({ isOpen }) => !isOpen) ?? rows.at(-1)
  const cells = last?.cells.flatMap((cell, index) =>
    cell ? [`${columns[index]} ${cell.text}`] : [],
  )
  return {
    summary: last ? `${last.name}: ${sizeTitle} ${last.size}, ${cells?.join(', ')}` : missing,
    table: {
      columns: [
        { title: corner },
        { title: sizeTitle, isNumber: true },
        ...columns.map((title) => ({ title, isNumber: true })),
      ],
      rows: rows.map(({ name, size, cells: all }) => [
        name,
        size,
        ...all.map((cell) => cell?.exact ?? ''),
      ]),
    },
  }
}

/** Whole months on the calendar from the one to the other. */
function monthsBetween(from: string, to: string) {
  const months = (day: string) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7))
  return months(to) - months(from)
}
