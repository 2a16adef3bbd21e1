import type { ShareTile } from '../../../../../dashboards/define.ts'
import { quotient, roundTogether, sum } from '#lib/decimal.ts'
import { missing, type Change } from '#lib/format.ts'
import { indexBy, rowsOf, sumOf } from '../read.ts'
import { share, changeText } from './ranking.ts'
import { filterOn } from '../scope.ts'
import { viewOf } from '../member.ts'
import { thenName, type Setting, type Table } from './setting.ts'

export type ShareModel = {
  rows: {
    id: string
    name: string
    width: number
    color: string
    rate: string
    amount: string
    exact: string
    change: Change | null
    isChosen: boolean
  }[]
  summary: string
  table: Table
}

const SLOTS = 8
const PERMILLE = 1000n

/** A channel keeps its colour for life: the slot is its place among all channels, whatever is shown today. */
export function prepareShare(
  tile: ShareTile,
  setting: Setting,
  codes: readonly string[],
): ShareModel {
  const { format, words, scope, language, period, filters } = setting
  const filter = filterOn(filters, viewOf(tile.measure), tile.id)
  const found = partsOf(tile, setting)
  const total = sum(found.map(({ value }) => value))
  const rates =
    total > 0n
      ? ratesOf(
          found.map(({ value }) => value),
          total,
        )
      : []
  const amount = format.column(found.map(({ value }) => value))

  const rows = found.map(({ id, name, value, before }, index) => ({
    id,
    name,
    width: share(value, total),
    color: colorOf(codes.indexOf(id)),
    rate: rates[index] ?? missing,
    amount: amount(value),
    exact: format.exact(value),
    change: period.before ? format.change(value, before, true) : null,
    isChosen: filter !== null && id !== '' && scope.chosen[filter.name] === id,
  }))
  return {
    rows,
    summary: rows.map(({ name, rate }) => `${name} ${rate}`).join(language === 'zh' ? '，' : ', '),
    table: {
      columns: [
        { title: words.name },
        { title: words.amount, isNumber: true },
        { title: words.share, isNumber: true },
        ...(period.before ? [{ title: thenName(setting), isNumber: true }] : []),
      ],
      rows: rows.map(({ name, exact, rate, change }) => [
        name,
        exact,
        rate,
        ...(period.before ? [changeText(change)] : []),
      ]),
    },
  }

  /** Tenths of a per cent that add up to 100.0 %. */
  function ratesOf(values: readonly bigint[], whole: bigint) {
    const scaled = values.map((value) => value * PERMILLE)
    return roundTogether(scaled, whole).map((permille) =>
      format.ratio(quotient(permille, PERMILLE)),
    )
  }
}

type Part = { id: string; name: string; value: bigint; before: bigint }

/** The largest by value; what is past the limit is one row, so that the rows still are the whole. */
function partsOf(tile: ShareTile, { results, words }: Setting): Part[] {
  const before = indexBy(rowsOf(results, `${tile.key}:before`), tile.id)
  const all = rowsOf(results, tile.key)
    .map((row) => {
      const id = row[tile.id] ?? ''
      const value = sumOf(row, tile.measure)
      return {
        id,
        name: row[tile.name] ?? words.unnamed,
        value,
        before: sumOf(before.get(id), tile.measure),
      }
    })
    .sort((a, b) => (a.value === b.value ? a.id.localeCompare(b.id) : a.value > b.value ? -1 : 1))
  if (all.length <= tile.top + 1) return all

  const rest = all.slice(tile.top)
  const other = {
    id: '',
    name: words.others(String(rest.length)),
    value: sum(rest.map(({ value }) => value)),
    before: sum(rest.map(({ before }) => before)),
  }
  return [...all.slice(0, tile.top), other]
}

export function colorOf(place: number) {
  return place >= 0 && place < SLOTS ? `var(--series-${place + 1})` : 'var(--series-other)'
}
