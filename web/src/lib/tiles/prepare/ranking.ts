import type { RankingTile } from '../../../../../dashboards/define.ts'
import { quotient } from '#lib/decimal.ts'
import { missing, type Change } from '#lib/format.ts'
import { answerOf, indexBy, rowsOf, sumOf } from '../read.ts'
import type { Setting, Table } from './setting.ts'

export type RankingModel = {
  rows: {
    id: string
    name: string
    team: number
    own: number
    amount: string
    exact: string
    ownExact: string
    change: Change | null
  }[]
  footer: string
  summary: string
  table: Table
}

export function prepareRanking(tile: RankingTile, setting: Setting): RankingModel {
  const { results, format, words, scope, language } = setting
  const answer = answerOf(results, tile.key)
  const ranked = (answer?.rows ?? []).slice(0, tile.top)
  const before = indexBy(rowsOf(results, `${tile.key}:before`), tile.id)
  const largest = sumOf(ranked[0], tile.measure)
  const amount = format.column(ranked.map((row) => sumOf(row, tile.measure)))
  const total = BigInt(Math.max(answer?.total ?? 0, ranked.length))

  const rows = ranked.map((row) => {
    const id = row[tile.id] ?? ''
    const team = sumOf(row, tile.measure)
    const own = sumOf(row, tile.own)
    return {
      id,
      name: row[tile.name] ?? words.unnamed,
      team: share(team, largest),
      own: share(own, largest),
      amount: amount(team),
      exact: format.exact(team),
      ownExact: format.exact(own),
      change: scope.isCompared
        ? format.change(team, sumOf(before.get(id), tile.measure), true)
        : null,
    }
  })
  const isAll = total <= BigInt(tile.top)
  return {
    rows,
    footer: isAll
      ? words.all_of(format.count(total))
      : words.top_of(String(tile.top), format.count(total)),
    summary: rows
      .map(({ name, exact }) => `${name} ${exact}`)
      .join(language === 'zh' ? '；' : '; '),
    table: {
      columns: [
        { title: words.name },
        { title: words.team, isNumber: true },
        { title: words.own, isNumber: true },
        { title: words.vs_last_week, isNumber: true },
      ],
      rows: rows.map(({ name, exact, ownExact, change }) => [
        name,
        exact,
        ownExact,
        signed(change),
      ]),
    },
  }
}

/** Length of a bar, in per cent of the longest. */
export function share(part: bigint, whole: bigint) {
  return Math.min(100, Math.max(0, Number(quotient(part * 100n, whole, 2) ?? 0)))
}

/** A change in a table, where no arrow is drawn. */
export function signed(change: Change | null) {
  if (!change) return missing
  if (change.direction === 'up') return `+${change.text}`
  return change.direction === 'down' ? `−${change.text}` : change.text
}
