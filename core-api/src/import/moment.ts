/**
 * Dates as people write them, by a pattern such as `DD/MM/YYYY H:mm`. The result is text that Postgres reads
 * in the source's time zone, so that its zone data, and nobody's arithmetic, decides on summer time.
 */
export type Moment = { text: string; hasTime: boolean }
export type ParseMoment = (text: string) => Moment | undefined

const TOKENS: Record<string, string> = {
  YYYY: '(?<year>\\d{4})',
  MM: '(?<month>\\d{2})',
  M: '(?<month>\\d{1,2})',
  DD: '(?<day>\\d{2})',
  D: '(?<day>\\d{1,2})',
  HH: '(?<hour>\\d{2})',
  H: '(?<hour>\\d{1,2})',
  mm: '(?<minute>\\d{2})',
  ss: '(?<second>\\d{2})',
  A: '(?<half>[AaPp][Mm])',
}
const TOKEN = /YYYY|MM?|DD?|HH?|mm|ss|A|[\s\S]/g
const OFFSET = /(?:Z|[+-]\d{2}:?\d{2})$/
const MINUTES_A_DAY = 1440

/** `iso`, `epoch_s`, `epoch_ms` or a pattern. A date that the calendar lacks (30 February) is no date. */
export function momentParser(format: string): ParseMoment {
  let previous: { text: string; moment: Moment | undefined } | undefined
  const parse = parserOf(format)
  // Neighbouring lines mostly carry the same moment.
  return (text) => {
    if (previous?.text !== text) previous = { text, moment: parse(text) }
    return previous.moment
  }
}

function parserOf(format: string): ParseMoment {
  if (format === 'iso') return parseIso
  if (format === 'epoch_s') return (text) => parseEpoch(text, 1000)
  if (format === 'epoch_ms') return (text) => parseEpoch(text, 1)

  const source = format.replaceAll(
    TOKEN,
    (token) => TOKENS[token] ?? token.replace(/[.*+?^${}()|[\]\\/-]/, '\\$&'),
  )
  const pattern = new RegExp(`^${source}$`)
  return (text) => {
    const groups = pattern.exec(text.trim())?.groups
    return groups && fromParts(groups)
  }
}

function fromParts(groups: Record<string, string>): Moment | undefined {
  const { year, month, day, hour, minute = '0', second = '0', half } = groups
  if (!isDate(Number(year), Number(month), Number(day))) return undefined
  const date = `${year}-${pad(month)}-${pad(day)}`
  if (hour === undefined) return { text: date, hasTime: false }

  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (/p/i.test(half) ? 12 : 0)
  if (hours > 23 || Number(minute) > 59 || Number(second) > 59) return undefined
  return { text: `${date} ${pad(String(hours))}:${pad(minute)}:${pad(second)}`, hasTime: true }
}

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?)?$/

function parseIso(text: string): Moment | undefined {
  const match = ISO.exec(text.trim())
  if (match === null) return undefined
  const [, year, month, day, hour, minute, second] = match
  if (!isDate(Number(year), Number(month), Number(day))) return undefined
  if (hour === undefined) return { text: `${year}-${month}-${day}`, hasTime: false }
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second ?? 0) > 59) return undefined
  return { text: match[0].replace('T', ' '), hasTime: true }
}

function parseEpoch(text: string, unit_ms: number): Moment | undefined {
  if (!/^-?\d{1,15}$/.test(text)) return undefined
  const date = new Date(Number(text) * unit_ms)
  if (Number.isNaN(date.getTime())) return undefined
  return { text: date.toISOString(), hasTime: true }
}

export function hasOffset(text: string): boolean {
  return text.length > 10 && OFFSET.test(text)
}

/**
 * A time of day for a document whose source has dates only: always the same for the same document, between
 * `from` and `to` minutes after midnight, and thickest in the middle, as shops are.
 */
export function spreadTime(document: string, from: number, to: number): string {
  const random = hash32(document) / 2 ** 32
  const other = hash32(`${document}\u0000`) / 2 ** 32
  const minutes = Math.min(from + ((random + other) / 2) * (to - from), MINUTES_A_DAY - 1)
  const seconds = Math.floor(minutes * 60)
  const hour = Math.floor(seconds / 3600)
  return `${pad(String(hour))}:${pad(String(Math.floor(seconds / 60) % 60))}:${pad(String(seconds % 60))}`
}

/** FNV-1a with a final mix: short, and the same on every machine for ever. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

function isDate(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

function pad(text: string | undefined): string {
  return (text ?? '').padStart(2, '0')
}
