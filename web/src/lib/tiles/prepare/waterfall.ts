import type { WaterfallTile } from '../../../../../dashboards/define.ts'
import { grouped, magnitude, quotient, roundTogether } from '#lib/decimal.ts'
import { viewOf } from '../member.ts'
import type { Change } from '#lib/format.ts'
import { approximate, rowsOf, sumOf } from '../read.ts'
import { wordOf } from '../turn.ts'
import { changeText } from './ranking.ts'
import { thenName, type Setting, type Table } from './setting.ts'
import { round } from './spark.ts'

export type WaterfallModel = {
  rows: {
    title: string
    /** The measure's word: what its orders are asked by. */
    measure: string
    isSum: boolean
    isBeforeSum: boolean
    left: number
    width: number
    /** Where the next bar starts: the thin connector. */
    edge: number | null
    amount: string
    exact: string
    share: string
    change: Change | null
    good: 'up' | 'down'
  }[]
  summary: string
  table: Table
}

/** Below this many major units there is room for the cents, and nothing needs rounding. */
const CENTS_BELOW = 100_000n

export function prepareWaterfall(tile: WaterfallTile, setting: Setting): WaterfallModel {
  const { results, format, language, words, period } = setting
  const row = rowsOf(results, `totals:${viewOf(tile.base)}`)[0]
  const earlier = period.before ? rowsOf(results, `before:${viewOf(tile.base)}`)[0] : undefined
  const base = sumOf(row, tile.base)
  const signed = tile.steps.map(({ measure, sum }) =>
    sum ? sumOf(row, measure) : -sumOf(row, measure),
  )
  const isSum = tile.steps.map(({ sum }) => sum === true)
  const spans = spansOf(signed, isSum)
  const edges = spans.flatMap(({ from, to }) => [from, to])
  const low = edges.reduce((a, b) => (b < a ? b : a), 0n)
  const high = edges.reduce((a, b) => (b > a ? b : a), 0n)
  const range = approximate(high - low, format.minor) || 1
  const at = (cents: bigint) => round((approximate(cents - low, format.minor) / range) * 100)
  const amounts = amountsOf(signed, isSum, setting)

  const rows = tile.steps.map(({ title, measure, good }, index) => {
    const { from, to } = spans[index] ?? { from: 0n, to: 0n }
    const cents = signed[index] ?? 0n
    return {
      title: title[language],
      measure: wordOf(measure),
      isSum: isSum[index] ?? false,
      isBeforeSum: isSum[index + 1] ?? false,
      left: at(from < to ? from : to),
      width: round(at(from < to ? to : from) - at(from < to ? from : to)),
      edge: index < tile.steps.length - 1 ? at(to) : null,
      amount: amounts[index] ?? '',
      exact: format.exact(cents),
      share: format.ratio(quotient(cents, base)),
      change: earlier ? format.change(sumOf(row, measure), sumOf(earlier, measure), true) : null,
      good,
    }
  })
  return {
    rows,
    summary: rows
      .map(({ title, exact }) => `${title} ${exact}`)
      .join(language === 'zh' ? '，' : ', '),
    table: {
      columns: [
        { title: words.step },
        { title: words.amount, isNumber: true },
        { title: words.of_revenue, isNumber: true },
        ...(earlier ? [{ title: thenName(setting), isNumber: true }] : []),
      ],
      rows: rows.map(({ title, exact, share, change }) => [
        title,
        exact,
        share,
        ...(earlier ? [changeText(change)] : []),
      ]),
    },
  }
}

/** A sum stands on the ground; a part hangs from where the one before it ended. */
function spansOf(signed: readonly bigint[], isSum: readonly boolean[]) {
  let run = 0n
  return signed.map((cents, index) => {
    const from = isSum[index] ? 0n : run
    run = isSum[index] ? cents : run + cents
    return { from, to: run }
  })
}

/** Whole units that add up on the screen: each sum is rounded, then the parts between two sums share what that leaves. */
function amountsOf(
  signed: readonly bigint[],
  isSum: readonly boolean[],
  { format }: Setting,
): string[] {
  if (signed.every((cents) => magnitude(cents) < CENTS_BELOW * format.minor)) {
    return signed.map((cents) => format.plain(cents))
  }
  const rounded = signed.map((cents) => roundTogether([cents], format.minor)[0] ?? 0n)
  let start = 0
  isSum.forEach((sum, end) => {
    if (!sum || end === start) return
    const parts = signed.slice(start + 1, end)
    const total = (rounded[end] ?? 0n) - (rounded[start] ?? 0n)
    roundTogether(parts, format.minor, total).forEach(
      (part, index) => (rounded[start + 1 + index] = part),
    )
    start = end
  })
  return rounded.map((units) => `${units < 0n ? '−' : ''}${grouped(units)}`)
}
