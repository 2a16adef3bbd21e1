/** How a value's Postgres text becomes ClickHouse TabSeparated text. The target column's type decides. */
import { digitsOf } from './catalog/types.ts'
import { parseArray } from './parse-array.ts'

export type Encode = (text: string, issue: Issue) => string
/** Called when a value had to be changed to fit; never silently. */
export type Issue = (reason: string, text: string) => void

/** What DateTime64 and Date32 can hold. */
export const DATE_MIN = '1900-01-01'
export const DATE_MAX = '2299-12-31'
export const TIME_MIN = `${DATE_MIN} 00:00:00.000000`
export const TIME_MAX = `${DATE_MAX} 23:59:59.999999`

const NULL = '\\N'
const NOT_A_NUMBER = /^(NaN|-?Infinity)$/
const SPECIAL = /[\\\t\n\r\0]/
const SPECIALS = /[\\\t\n\r\0]/g
const ESCAPES: Record<string, string> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\0': '\\0',
}

/** `sourceType` matters where Postgres writes text that is not the value: bytea is written as hex digits. */
export function encoderOf(clickhouseType: string, sourceType = ''): Encode {
  const type = unwrap(clickhouseType)
  const element = /^Array\((.+)\)$/.exec(type)?.[1]
  if (element !== undefined) return arrayOf(element, sourceType.replace(/\[\]$/, ''))
  if (type === 'Bool') return (text) => (text === 't' ? 'true' : 'false')
  if (/^U?Int\d+$/.test(type) || type === 'UUID') return (text) => text
  if (/^Float/.test(type)) return (text) => text.replace('Infinity', 'inf').replace('NaN', 'nan')
  if (/^Decimal/.test(type)) return decimal(type, isNullable(clickhouseType) ? NULL : '0')
  if (/^DateTime64\(6/.test(type)) return timestamp
  if (type === 'Date32') return date
  if (type === 'String') return sourceType === 'bytea' ? bytes : escape
  throw new Error(
    `Columns of ClickHouse type ${clickhouseType} are not written from a change stream`,
  )
}

export function unwrap(type: string): string {
  const match = /^(?:Nullable|LowCardinality)\((.+)\)$/.exec(type)
  return match?.[1] === undefined ? type : unwrap(match[1])
}

export function isNullable(type: string): boolean {
  return /^(LowCardinality\()?Nullable\(/.test(type)
}

function escape(text: string): string {
  return SPECIAL.test(text) ? text.replace(SPECIALS, (found) => ESCAPES[found] ?? found) : text
}

/** `\xdead`: each byte as an escape that ClickHouse reads back as the byte. */
function bytes(text: string): string {
  return text.slice(2).replace(/../g, '\\x$&')
}

/** Digits that ClickHouse would cut off or that have no place are not stored: a wrong number is worse than none. */
function decimal(type: string, instead: string): Encode {
  const { precision, scale } = digitsOf(type) ?? { precision: 0, scale: 0 }
  const kept = instead === NULL ? 'null' : instead
  return (text, issue) => {
    if (text.length <= scale && text.length <= precision - scale && !NOT_A_NUMBER.test(text))
      return text
    const match = /^-?0*(\d*)(?:\.(\d*?)0*)?$/.exec(text)
    const [, whole = '', fraction = ''] = match ?? []
    if (match && whole.length <= precision - scale && fraction.length <= scale) return text
    issue(`${type} cannot hold it; kept as ${kept}`, text)
    return instead
  }
}

/** `2026-11-24 13:40:00.5+00`: the session's time zone is UTC, so the offset always is. */
function timestamp(text: string, issue: Issue): string {
  const plain = text.endsWith('+00') ? text.slice(0, -3) : text
  return clamp(text, plain, TIME_MIN, TIME_MAX, issue)
}

function date(text: string, issue: Issue): string {
  return clamp(text, text, DATE_MIN, DATE_MAX, issue)
}

function clamp(text: string, plain: string, min: string, max: string, issue: Issue): string {
  const isEarly = text === '-infinity' || text.endsWith(' BC')
  // Years of five digits or more sort as text before those of four, so length is looked at too.
  const isLate = text === 'infinity' || (!isEarly && plain.indexOf('-') > 4)
  const kept =
    isEarly || (!isLate && plain < min)
      ? min
      : isLate || plain.slice(0, 10) > DATE_MAX
        ? max
        : plain
  if (kept !== plain) issue(`ClickHouse cannot hold it; kept as ${kept}`, text)
  return kept
}

/** ClickHouse's arrays have one dimension and begin at 1; another shape would be another value. */
function arrayOf(elementType: string, sourceType: string): Encode {
  const isPlainNumbers = /^U?Int\d+$/.test(elementType)
  const encode = encoderOf(elementType, sourceType)
  const isQuoted = !/Int|Float|Decimal|Bool/.test(elementType)
  const isText = unwrap(elementType) === 'String' && sourceType !== 'bytea'
  return (text, issue) => {
    if (isPlainNumbers && /^\{[\d,-]*\}$/.test(text)) return `[${text.slice(1, -1)}]`
    const items = parseArray(text)
    if (!items) {
      issue('ClickHouse has arrays of one dimension from 1 on; kept as an empty one', text)
      return '[]'
    }
    const encoded = items.map((item) => {
      if (item === null) return 'NULL'
      const value = isText ? escape(item).replaceAll("'", "\\'") : encode(item, issue)
      if (value === NULL) return 'NULL'
      return isQuoted ? `'${value}'` : value
    })
    return `[${encoded.join(',')}]`
  }
}
