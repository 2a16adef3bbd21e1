/** What a map's expressions mean for the columns of one file: a function from a row to text, or null for none. */
import { MapError } from './map.ts'
import type { Expression, MomentMap } from './map-schema.ts'
import { hash32, hasOffset, momentParser, spreadTime } from './moment.ts'

export type Read = (row: string[], document: string) => string | null
export type Columns = { names: Map<string, number>; file: string }

export function columnsOf(names: string[], file: string): Columns {
  // A file's own column wins over one of the same name that was joined to it.
  const indexes = new Map<string, number>()
  names.forEach((name, index) => {
    if (!indexes.has(name)) indexes.set(name, index)
  })
  return { names: indexes, file }
}

export function reader(expression: Expression, columns: Columns, path: string): Read {
  if (typeof expression === 'string') return columnReader(expression, columns, path)
  if ('constant' in expression) return () => expression.constant
  if ('spread' in expression) return spreadReader(expression.spread)

  const { column, fold, values, otherwise } = expression
  const read = columnReader(column, columns, `${path}/column`)
  const known = values && new Map(Object.entries(values))
  return (row, document) => {
    const text = read(row, document)
    const folded = fold === undefined ? text : foldText(text, fold)
    if (known === undefined) return folded ?? otherwise ?? null
    return known.get(folded ?? '') ?? otherwise ?? folded
  }
}

export function optionalReader(
  expression: Expression | undefined,
  columns: Columns,
  path: string,
): Read {
  return expression === undefined ? () => null : reader(expression, columns, path)
}

/** Text of a moment for Postgres; undefined when the column holds none. */
export function momentReader(
  moment: MomentMap,
  columns: Columns,
  path: string,
  spread: { from: string; to: string } | undefined,
): (row: string[], document: string) => string | null | undefined {
  const names = typeof moment.column === 'string' ? [moment.column] : moment.column
  const reads = names.map((name) => columnReader(name, columns, `${path}/column`))
  const parse = momentParser(moment.format)
  const from = minutesOf(spread?.from ?? '00:00')
  const to = minutesOf(spread?.to ?? '00:00')

  return (row, document) => {
    const text = reads
      .map((read) => read(row, document) ?? '')
      .join(' ')
      .trim()
    if (text === '') return null
    const parsed = parse(text)
    if (parsed === undefined) return undefined
    if (parsed.hasTime || hasOffset(parsed.text) || spread === undefined) return parsed.text
    return `${parsed.text} ${spreadTime(document, from, to)}`
  }
}

export function columnReader(name: string, { names, file }: Columns, path: string): Read {
  const index = names.get(name)
  if (index === undefined) {
    const there = [...names.keys()].join(', ')
    throw new MapError([`${path}: ${file} has no column "${name}"; it has: ${there}`])
  }
  return (row) => {
    const text = row[index]?.trim()
    return text === undefined || text === '' ? null : text
  }
}

function spreadReader(weights: Record<string, number>): Read {
  const choices = Object.entries(weights)
  const whole = choices.reduce((sum, [, weight]) => sum + weight, 0)
  return (_row, document) => {
    let left = hash32(`spread ${document}`) % whole
    for (const [value, weight] of choices) {
      if (left < weight) return value
      left -= weight
    }
    return null
  }
}

function foldText(text: string | null, fold: 'upper' | 'lower'): string | null {
  return fold === 'upper' ? (text?.toUpperCase() ?? null) : (text?.toLowerCase() ?? null)
}

function minutesOf(clock: string): number {
  const [hours, minutes] = clock.split(':')
  return Number(hours) * 60 + Number(minutes)
}
