import type { FactsTile } from '../../../../../dashboards/kinds.ts'
import { missing, type Parts } from '#lib/format.ts'
import { rowsOf } from '../read.ts'
import { figureWriter } from './figure.ts'
import type { Setting, Table } from './setting.ts'

export type FactsModel = {
  facts: { title: string; value: Parts; exact: string; beside: string }[]
  isEmpty: boolean
  summary: string
  table: Table
}

export function prepareFacts(tile: FactsTile, setting: Setting): FactsModel {
  const { results, format, language, words } = setting
  const row = rowsOf(results, tile.key)[0]
  const facts = tile.facts.map(({ title, measure, unit, beside }) => {
    const write = figureWriter(unit, format, language)
    const value = row?.[measure] ?? null
    const other = beside
      ? figureWriter(beside.unit, format, language).short(row?.[beside.measure] ?? null)
      : ''
    return {
      title: title[language],
      value: write.headline(value),
      exact: write.exact(value),
      beside: beside ? words.beside(beside.title[language], other) : '',
    }
  })
  return {
    facts,
    isEmpty: facts.every(({ exact }) => exact === missing),
    summary: facts
      .map(({ title, exact }) => `${title} ${exact}`)
      .join(language === 'zh' ? '，' : ', '),
    table: {
      columns: [{ title: words.name }, { title: words.amount, isNumber: true }],
      rows: facts.map(({ title, exact }) => [title, exact]),
    },
  }
}
