/**
 * How a column's values travel in a copy: what Postgres selects, what ClickHouse reads that as, and what it
 * makes of it. Most pass through as they are.
 */
import { digitsOf } from './catalog/types.ts'
import { DATE_MAX, DATE_MIN, isNullable, TIME_MAX, TIME_MIN } from './encode.ts'
import type { Target, TargetColumn } from './target.ts'

export type ColumnPlan = {
  postgres: string
  inputType: string
  clickhouse: string
  /** In Postgres, whether the value has no place in ClickHouse and is changed on the way; null if it always has. */
  unfit: string | null
}

/** What stands for a row that has no key: where it lies, while the copy is taken. */
export const ROW_KEY = { postgres: `tableoid::text || ctid::text`, inputType: 'String' }

export function planOf(column: TargetColumn): ColumnPlan {
  const source = quote(column.name)
  const name = `\`${column.name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``
  const plain = { postgres: source, inputType: column.type, clickhouse: name, unfit: null }
  const { type } = column
  const sourceType = column.source?.type
  const element = /^Array\(Nullable\((.+)\)\)$/.exec(type)?.[1]
  if (element !== undefined && sourceType !== undefined)
    return arrayPlan(source, name, element, sourceType.replace(/\[\]$/, ''))
  if (type.startsWith('Array(')) {
    const isFlat = `not ${isOddArray(source)}`
    const text = `translate(${source}::text, '{}', '[]')`
    return { ...plain, postgres: `case when ${isFlat} then ${text} else '[]' end` }
  }
  if (sourceType === 'bytea') {
    return {
      ...plain,
      postgres: `encode(${source}, 'hex')`,
      inputType: isNullable(type) ? 'Nullable(String)' : 'String',
      clickhouse: `unhex(${name})`,
    }
  }
  if (type.includes('DateTime64') || type.includes('Date32')) {
    const { value, min, max } = momentOf(source, type, sourceType)
    return { ...plain, postgres: within(value, min, max), unfit: outside(value, min, max) }
  }
  const digits =
    sourceType === undefined ? null : digitsOf(type.replace(/^Nullable\((.+)\)$/, '$1'))
  if (digits) {
    const fits = fitsDecimal(source, digits)
    const otherwise = isNullable(type) ? 'null' : `case when ${source} is not null then 0 end`
    return {
      ...plain,
      postgres: `case when ${fits} then ${source} else ${otherwise} end`,
      unfit: `${source} is not null and not ${fits}`,
    }
  }
  return plain
}

/** Items travel as JSON, as the texts they have in Postgres, and are cast one by one. */
function arrayPlan(source: string, name: string, element: string, sourceType: string): ColumnPlan {
  const isOdd = isOddArray(source)
  const texts = itemsOf(source, element, sourceType)
  return {
    postgres: `case when ${isOdd} then '[]' else ${texts}::text end`,
    inputType: 'Nullable(String)',
    clickhouse: `arrayMap(item -> ${castOf(element, sourceType)}, JSONExtract(ifNull(${name}, '[]'), 'Array(Nullable(String))'))`,
    unfit: [isOdd, unfitItem(source, element, sourceType)].filter(Boolean).join(' or '),
  }
}

/** Of several dimensions, or not beginning at 1: ClickHouse has no such array. */
export function isOddArray(source: string): string {
  return `coalesce(array_ndims(${source}) > 1 or array_lower(${source}, 1) <> 1, false)`
}

function itemsOf(source: string, element: string, sourceType: string): string {
  if (/Date/.test(element)) {
    const { value, min, max } = momentOf('item', element, sourceType)
    return eachItem(source, within(value, min, max))
  }
  const digits = digitsOf(element)
  if (digits) return eachItem(source, `case when ${fitsDecimal('item', digits)} then item end`)
  return `to_json(${source}::text[])`
}

function eachItem(source: string, expression: string): string {
  const items = `unnest(${source}) with ordinality as items (item, position)`
  return `(select coalesce(json_agg((${expression})::text order by position), '[]') from ${items})`
}

function unfitItem(source: string, element: string, sourceType: string): string | null {
  const any = (condition: string) =>
    `exists (select from unnest(${source}) as item where ${condition})`
  const digits = digitsOf(element)
  if (digits) return any(`item is not null and not ${fitsDecimal('item', digits)}`)
  if (!/Date/.test(element)) return null
  const { value, min, max } = momentOf('item', element, sourceType)
  return any(outside(value, min, max))
}

function castOf(element: string, sourceType: string): string {
  if (sourceType === 'bytea') return 'unhex(substring(item, 3))'
  if (element === 'Bool') return `item in ('t', 'true')`
  if (element === 'String') return 'item'
  return `cast(item, 'Nullable(${element.replaceAll("'", "\\'")})')`
}

/** Only what Postgres calls `with time zone` is a moment; the rest is taken as it is written. */
export function momentOf(source: string, type: string, sourceType: string | undefined) {
  if (type.includes('Date32'))
    return { value: source, min: `date '${DATE_MIN}'`, max: `date '${DATE_MAX}'` }
  const isZoned = sourceType === undefined || sourceType.endsWith('with time zone')
  return {
    value: isZoned ? `(${source} at time zone 'UTC')` : source,
    min: `timestamp '${TIME_MIN}'`,
    max: `timestamp '${TIME_MAX}'`,
  }
}

/** Not a number is greater than every number to Postgres, so it is not within these bounds either. */
export function fitsDecimal(
  value: string,
  { precision, scale }: { precision: number; scale: number },
) {
  return `(abs(${value}) < 1e${precision - scale} and scale(trim_scale(${value})) <= ${scale})`
}

/** greatest and least pass over nulls, so null is kept apart. */
export function within(value: string, min: string, max: string): string {
  return `case when ${value} is not null then least(greatest(${value}, ${min}), ${max}) end`
}

function outside(value: string, min: string, max: string): string {
  return `(${value} < ${min} or ${value} > ${max})`
}

/** What of a row has no place, told with the key of the row: for tables this process made. */
export function unfitColumns(target: Target): { column: TargetColumn; condition: string }[] {
  if (!target.source) return []
  return target.columns.flatMap((column) => {
    const { unfit } = planOf(column)
    return unfit !== null && !column.source?.isDropped ? [{ column, condition: unfit }] : []
  })
}

export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
