import type { Column, TableTile } from '../../../../../dashboards/define.ts'
import { missing } from '#lib/format.ts'
import type { Row } from '#lib/cube.ts'
import { viewOf } from '../member.ts'
import { answerOf, rowsOf } from '../read.ts'
import { addressOf, filterOn, withOption } from '../scope.ts'
import { tableTurn, wordOf } from '../turn.ts'
import { rowsText, type Setting, type Table } from './setting.ts'
import { colorOf } from './share.ts'
import { round } from './spark.ts'
import { writerOf } from './writer.ts'

type Bar = { left: number; width: number; isBelow: boolean }
export type Cell = { text: string; exact: string; bar: Bar | null }
/** What all bars of a column lie between; zero is among them. */
type Span = { low: number; high: number }
export type TableModel = {
  /** What the rows are by, and where the other ways are. */
  ways: { title: string; href: string; isOn: boolean }[]
  columns: {
    title: string
    /** The word its orders are asked by, where they add up to it; a ratio has none. */
    measure: string | null
    href: string
    sorted: 'ascending' | 'descending' | null
    isStrong: boolean
    isSoft: boolean
    isBar: boolean
    /** Stays where there is room for little. */
    isKey: boolean
  }[]
  nameTitle: string
  rows: { id: string; name: string; color: string | null; isChosen: boolean; cells: Cell[] }[]
  total: Cell[]
  footer: string
  summary: string
  table: Table
}

/** Cents are shown, so that what stands on the screen adds up both ways. */
export function prepareTable(
  tile: TableTile,
  setting: Setting,
  channels: readonly string[],
): TableModel {
  const { results, scope, words, frame, language, filters } = setting
  const { by } = tableTurn(tile, scope)
  const answer = answerOf(results, tile.key)
  const shown = (answer?.rows ?? []).slice(0, tile.top)
  const whole = rowsOf(results, `${tile.key}:total`)[0]
  const count = Math.max(answer?.total ?? 0, shown.length)
  const filter = filterOn(filters, viewOf(by.id), by.id)
  const chosen = filter ? scope.chosen[filter.name] : undefined
  const spans = tile.columns.map((column) => spanOf(shown, column, setting))
  const isChannels = wordOf(by.id) === 'channel'
  const nameTitle = by.title[language]

  const cells = (row: Row | undefined) =>
    tile.columns.map((column, index) => cellOf(row, column, spans[index], setting))
  const rows = shown.map((row) => {
    const id = row[by.id] ?? ''
    return {
      id,
      name: row[by.name] ?? frame.none_of(nameTitle),
      color: isChannels ? colorOf(channels.indexOf(id)) : null,
      isChosen: id !== '' && id === chosen,
      cells: cells(row),
    }
  })
  return {
    ways: tile.by.map((way) => ({
      title: way.title[language],
      href: addressOf(scope, withOption(scope, `${tile.key}.by`, wordOf(way.id))),
      isOn: way === by,
    })),
    columns: tile.columns.map((column, index) => headOf(tile, column, index, setting)),
    nameTitle,
    rows,
    total: cells(whole),
    footer: rowsText(rows.length, count, setting),
    summary: rows
      .slice(0, 5)
      .map(({ name, cells: [first] }) => `${name} ${first?.exact ?? missing}`)
      .join(language === 'zh' ? '；' : '; '),
    table: {
      columns: [
        { title: nameTitle || words.name },
        ...tile.columns.map(({ title }) => ({ title: title[language], isNumber: true })),
      ],
      rows: [
        ...rows.map(({ name, cells }) => [name, ...cells.map(({ exact }) => exact)]),
        [frame.total, ...cells(whole).map(({ exact }) => exact)],
      ],
    },
  }
}

function cellOf(
  row: Row | undefined,
  column: Column,
  span: Span | undefined,
  { format }: Setting,
): Cell {
  const write = writerOf(column.unit, format)
  const value = negatedIf(column, row?.[column.measure] ?? null)
  const exact = write.exact(value)
  return {
    // The currency stands in the tile's head, once.
    text: column.unit === 'money' ? exact.replace(format.symbol, '') : write.short(value),
    exact,
    bar: span && value !== null ? barOf(write.size(value), span) : null,
  }
}

function headOf(
  tile: TableTile,
  column: Column,
  index: number,
  { scope, language }: Setting,
): TableModel['columns'][number] {
  const { sort, direction } = tableTurn(tile, scope)
  const isSorted = column === sort
  const next = isSorted && direction === 'desc' ? 'asc' : 'desc'
  const option = `${wordOf(column.measure)}-${next}`
  return {
    title: column.title[language],
    measure: column.unit === 'money' ? wordOf(column.measure) : null,
    href: addressOf(scope, withOption(scope, `${tile.key}.sort`, option)),
    sorted: isSorted ? (direction === 'asc' ? 'ascending' : 'descending') : null,
    isStrong: column.strong === true,
    isSoft: column.minus === true,
    isBar: column.bar === true,
    isKey: index === 0 || column.strong === true || column.bar === true,
  }
}

/** What is taken away is a positive number in the model, and a minus on the screen. */
function negatedIf({ minus }: Column, value: string | null) {
  if (!minus || value === null || Number(value) === 0) return value
  return value.startsWith('-') ? value.slice(1) : `-${value}`
}

function barOf(size: number, { low, high }: Span): Bar {
  const at = (value: number) => ((value - low) / (high - low || 1)) * 100
  const [from, to] = size < 0 ? [size, 0] : [0, size]
  return { left: round(at(from)), width: round(at(to) - at(from)), isBelow: size < 0 }
}

function spanOf(rows: readonly Row[], { unit, measure, bar }: Column, { format }: Setting) {
  if (!bar) return undefined
  const { size } = writerOf(unit, format)
  const sizes = rows.map((row) => size(row[measure] ?? null))
  return { low: Math.min(0, ...sizes), high: Math.max(0, ...sizes) }
}
