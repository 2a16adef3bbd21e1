import type { MixTile } from '../../../../../dashboards/kinds.ts'
import { quotient, roundTogether, sum } from '#lib/decimal.ts'
import { missing } from '#lib/format.ts'
import { viewOf } from '../member.ts'
import { rowsOf, sumOf } from '../read.ts'
import { filterOn } from '../scope.ts'
import { figureWriter } from './figure.ts'
import type { Setting, Table } from './setting.ts'
import { colorOf } from './share.ts'

export type MixModel = {
  /** A stacked bar for each whole. */
  bars: {
    title: string
    parts: { id: string; name: string; width: number; color: string; rate: string }[]
  }[]
  heads: string[]
  rows: {
    id: string
    name: string
    note: string
    color: string
    isChosen: boolean
    cells: { text: string; exact: string; rate: string }[]
  }[]
  isEmpty: boolean
  summary: string
  table: Table
}

const PERMILLE = 1000n

/** Classes in their own order; the rates of a bar add up to 100.0 %. */
export function prepareMix(tile: MixTile, setting: Setting): MixModel {
  const { results, language, scope, filters } = setting
  const found = rowsOf(results, tile.key)
  const filter = filterOn(filters, viewOf(tile.id), tile.id)
  const wholes = wholesOf(tile, found, setting)

  const rows = tile.values.map(({ id, title, note }, index) => ({
    id,
    name: title[language],
    note: note?.[language] ?? '',
    color: colorOf(index),
    isChosen: filter !== null && scope.chosen[filter.name] === id,
    cells: wholes.map(({ values, text, exact, rates }) => {
      const value = String(values[index] ?? 0n)
      return { text: text(value), exact: exact(value), rate: rates[index] ?? missing }
    }),
  }))
  const heads = tile.parts.map(({ title }) => title[language])
  return {
    bars: wholes.map(({ widths, rates }, bar) => ({
      title: heads[bar] ?? '',
      parts: rows.map(({ id, name, color }, index) => ({
        id,
        name,
        color,
        width: widths[index] ?? 0,
        rate: rates[index] ?? missing,
      })),
    })),
    heads,
    rows,
    isEmpty: found.length === 0,
    summary: rows
      .map(
        ({ name, cells }) =>
          `${name}: ${cells.map(({ rate }, index) => `${heads[index]} ${rate}`).join(', ')}`,
      )
      .join(language === 'zh' ? '；' : '; '),
    table: {
      columns: [
        { title: tile.title[language] },
        ...heads.flatMap((title) => [
          { title, isNumber: true },
          { title: `${title} %`, isNumber: true },
        ]),
      ],
      rows: rows.map(({ name, cells }) => [
        name,
        ...cells.flatMap(({ exact, rate }) => [exact, rate]),
      ]),
    },
  }
}

type Rows = ReturnType<typeof rowsOf>

function wholesOf(tile: MixTile, found: Rows, { format, language }: Setting) {
  return tile.parts.map(({ measure, unit }) => {
    const values = tile.values.map(({ id }) =>
      sumOf(
        found.find((row) => row[tile.id] === id),
        measure,
      ),
    )
    const total = sum(values)
    const rates =
      total > 0n
        ? roundTogether(
            values.map((value) => value * PERMILLE),
            total,
          )
        : []
    const write = figureWriter(unit, format, language)
    return {
      values,
      text: write.column(values.map(String)),
      exact: write.exact,
      widths: values.map((value) => Number(quotient(value * 100n, total, 2) ?? 0)),
      rates: values.map((_, index) => {
        const rate = rates[index]
        return rate === undefined ? missing : format.ratio(quotient(rate, PERMILLE))
      }),
    }
  })
}
