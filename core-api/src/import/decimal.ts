/** Decimals of text as whole numbers, so that no amount ever passes through a float. */

/** A value is `units` ÷ 10^`scale`. */
export type Decimal = { units: bigint; scale: number }

export type NumberFormat = { decimal: string; group: string; symbols: string }

const PLAIN = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/
const SCALE_MAX = 30

/** Undefined when the text is no number. An amount in parentheses is negative, as accountants write it. */
export function parseDecimal(text: string, format?: NumberFormat): Decimal | undefined {
  const plain = format ? toPlain(text, format) : text
  const match = PLAIN.exec(plain)
  if (match === null) return undefined
  const [, sign, whole = '', fraction = '', exponent] = match
  if (whole === '' && fraction === '') return undefined

  const digits = BigInt(whole + fraction)
  const units = sign === '-' ? -digits : digits
  const scale = fraction.length - Number(exponent ?? 0)
  if (Math.abs(scale) > SCALE_MAX) return undefined
  return scale >= 0 ? { units, scale } : { units: units * 10n ** BigInt(-scale), scale: 0 }
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  return { units: a.units * b.units, scale: a.scale + b.scale }
}

export function subtract(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale)
  return { units: unitsAt(a, scale) - unitsAt(b, scale), scale }
}

/** Whole minor units of an amount; halves go away from zero. */
export function toMinor(amount: Decimal, digits: number): bigint {
  if (amount.scale <= digits) return unitsAt(amount, digits)
  return divideRounded(amount.units, 10n ** BigInt(amount.scale - digits))
}

/** `amount` ÷ `by`, in whole minor units, halves away from zero. */
export function divideToMinor(amount: Decimal, by: Decimal, digits: number): bigint {
  const numerator = amount.units * 10n ** BigInt(by.scale + digits)
  return divideRounded(numerator, by.units * 10n ** BigInt(amount.scale))
}

export function divideRounded(numerator: bigint, denominator: bigint): bigint {
  const isNegative = numerator < 0n !== denominator < 0n
  const top = numerator < 0n ? -numerator : numerator
  const bottom = denominator < 0n ? -denominator : denominator
  const rounded = (top * 2n + bottom) / (bottom * 2n)
  return isNegative ? -rounded : rounded
}

/** Undefined when there is a fraction. */
export function toWhole({ units, scale }: Decimal): bigint | undefined {
  const unit = 10n ** BigInt(scale)
  return units % unit === 0n ? units / unit : undefined
}

function unitsAt({ units, scale }: Decimal, wanted: number): bigint {
  return units * 10n ** BigInt(wanted - scale)
}

function toPlain(text: string, { decimal, group, symbols }: NumberFormat): string {
  let plain = text.trim()
  for (const symbol of symbols) plain = plain.replaceAll(symbol, '')
  if (group !== '') plain = plain.replaceAll(group, '')
  if (decimal !== '.') plain = plain.replace(decimal, '.')
  plain = plain.trim()
  const inParentheses = /^\((.*)\)$/.exec(plain)
  return inParentheses ? `-${inParentheses[1]}` : plain
}
