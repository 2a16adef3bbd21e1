/** An exact decimal number: `units` tenths-to-the-`digits`. Cube sends every value as text, so nothing is lost. */
export type Decimal = { units: bigint; digits: number }

/** Reads "1240318", "-0.0874" or "12.50"; anything that is no plain decimal is missing, not zero. */
export function parseDecimal(text: string | null | undefined): Decimal | null {
  const match = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(text ?? '')
  if (!match) return null

  const fraction = match[3] ?? ''
  const units = BigInt((match[2] ?? '') + fraction)
  return { units: match[1] === '-' ? -units : units, digits: fraction.length }
}

/** A whole number such as cents or a count; null when the text holds anything else. */
export function parseWhole(text: string | null | undefined): bigint | null {
  const decimal = parseDecimal(text)
  return decimal && rescale(decimal, 0)
}

/** The value in units of 10^-digits, rounded half away from zero. */
export function rescale({ units, digits }: Decimal, wanted: number): bigint {
  return wanted >= digits
    ? units * 10n ** BigInt(wanted - digits)
    : divideRounded(units, 10n ** BigInt(digits - wanted))
}

/** Half away from zero, the way people round money. */
export function divideRounded(dividend: bigint, divisor: bigint): bigint {
  const isNegative = dividend < 0n !== divisor < 0n
  const over = magnitude(divisor)
  const quotient = (magnitude(dividend) * 2n + over) / (over * 2n)
  return isNegative ? -quotient : quotient
}

export function magnitude(value: bigint) {
  return value < 0n ? -value : value
}

/** "1,240,318.42" for (124031842n, 2); the sign is not part of it. */
export function grouped(units: bigint, digits = 0) {
  const text = magnitude(units)
    .toString()
    .padStart(digits + 1, '0')
  const whole = text.slice(0, text.length - digits).replace(/\B(?=(\d{3})+$)/g, ',')
  return digits ? `${whole}.${text.slice(-digits)}` : whole
}

/**
 * Rounds parts so that they still add up to their rounded sum (or to the total that is printed beside
 * them): each is cut down first, then those that lost most get one back. No part moves by a whole unit.
 */
export function roundTogether(
  parts: readonly bigint[],
  unit: bigint,
  total = divideRounded(sum(parts), unit),
): bigint[] {
  const floors = parts.map((part) => floorDivide(part, unit))
  let missing = total - sum(floors)

  const lost = parts.map((part, index) => ({ index, rest: part - (floors[index] ?? 0n) * unit }))
  lost.sort((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1))
  for (const { index } of lost) {
    if (missing <= 0n) break
    floors[index] = (floors[index] ?? 0n) + 1n
    missing -= 1n
  }
  return floors
}

export function sum(values: readonly bigint[]) {
  return values.reduce((total, value) => total + value, 0n)
}

/** One number over another as decimal text; null where there is nothing to divide by. */
export function quotient(dividend: bigint, divisor: bigint, digits = 6): string | null {
  if (divisor === 0n) return null
  const units = divideRounded(dividend * 10n ** BigInt(digits), divisor)
  const text = magnitude(units)
    .toString()
    .padStart(digits + 1, '0')
  return `${units < 0n ? '-' : ''}${text.slice(0, -digits)}.${text.slice(-digits)}`
}

function floorDivide(dividend: bigint, divisor: bigint) {
  const quotient = dividend / divisor
  return dividend < 0n && quotient * divisor !== dividend ? quotient - 1n : quotient
}
