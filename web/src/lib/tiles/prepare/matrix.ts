import type { MatrixTile } from '../../../../../dashboards/kinds.ts'
import type { Row } from '#lib/cube.ts'
import { quotient } from '#lib/decimal.ts'
import { rowsOf, sumOf } from '../read.ts'
import { shadesOf, type Shade } from './heat.ts'
import { figureWriter } from './figure.ts'
import type { Setting, Table } from './setting.ts'

export type MatrixModel = {
  down: string
  across: string
  columns: { id: string; title: string; note: string }[]
  rows: {
    id: string
    title: string
    note: string
    cells: { text: string; beside: string; spoken: string; shade: Shade; id: string }[]
  }[]
  isEmpty: boolean
  summary: string
  table: Table
}

/** Every pair has its cell, also one that nobody is in: 0 is an answer. */
export function prepareMatrix(tile: MatrixTile, setting: Setting): MatrixModel {
  const { results, format, language } = setting
  const found = rowsOf(results, tile.key)
  const shadeWriter = figureWriter(tile.shade.unit, format, language)
  const besideWriter = figureWriter(tile.beside.unit, format, language)
  const at = (down: string, across: string) =>
    found.find((row) => row[tile.down.id] === down && row[tile.across.id] === across)
  const shade = shadesOf(
    found.map((row) => row[tile.shade.measure] ?? null),
    shadeWriter,
  )
  const total = found.reduce((sum, row) => sum + sumOf(row, tile.beside.measure), 0n)

  const rows = tile.down.values.map((down) => ({
    id: down.id,
    title: down.title[language],
    note: down.note?.[language] ?? '',
    cells: tile.across.values.map((across) => {
      const row = at(down.id, across.id)
      const value = row?.[tile.shade.measure] ?? '0'
      const beside = row?.[tile.beside.measure] ?? '0'
      const part = format.ratio(quotient(sumOf(row, tile.beside.measure), total))
      return {
        id: `${down.id} ${across.id}`,
        text: shadeWriter.exact(value),
        beside: part,
        spoken: [
          `${tile.down.title[language]} ${down.title[language]}`,
          `${tile.across.title[language]} ${across.title[language]}`,
          `${tile.shade.title[language]} ${shadeWriter.exact(value)}`,
          `${tile.beside.title[language]} ${besideWriter.exact(beside)} (${part})`,
        ].join(', '),
        shade: shade(value),
      }
    }),
  }))
  const cells = rows.flatMap(({ cells: each }) => each)
  const largest = cells.reduce(
    (best, cell) => (cell.shade > (best?.shade ?? 0) ? cell : best),
    cells[0],
  )
  return {
    down: tile.down.title[language],
    across: tile.across.title[language],
    columns: tile.across.values.map(({ id, title, note }) => ({
      id,
      title: title[language],
      note: note?.[language] ?? '',
    })),
    rows,
    isEmpty: found.length === 0,
    summary: largest?.spoken ?? '',
    table: tableOf(tile, at, setting),
  }
}

function tableOf(
  tile: MatrixTile,
  at: (down: string, across: string) => Row | undefined,
  { format, language }: Setting,
): Table {
  const shadeWriter = figureWriter(tile.shade.unit, format, language)
  const besideWriter = figureWriter(tile.beside.unit, format, language)
  return {
    columns: [
      { title: tile.down.title[language] },
      { title: tile.across.title[language] },
      { title: tile.shade.title[language], isNumber: true },
      { title: tile.beside.title[language], isNumber: true },
    ],
    rows: tile.down.values.flatMap((down) =>
      tile.across.values.map((across) => {
        const row = at(down.id, across.id)
        return [
          down.title[language],
          across.title[language],
          shadeWriter.exact(row?.[tile.shade.measure] ?? '0'),
          besideWriter.exact(row?.[tile.beside.measure] ?? '0'),
        ]
      }),
    ),
  }
}
