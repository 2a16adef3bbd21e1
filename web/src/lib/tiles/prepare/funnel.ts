import type { FunnelTile } from '../../../../../dashboards/define.ts'
import { quotient } from '#lib/decimal.ts'
import { viewOf } from '../member.ts'
import { rowsOf, sumOf } from '../read.ts'
import { share } from './ranking.ts'
import type { Setting, Table } from './setting.ts'

export type FunnelModel = {
  steps: { title: string; count: string; width: number; ofFirst: string; ofBefore: string | null }[]
  isEmpty: boolean
  summary: string
  table: Table
}

/** Two rates, each named: of the first step, and of the step before. */
export function prepareFunnel(
  tile: FunnelTile,
  { results, format, words, language }: Setting,
): FunnelModel {
  const view = viewOf(tile.steps[0]?.measure ?? '')
  const row = rowsOf(results, `totals:${view}`)[0]
  const counts = tile.steps.map(({ measure }) => sumOf(row, measure))
  const first = counts[0] ?? 0n
  const longest = counts.reduce((a, b) => (b > a ? b : a), 0n)

  const steps = tile.steps.map(({ title }, index) => {
    const count = counts[index] ?? 0n
    const before = counts[index - 1]
    return {
      title: title[language],
      count: format.count(count),
      width: share(count, longest),
      ofFirst: format.ratio(quotient(count, first)),
      ofBefore: before === undefined ? null : format.ratio(quotient(count, before)),
    }
  })
  return {
    steps,
    isEmpty: longest === 0n,
    summary: steps
      .map(({ title, count, ofFirst }) => `${title} ${count} (${ofFirst})`)
      .join(language === 'zh' ? '，' : ', '),
    table: {
      columns: [
        { title: words.step },
        { title: words.people, isNumber: true },
        { title: words.of_first, isNumber: true },
        { title: words.of_before, isNumber: true },
      ],
      rows: steps.map(({ title, count, ofFirst, ofBefore }) => [
        title,
        count,
        ofFirst,
        ofBefore ?? '',
      ]),
    },
  }
}
