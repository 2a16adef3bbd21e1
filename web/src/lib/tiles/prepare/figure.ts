import type { FigureUnit } from '../../../../../dashboards/kinds.ts'
import { grouped, magnitude, parseDecimal, rescale } from '#lib/decimal.ts'
import { missing, type Format, type Language } from '#lib/format.ts'
import { coverText } from '#lib/moment.ts'
import { writerOf, type Writer } from './writer.ts'

/** How a figure of any kind is written; money, counts and rates as everywhere. */
export function figureWriter(unit: FigureUnit, format: Format, language: Language): Writer {
  switch (unit) {
    case 'days':
      return textWriter((text) => coverText(Math.max(0, Number(text)), language), format)
    case 'decimal':
      return textWriter(decimalText, format)
    default:
      return writerOf(unit, format)
  }
}

function textWriter(write: (text: string) => string, format: Format): Writer {
  const exact = (text: string | null) =>
    text === null || !parseDecimal(text) ? missing : write(text)
  return {
    headline: (text) => ({ text: exact(text), unit: '' }),
    exact,
    short: exact,
    column: () => exact,
    change: (now, before) => format.change(hundredths(now), hundredths(before)),
    axis: () => String,
    size: (text) => Number(text ?? 0),
  }
}

const DIGITS = 2

function decimalText(text: string) {
  const units = hundredths(text) ?? 0n
  return `${units < 0n ? '−' : ''}${grouped(magnitude(units), DIGITS)}`
}

function hundredths(text: string | null) {
  const decimal = parseDecimal(text)
  return decimal && rescale(decimal, DIGITS)
}
