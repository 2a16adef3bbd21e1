import { scaleSymlog } from 'd3-scale'
import type { ScatterTile } from '../../../../../dashboards/kinds.ts'
import type { Messages } from '#lib/i18n/index.ts'
import type { Row } from '#lib/cube.ts'
import { answerOf } from '../read.ts'
import { figureWriter } from './figure.ts'
import { rowsText, type Setting, type Table } from './setting.ts'
import { round } from './spark.ts'

/** Positions are per cent of the plot, from its lower left corner. */
export type ScatterModel = {
  /** From left to right. */
  points: Point[]
  /** The same from the foot up, as places among `points`. */
  rising: number[]
  /** One path of dots in a box of 100 × 100; empty where there are too many to tell apart. */
  dots: string
  /** How many stand where, then. */
  cells: { x: number; y: number; width: number; height: number; shade: number; count: number }[]
  across: Axis
  up: Axis
  corners: { key: Corner; title: string; count: string }[]
  footer: string
  summary: string
  table: Table
}
export type Point = {
  id: string
  name: string
  x: number
  y: number
  across: string
  up: string
  corner: string
}
type Axis = { title: string; ticks: { at: number; text: string }[]; split: number }
type Corner = keyof ScatterTile['corners']

/** More dots than this lie upon each other: how many there are could not be seen. */
const DOTS_MAX = 600
const CELLS_ACROSS = 36
const CELLS_UP = 20
const SHADES = 5
const TICKS_MAX = 5
/** Room beyond the farthest dot. */
const HEADROOM = 1.15
const CORNERS = ['low', 'across', 'up', 'both'] as const

export function prepareScatter(
  tile: ScatterTile,
  setting: Setting,
  words: Messages['kinds'],
): ScatterModel {
  const { results, format, language } = setting
  const answer = answerOf(results, tile.key)
  const rows = answer?.rows ?? []
  const drawn = rows.filter((row) => isNumber(row, tile.across) && isNumber(row, tile.up))
  const across = axisOf(tile.across, drawn, setting)
  const up = axisOf(tile.up, drawn, setting)
  const points = drawn
    .map((row) => pointOf(row, tile, across.at, up.at, setting))
    .toSorted((a, b) => a.x - b.x || a.y - b.y || (a.name < b.name ? -1 : 1))
  const corners = CORNERS.map((key) => {
    const title = tile.corners[key][language]
    const count = points.filter(({ corner }) => corner === title).length
    return { key, title, count: format.count(BigInt(count)) }
  })
  const isDense = points.length > DOTS_MAX
  const all = Math.max(answer?.total ?? 0, rows.length)
  const write = (count: number) => format.count(BigInt(count))

  return {
    points,
    rising: points
      .map((_, index) => index)
      .toSorted((a, b) => (points[a]?.y ?? 0) - (points[b]?.y ?? 0) || a - b),
    dots: isDense ? '' : points.map(({ x, y }) => `M${x} ${round(100 - y)}h.01`).join(''),
    cells: isDense ? cellsOf(points) : [],
    across: across.drawn,
    up: up.drawn,
    corners,
    footer: [
      rowsText(rows.length, all, setting),
      rows.length > drawn.length ? words.not_drawn(write(rows.length - drawn.length)) : '',
      isDense ? words.dense : '',
    ]
      .filter(Boolean)
      .join(' · '),
    summary: corners
      .map(({ title, count }) => words.in_corner(title, count))
      .join(language === 'zh' ? '；' : '; '),
    table: {
      columns: [
        { title: tile.head[language] },
        { title: tile.across.title[language], isNumber: true },
        { title: tile.up.title[language], isNumber: true },
        { title: words.corner },
      ],
      rows: points.map((point) => [point.name, point.across, point.up, point.corner]),
    },
  }
}

function pointOf(
  row: Row,
  tile: ScatterTile,
  x: (size: number) => number,
  y: (size: number) => number,
  { format, language, frame }: Setting,
): Point {
  const [across, up] = [row[tile.across.measure] ?? null, row[tile.up.measure] ?? null]
  const isFar = Number(across) >= tile.across.split
  const isHigh = Number(up) >= tile.up.split
  const corner = isFar ? (isHigh ? 'both' : 'across') : isHigh ? 'up' : 'low'
  return {
    id: row[tile.id] ?? '',
    name: row[tile.name] ?? frame.none_of(tile.head[language]),
    x: x(Number(across)),
    y: y(Number(up)),
    across: figureWriter(tile.across.unit, format, language).exact(across),
    up: figureWriter(tile.up.unit, format, language).exact(up),
    corner: tile.corners[corner][language],
  }
}

/** By tens from 0: 0, 1, 10, 100. What is below nothing stands at nothing; its exact value is told. */
function axisOf(
  { measure, title, split }: ScatterTile['across'],
  rows: readonly Row[],
  { language }: Setting,
) {
  const high = rows.reduce((most, row) => Math.max(most, Number(row[measure] ?? 0)), split)
  const scale = scaleSymlog([0, high * HEADROOM], [0, 100])
  const at = (size: number) => round(scale(Math.max(0, size)))
  const powers = Array.from({ length: Math.ceil(Math.log10(high * HEADROOM)) }, (_, n) => 10 ** n)
  const every = Math.ceil((powers.length + 1) / TICKS_MAX)
  const ticks = [0, ...powers.filter((_, index) => index % every === every - 1)]
  const shown = ticks.map((tick) => ({ at: at(tick), text: tick.toLocaleString('en') }))
  return { at, drawn: { title: title[language], ticks: shown, split: at(split) } }
}

/** Shades by how many stand in a cell: each darker step is four times as many. */
function cellsOf(points: readonly Point[]): ScatterModel['cells'] {
  const counts = new Map<string, number>()
  for (const { x, y } of points) {
    const column = Math.min(CELLS_ACROSS - 1, Math.floor((x / 100) * CELLS_ACROSS))
    const row = Math.min(CELLS_UP - 1, Math.floor((y / 100) * CELLS_UP))
    const key = `${column},${row}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const [width, height] = [100 / CELLS_ACROSS, 100 / CELLS_UP]
  return [...counts].map(([key, count]) => {
    const [column = 0, row = 0] = key.split(',').map(Number)
    const shade = Math.min(SHADES, 1 + Math.floor(Math.log(count) / Math.log(4)))
    return { x: round(column * width), y: round(row * height), width, height, shade, count }
  })
}

function isNumber(row: Row, { measure }: { measure: string }) {
  const value = row[measure]
  return value !== null && value !== undefined && value !== ''
}
