import type { LeagueColumn, LeagueTile } from '../../../../../dashboards/kinds.ts'
import type { Row } from '#lib/cube.ts'
import type { Change } from '#lib/format.ts'
import type { Messages } from '#lib/i18n/index.ts'
import { dayAfter } from '#lib/moment.ts'
import { leagueTurn } from '../figure-turn.ts'
import { viewOf } from '../member.ts'
import { answerOf, indexBy, rowsOf } from '../read.ts'
import { addressOf, filterOn, withOption } from '../scope.ts'
import { wordOf } from '../turn.ts'
import { figureWriter } from './figure.ts'
import { changeText } from './ranking.ts'
import { rowsText, thenName, type Setting, type Table } from './setting.ts'
import { prepareSpark, round, type Spark } from './spark.ts'

export type Mark = { text: string; note: string; tone: 'good' | 'warn' | 'bad' | 'note' }
export type LeagueCell = { text: string; exact: string; bar: number | null; own: number | null }
export type LeagueModel = {
  head: string
  columns: {
    title: string
    href: string
    sorted: 'ascending' | 'descending' | null
    isBar: boolean
    isKey: boolean
  }[]
  rows: {
    id: string
    name: string
    note: string
    marks: Mark[]
    cells: LeagueCell[]
    change: Change | null
    trend: { spark: Spark; words: string } | null
    isChosen: boolean
  }[]
  total: LeagueCell[] | null
  /** Rows by what they are sorted by have a place. */
  isRanked: boolean
  hasChange: boolean
  hasTrend: boolean
  /** The names of what the change is against, and of the small line. */
  changeTitle: string
  trendTitle: string
  footer: string
  summary: string
  table: Table
}

export function prepareLeague(
  tile: LeagueTile,
  setting: Setting,
  kinds: Messages['kinds'],
): LeagueModel {
  const { results, scope, language, words, period } = setting
  const { column: sort, direction } = leagueTurn(tile, scope)
  const answer = answerOf(results, tile.key)
  // Classes stand in their own order until the reader sorts them.
  const isSortedBy = !tile.values || scope.options[`${tile.key}.sort`] !== undefined
  const found = (answer?.rows ?? []).slice(0, tile.top)
  const shown = isSortedBy ? found : inOrder(tile, found)
  const whole = tile.total ? rowsOf(results, `${tile.key}:total`)[0] : undefined
  const hasChange = tile.change !== undefined && period.before !== null
  const write = tile.columns.map((column) => cellsOf(column, shown, setting))
  const count = Math.max(answer?.total ?? 0, shown.length)

  const rows = linesOf(tile, shown, write, hasChange, setting)
  return {
    head: tile.head[language],
    columns: tile.columns.map((column, index) => {
      const isSorted = isSortedBy && column === sort
      const next = isSorted && direction === 'desc' ? 'asc' : 'desc'
      const option = `${wordOf(column.measure)}-${next}`
      return {
        title: column.title[language],
        href: addressOf(scope, withOption(scope, `${tile.key}.sort`, option)),
        sorted: isSorted ? (direction === 'asc' ? 'ascending' : 'descending') : null,
        isBar: column.bar === true,
        isKey: index === 0 || column.key === true,
      }
    }),
    rows,
    total: whole
      ? tile.columns.map((_, index) => ({
          ...(write[index]?.(whole) ?? empty),
          bar: null,
          own: null,
        }))
      : null,
    isRanked: isSortedBy,
    hasChange,
    hasTrend: tile.trend !== undefined,
    changeTitle: thenName(setting),
    trendTitle: tile.trend ? words.days(tile.trend.days) : '',
    footer: rowsText(rows.length, count, setting),
    summary: rows
      .slice(0, 5)
      .map(({ name, cells: [cell] }) => `${name} ${cell?.exact ?? ''}`)
      .join(language === 'zh' ? '；' : '; '),
    table: tableOf(tile, rows, hasChange, setting, kinds),
  }
}

type Write = (row: Row) => LeagueCell

function linesOf(
  tile: LeagueTile,
  shown: readonly Row[],
  write: readonly Write[],
  hasChange: boolean,
  setting: Setting,
): LeagueModel['rows'] {
  const { results, scope, format, language, words, filters } = setting
  const { change } = tile
  const before = change ? indexBy(rowsOf(results, `${tile.key}:before`), change.id) : null
  const trends = trendsOf(tile, setting, hasChange ? 1 : 0)
  const filter = filterOn(filters, viewOf(tile.id), tile.id)
  const chosen = filter ? scope.chosen[filter.name] : undefined
  const [first] = tile.columns
  const none = Array.from({ length: tile.trend?.days ?? 0 }, () => 0)
  return shown.map((row) => {
    const id = row[tile.id] ?? ''
    const value = tile.values?.find((each) => each.id === id)
    const days = trends?.get(id)
    const now = first ? (row[first.measure] ?? null) : null
    const earlier = change ? (before?.get(id)?.[change.measure] ?? '0') : null
    return {
      id,
      name: value?.title[language] ?? row[tile.name] ?? words.unnamed,
      note: value?.note?.[language] ?? '',
      marks: marksOf(tile, row, language),
      cells: write.map((cell) => cell(row)),
      change:
        hasChange && first ? figureWriter(first.unit, format, language).change(now, earlier) : null,
      trend:
        tile.trend && trends
          ? {
              // Nothing sold is a flat line, not an empty place.
              spark: prepareSpark(days ?? none, [], tile.trend.days, true),
              words: (days ?? none).join(' '),
            }
          : null,
      isChosen: id !== '' && id === chosen,
    }
  })
}

const empty: LeagueCell = { text: '', exact: '', bar: null, own: null }

function inOrder({ id, values = [] }: LeagueTile, rows: readonly Row[]) {
  const place = (row: Row) => values.findIndex((value) => value.id === row[id])
  return rows.toSorted((a, b) => place(a) - place(b))
}

function cellsOf(column: LeagueColumn, rows: readonly Row[], { format, language }: Setting) {
  const { measure, unit, bar, own } = column
  const write = figureWriter(unit, format, language)
  const text = write.column(rows.map((row) => row[measure] ?? null))
  const longest = Math.max(0, ...rows.map((row) => write.size(row[measure] ?? null))) || 1
  const length = (value: string | null) =>
    round(Math.min(100, Math.max(0, (write.size(value) / longest) * 100)))
  return (row: Row): LeagueCell => {
    const value = row[measure] ?? null
    return {
      text: text(value),
      exact: write.exact(value),
      bar: bar && value !== null ? length(value) : null,
      own: own ? length(row[own] ?? null) : null,
    }
  }
}

function marksOf({ marks = [] }: LeagueTile, row: Row, language: 'zh' | 'en'): Mark[] {
  return marks.flatMap(({ id, values }) => {
    const found = values.find((value) => value.id === row[id])
    return found
      ? [{ text: found.title[language], note: found.note?.[language] ?? '', tone: found.tone }]
      : []
  })
}

/** By day, per row; a day without sales sold nothing. */
function trendsOf({ key, trend }: LeagueTile, { results, period }: Setting, place: number) {
  if (!trend) return null
  const time = `${viewOf(trend.measure)}.at.day`
  const days = Array.from({ length: trend.days }, (_, index) =>
    dayAfter(period.day, index + 1 - trend.days),
  )
  const trends = new Map<string, number[]>()
  for (const row of rowsOf(results, `${key}:before`, place)) {
    const id = row[trend.id] ?? ''
    const found = trends.get(id) ?? days.map(() => 0)
    const at = days.indexOf(row[time]?.slice(0, 10) ?? '')
    if (at >= 0) found[at] = Number(row[trend.measure] ?? 0)
    trends.set(id, found)
  }
  return trends
}

function tableOf(
  tile: LeagueTile,
  rows: LeagueModel['rows'],
  hasChange: boolean,
  setting: Setting,
  kinds: Messages['kinds'],
): Table {
  const { language } = setting
  return {
    columns: [
      { title: tile.head[language] },
      ...(tile.marks ? [{ title: kinds.class_of }] : []),
      ...tile.columns.map(({ title }) => ({ title: title[language], isNumber: true })),
      ...(hasChange ? [{ title: thenName(setting), isNumber: true }] : []),
    ],
    rows: rows.map(({ name, marks, cells, change }) => [
      name,
      ...(tile.marks ? [marks.map(({ text }) => text).join(', ')] : []),
      ...cells.map(({ exact }) => exact),
      ...(hasChange ? [changeText(change)] : []),
    ]),
  }
}
