/** How a value's Postgres text becomes ClickHouse TabSeparated text. The target column's type decides. */

/** Returns null where the value cannot be kept at all. */
export type Encode = (text: string, issue: Issue) => string
/** Called when a value had to be changed to fit; never silently. */
export type Issue = (reason: string) => void

/** What DateTime64 and Date32 can hold. */
export const DATE_MIN = '1900-01-01'
export const DATE_MAX = '2299-12-31'
export const TIME_MIN = `${DATE_MIN} 00:00:00.000000`
export const TIME_MAX = `${DATE_MAX} 23:59:59.999999`

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

export function encoderOf(clickhouseType: string): Encode {
  const type = unwrap(clickhouseType)
  if (type === 'Bool') return (text) => (text === 't' ? 'true' : 'false')
  if (/^U?Int\d+$/.test(type) || type === 'UUID') return (text) => text
  if (/^Float/.test(type)) return (text) => text.replace('Infinity', 'inf').replace('NaN', 'nan')
  if (/^Decimal/.test(type)) return decimal(isNullable(clickhouseType) ? '\\N' : '0')
  if (/^DateTime64\(6/.test(type)) return timestamp
  if (type === 'Date32') return date
  if (/^Array\(U?Int\d+\)$/.test(type)) return (text) => `[${text.slice(1, -1)}]`
  if (type === 'String') return escape
  throw new Error(
    `Columns of ClickHouse type ${clickhouseType} are not written from a change stream`,
  )
}

function unwrap(type: string): string {
  const match = /^(?:Nullable|LowCardinality)\((.+)\)$/.exec(type)
  return match?.[1] === undefined ? type : unwrap(match[1])
}

export function isNullable(type: string): boolean {
  return /^(LowCardinality\()?Nullable\(/.test(type)
}

function escape(text: string): string {
  return SPECIAL.test(text) ? text.replace(SPECIALS, (found) => ESCAPES[found] ?? found) : text
}

function decimal(instead: string): Encode {
  return (text, issue) => {
    if (!NOT_A_NUMBER.test(text)) return text
    issue(`${text} has no place in a decimal column; kept as ${instead === '0' ? '0' : 'null'}`)
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
  if (kept !== plain) issue(`${text} is outside what ClickHouse can hold; kept as ${kept}`)
  return kept
}
