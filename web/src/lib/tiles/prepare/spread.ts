import type { SpreadTile } from '../../../../../dashboards/kinds.ts'
import { parseDecimal } from '#lib/decimal.ts'
import { missing } from '#lib/format.ts'
import { rowsOf } from '../read.ts'
import { round } from './spark.ts'
import { figureWriter } from './figure.ts'
import type { Setting, Table } from './setting.ts'

export type SpreadModel = {
  rows: { title: string; width: number; text: string }[]
  index: { title: string; text: string; words: string; tone: 'good' | 'warn' | 'bad' } | null
  isEmpty: boolean
  summary: string
  table: Table
}

/** Shares on one scale from nothing to all, and the index in words: a figure that needs a textbook helps nobody. */
export function prepareSpread(tile: SpreadTile, setting: Setting): SpreadModel {
  const { results, format, language } = setting
  const row = rowsOf(results, tile.key)[0]
  const rows = tile.shares.map(({ title, measure, unit }) => {
    const value = row?.[measure] ?? null
    const write = figureWriter(unit, format, language)
    return {
      title: title[language],
      width: Math.min(100, Math.max(0, round(write.size(value) * 100))),
      text: format.ratio(value),
    }
  })
  const value = row?.[tile.index.measure] ?? null
  const level = parseDecimal(value)
    ? tile.index.levels.findLast(({ from }) => Number(value) >= from)
    : undefined
  const text = figureWriter(tile.index.unit, format, language).exact(value)
  const index = level
    ? { title: tile.index.title[language], text, words: level.words[language], tone: level.tone }
    : null
  const told = rows.map(({ title, text: share }) => `${title} ${share}`)
  return {
    rows,
    index,
    isEmpty: rows.every(({ text: share }) => share === missing),
    summary: [...told, ...(index ? [`${index.title} ${index.text}: ${index.words}`] : [])].join(
      language === 'zh' ? '，' : ', ',
    ),
    table: {
      columns: [{ title: setting.words.name }, { title: setting.words.share, isNumber: true }],
      rows: [
        ...rows.map(({ title, text: share }) => [title, share]),
        [tile.index.title[language], text],
      ],
    },
  }
}
