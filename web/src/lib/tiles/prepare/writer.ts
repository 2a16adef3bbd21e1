import type { Unit } from '../../../../../dashboards/define.ts'
import { parseDecimal, parseWhole } from '#lib/decimal.ts'
import { missing, type Change, type Format, type Parts } from '#lib/format.ts'

/** How the numbers of one unit are written, from the text they come as. */
export type Writer = {
  headline: (text: string | null) => Parts
  exact: (text: string | null) => string
  short: (text: string | null) => string
  /** One unit and one number of decimals for a whole column. */
  column: (all: readonly (string | null)[]) => (text: string | null) => string
  change: (now: string | null, before: string | null) => Change
  axis: (ticks: readonly number[]) => (tick: number) => string
  /** For lengths and heights only, where a pixel is far coarser than a float. */
  size: (text: string | null) => number
}

const none: Parts = { text: missing, unit: '' }

export function writerOf(unit: Unit, format: Format): Writer {
  switch (unit) {
    case 'money':
      return moneyWriter(format)
    case 'count':
      return countWriter(format)
    case 'ratio':
      return ratioWriter(format)
  }
}

function moneyWriter(format: Format): Writer {
  return {
    headline: (text) => written(text, format.headline, none),
    exact: (text) => written(text, format.exact, missing),
    short: (text) => written(text, format.short, missing),
    column: (all) => {
      const write = format.column(all.flatMap((text) => parseWhole(text) ?? []))
      return (text) => written(text, write, missing)
    },
    change: (now, before) => format.change(parseWhole(now), parseWhole(before), true),
    axis: format.axis,
    size: (text) => Number(text ?? 0) / Number(format.minor),
  }
}

function countWriter(format: Format): Writer {
  const exact = (text: string | null) => written(text, format.count, missing)
  return {
    headline: (text) => written(text, format.countHeadline, none),
    exact,
    short: exact,
    column: () => exact,
    change: (now, before) => format.change(parseWhole(now), parseWhole(before)),
    axis: format.axis,
    size: (text) => Number(text ?? 0),
  }
}

function ratioWriter(format: Format): Writer {
  return {
    headline: (text) => (parseDecimal(text) ? { text: format.ratio(text, 2), unit: '' } : none),
    exact: (text) => format.ratioExact(text),
    short: (text) => format.ratio(text, 2),
    column: () => (text) => format.ratio(text),
    change: (now, before) => format.points(now, before),
    axis: () => (tick) => `${Math.round(tick * 1000) / 10}%`,
    size: (text) => Number(text ?? 0),
  }
}

function written<Written>(
  text: string | null,
  write: (value: bigint) => Written,
  otherwise: Written,
) {
  const value = parseWhole(text)
  return value === null ? otherwise : write(value)
}
