/**
 * What of a value passes as the bytes it came in. Most values do; the few that do not, and all of some types,
 * are read and encoded as text.
 */
import { digitsOf } from './catalog/types.ts'
import { unwrap } from './encode.ts'

/** Where the bytes that may pass end; less than zero where the value has to be encoded. */
export type Passes = (bytes: Buffer, from: number, to: number) => number

const NOT = -1
const ZERO = 0x30
const NINE = 0x39
const TWO = 0x32
const DASH = 0x2d
const POINT = 0x2e
const PLUS = 0x2b
const BACKSLASH = 0x5c
/** Above it no byte means anything to TabSeparated but the backslash. */
const CONTROL_MAX = 0x0d
const DAY_LENGTH = 10

export function passesOf(clickhouseType: string, sourceType = ''): Passes {
  const type = unwrap(clickhouseType)
  if (/^U?Int\d+$/.test(type) || type === 'UUID' || type === 'Bool') return all
  if (/^Float/.test(type)) return float
  const digits = digitsOf(type)
  if (digits) return decimal(digits)
  if (/^DateTime64\(6/.test(type)) return moment
  if (type === 'Date32') return day
  if (type === 'String' && sourceType !== 'bytea') return plainText
  return none
}

function all(_bytes: Buffer, _from: number, to: number): number {
  return to
}

function none(): number {
  return NOT
}

/** `NaN` and `Infinity` do not end in a digit. */
function float(bytes: Buffer, _from: number, to: number): number {
  return isDigit(bytes[to - 1]) ? to : NOT
}

/** No more digits on either side of the point than there is room for; a sign counts as one. */
function decimal({ precision, scale }: { precision: number; scale: number }): Passes {
  return (bytes, from, to) => {
    if (!isDigit(bytes[to - 1])) return NOT
    let point = from
    while (point < to && bytes[point] !== POINT) point += 1
    return point - from <= precision - scale && to - point - 1 <= scale ? to : NOT
  }
}

/** `2026-11-24 13:40:00.5+00` without its offset, which is always that of UTC. */
function moment(bytes: Buffer, from: number, to: number): number {
  if (!isYearHeld(bytes, from)) return NOT
  const isOffset = bytes[to - 3] === PLUS && bytes[to - 2] === ZERO && bytes[to - 1] === ZERO
  if (isOffset) return to - 3
  return isDigit(bytes[to - 1]) ? to : NOT
}

function day(bytes: Buffer, from: number, to: number): number {
  return to - from === DAY_LENGTH && isYearHeld(bytes, from) ? to : NOT
}

/** From 1900 to 2299: all of these years, and no other, are within what ClickHouse holds. */
function isYearHeld(bytes: Buffer, from: number): boolean {
  const thousands = bytes[from]
  const hundreds = bytes[from + 1] ?? 0
  if (bytes[from + 4] !== DASH) return false
  if (thousands === ZERO + 1) return hundreds === NINE
  return thousands === TWO && hundreds >= ZERO && hundreds <= TWO
}

function plainText(bytes: Buffer, from: number, to: number): number {
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at] ?? 0
    if (byte <= CONTROL_MAX || byte === BACKSLASH) return NOT
  }
  return to
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE
}
