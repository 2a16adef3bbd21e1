import type { RankingTile } from '../../../../../dashboards/define.ts'
import { quotient } from '#lib/decimal.ts'
import { missing, type Change } from '#lib/format.ts'
import { viewOf } from '../member.ts'
import { answerOf, indexBy, rowsOf, sumOf } from '../read.ts'
import { filterOn } from '../scope.ts'
import { thenName, type Setting, type Table } from './setting.ts'
import { writerOf } from './writer.ts'

export type RankingModel = {
  rows: {
    id: string
    name: string
    /** The whole bar, and the darker part of it in front. */
    whole: number
    own: number
    amount: string
    exact: string
    ownExact: string
    change: Change | null
    isChosen: boolean
  }[]
  footer: string
  summary: string
  table: Table
}

export function prepareRanking(tile: RankingTile, setting: Setting): RankingModel {
  const { results, format, words, scope, language, period, filters } = setting
  const answer = answerOf(results, tile.key)
  const ranked = (answer?.rows ?? []).slice(0, tile.top)
  const before = indexBy(rowsOf(results, `${tile.key}:before`), tile.id)
  const largest = sumOf(ranked[0], tile.measure)
  const write = writerOf(tile.unit, format)
  const amount = write.column(ranked.map((row) => row[tile.measure] ?? null))
  const total = BigInt(Math.max(answer?.total ?? 0, ranked.length))
  const filter = filterOn(filters, viewOf(tile.measure), tile.id)
  const chosen = filter ? scope.chosen[filter.name] : undefined

  const rows = ranked.map((row) => {
    const id = row[tile.id] ?? ''
    const value = row[tile.measure] ?? null
    const own = tile.own ? (row[tile.own] ?? null) : value
    return {
      id,
      name: row[tile.name] ?? words.unnamed,
      whole: share(sumOf(row, tile.measure), largest),
      own: tile.own ? share(sumOf(row, tile.own), largest) : 0,
      amount: amount(value),
      exact: write.exact(value),
      ownExact: write.exact(own),
      change: period.before ? write.change(value, before.get(id)?.[tile.measure] ?? '0') : null,
      isChosen: id === chosen,
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
        { title: tile.own ? words.team : tile.title[language], isNumber: true },
        ...(tile.own ? [{ title: words.own, isNumber: true }] : []),
        ...(period.before ? [{ title: thenName(setting), isNumber: true }] : []),
      ],
      rows: rows.map(({ name, exact, ownExact, change }) => [
        name,
        exact,
        ...(tile.own ? [ownExact] : []),
        ...(period.before ? [changeText(change)] : []),
      ]),
    },
  }
}

/** Length of a bar, in per cent of the longest. */
export function share(part: bigint, whole: bigint) {
  return Math.min(100, Math.max(0, Number(quotient(part * 100n, whole, 2) ?? 0)))
}

/** A change in a table, where no arrow is drawn. */
export function changeText(change: Change | null) {
  if (!change) return missing
  if (change.direction === 'up') return `+${change.text}`
  return change.direction === 'down' ? `−${change.text}` : change.text
}
