/**
 * Columns a mirror has of its own, for what its source's columns cannot say: an array of ClickHouse is never
 * null, and two moments, or two numbers, that it cannot hold are kept as one and the same.
 */
import { isOddArray, planOf, quote } from './copy-plan.ts'
import { NOWHERE, type Places, type Row } from './row.ts'
import type { Target, TargetColumn } from './target.ts'

/** The numbers of the array columns that hold an array: one that is null, or has no place, is not among them. */
export const ARRAYS = '_arrays'
/** Empty where the key is what its columns say; else as Postgres writes those of its values that have no place. */
export const EXACT_KEY = '_key'

const TYPES = { [ARRAYS]: 'Array(UInt16)', [EXACT_KEY]: 'String' }
/** Rows of before an array column came have none in it: the list of their arrays is without its number. */
export const ARRAYS_DEFINITION = `${ARRAYS} ${TYPES[ARRAYS]}`
const SEPARATOR = ' '
const BRACE = 0x7b

type Named = { name: string; type: string }
type Plan = { target: Target; positions: number[] }

/** What a mirror of these columns needs, as it is defined. */
export function ownDefinitions(columns: Named[], key: Set<string>): string[] {
  return [
    ...(columns.some(({ type }) => isArray(type)) ? [ARRAYS_DEFINITION] : []),
    ...(columns.some(({ name, type }) => key.has(name) && isLimited(type))
      ? [`${EXACT_KEY} ${TYPES[EXACT_KEY]}`]
      : []),
  ]
}

/** The name of the column of a view that says whether an array is null. */
export function isNullName(column: string): string {
  return `${column}_is_null`
}

export function isArray(type: string): boolean {
  return type.startsWith('Array(')
}

/** Whether there are values of Postgres that a column of the type keeps as another's. */
export function isLimited(type: string): boolean {
  return /^(DateTime64|Date32|Decimal)/.test(type)
}

/** The values of a row in them, each with the tab after it, as TabSeparated has them. */
export function ownText(row: Row, places: Places, plan: Plan): string {
  const { arrays, exactKey } = plan.target
  return `${arrays ? `${arraysText(arrays, row, places, plan)}\t` : ''}${
    exactKey ? `${exactKeyText(exactKey, row, places, plan)}\t` : ''
  }`
}

function arraysText(arrays: number[], { bytes }: Row, places: Places, plan: Plan): string {
  const numbers = arrays.flatMap((index) => {
    const from = fromOf(places, plan, index)
    return from === NOWHERE || isOdd(bytes, from) ? [] : [numberOf(plan.target.columns[index])]
  })
  return `[${numbers.join(',')}]`
}

/** `{{1},{2}}` has more than one dimension, `[0:1]={1,2}` does not begin at 1. */
function isOdd(bytes: Buffer, from: number): boolean {
  return bytes[from] !== BRACE || bytes[from + 1] === BRACE
}

function exactKeyText(exactKey: number[], row: Row, places: Places, plan: Plan): string {
  const texts = exactKey.flatMap((index) => {
    const from = fromOf(places, plan, index)
    const at = plan.positions[index] ?? NOWHERE
    return from === NOWHERE ? [] : [row.bytes.toString('utf8', from, places.to[at])]
  })
  return exactKeyOf(plan.target, texts)
}

/** Of the texts of the key's limited columns, in their order. */
export function exactKeyOf({ columns, exactKey }: Target, texts: string[]): string {
  let isHeld = true
  for (const [at, index] of (exactKey ?? []).entries()) {
    columns[index]?.encode(texts[at] ?? '', () => (isHeld = false))
  }
  return isHeld ? '' : texts.join(SEPARATOR)
}

function fromOf(places: Places, { positions }: Plan, index: number): number {
  const at = positions[index] ?? NOWHERE
  return at < 0 || at >= places.count ? NOWHERE : (places.from[at] ?? NOWHERE)
}

/** The same in a copy: what Postgres selects, and what ClickHouse reads it as. */
export function ownPlans(
  { columns, arrays, exactKey }: Target,
  carried: TargetColumn[],
): { name: string; postgres: string; inputType: string }[] {
  const names = new Set(carried.map(({ name }) => name))
  const plans: ReturnType<typeof ownPlans> = []
  if (arrays) {
    const numbers = arrays.flatMap((index) => {
      const column = columns[index]
      if (!column || !names.has(column.name)) return []
      const source = quote(column.name)
      const isThere = `${source} is not null and not ${isOddArray(source)}`
      return `case when ${isThere} then '${numberOf(column)}' end`
    })
    const list = numbers.length > 0 ? numbers.join(', ') : 'null'
    plans.push({
      name: ARRAYS,
      postgres: `'[' || concat_ws(',', ${list}) || ']'`,
      inputType: TYPES[ARRAYS],
    })
  }
  if (exactKey) {
    const kept = exactKey.flatMap((index) => columns[index] ?? [])
    const unfit = kept.map((column) => `(${planOf(column).unfit})`)
    const texts = kept.map(({ name }) => `${quote(name)}::text`)
    plans.push({
      name: EXACT_KEY,
      postgres: `case when ${unfit.join(' or ')} then concat_ws('${SEPARATOR}', ${texts.join(', ')}) else '' end`,
      inputType: TYPES[EXACT_KEY],
    })
  }
  return plans
}

function numberOf(column: TargetColumn | undefined): number {
  return column?.source?.number ?? 0
}
