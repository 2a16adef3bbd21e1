/**
 * One text for a row on both sides, so that a hash of it can be compared. It cannot be read two ways: text
 * carries its length, null is `~`, and no other kind of value contains the separator.
 */
import { DATE_MAX, DATE_MIN, isNullable, TIME_MAX, TIME_MIN, unwrap } from '../encode.ts'
import type { Target, TargetColumn } from '../target.ts'
import { mirroredText, stringText } from './mirrored.ts'

/** `mirrored` is the column itself where this process made its table, with what tells its null arrays. */
export type Column = {
  name: string
  type: string
  mirrored?: { column: TargetColumn; arrays: Target['arrays'] }
}
type Pair = { postgres: string; clickhouse: string; absent: string }

const NULL = '~'
const SEPARATOR = '|'

export function rowText(columns: Column[]): { postgres: string; clickhouse: string } {
  const texts = columns.map(columnText)
  return {
    postgres: `concat_ws('${SEPARATOR}', ${texts.map((text) => text.postgres).join(', ')})`,
    clickhouse: `concatWithSeparator('${SEPARATOR}', ${texts.map((text) => text.clickhouse).join(', ')})`,
  }
}

/** 64 bits of the text's MD5: the one hash both engines have and compute the same. */
export function rowHash(columns: Column[]): { postgres: string; clickhouse: string } {
  const text = rowText(columns)
  return {
    postgres: `('x' || left(md5(${text.postgres}), 16))::bit(64)::bigint`,
    clickhouse: `reinterpretAsInt64(reverse(substring(MD5(${text.clickhouse}), 1, 8)))`,
  }
}

/** A column's text, never null: where ClickHouse has no null, the stream wrote the type's default. */
export function columnText(column: Column): { postgres: string; clickhouse: string } {
  const { postgres, clickhouse, absent } = column.mirrored
    ? { ...ofMirror(column.name, column.mirrored), absent: '0' }
    : valueText(column)
  const canBeNull = isNullable(column.type) || (column.mirrored && column.type.startsWith('Array('))
  const instead = canBeNull ? NULL : absent
  return {
    postgres: `coalesce(${postgres}, '${instead}')`,
    clickhouse: canBeNull ? `ifNull(${clickhouse}, '${NULL}')` : clickhouse,
  }
}

function ofMirror(name: string, { column, arrays }: NonNullable<Column['mirrored']>) {
  const names = { postgres: quotePostgres(name), clickhouse: quoteClickHouse(name) }
  return mirroredText(column, names, arrays)
}

/** As a person reads it: without the length, and times as times. */
export function readable({ type }: Column, text: string): string {
  if (text === NULL) return 'null'
  const base = unwrap(type)
  if (base === 'String') return JSON.stringify(text.slice(text.indexOf(':') + 1))
  if (base.startsWith('DateTime64')) {
    const micros = BigInt(text)
    const rest = ((micros % 1_000n) + 1_000n) % 1_000n
    const moment = new Date(Number((micros - rest) / 1_000n)).toISOString()
    return moment.replace('Z', `${rest.toString().padStart(3, '0')}Z`)
  }
  return text
}

function valueText({ name, type }: Column): Pair {
  const source = quotePostgres(name)
  const target = quoteClickHouse(name)
  const base = unwrap(type)
  if (base === 'Bool')
    return { postgres: `${source}::text`, clickhouse: `toString(${target})`, absent: 'false' }
  if (/^U?Int\d+$/.test(base)) {
    return { postgres: `${source}::text`, clickhouse: `toString(${target})`, absent: '0' }
  }
  if (base === 'UUID') {
    const absent = '00000000-0000-0000-0000-000000000000'
    return { postgres: `${source}::text`, clickhouse: `toString(${target})`, absent }
  }
  if (/^Float(32|64)$/.test(base)) return floatText(source, target, base === 'Float32' ? 4 : 8)
  if (base.startsWith('Decimal')) {
    const finite = `case when ${source}::text not in ('NaN', 'Infinity', '-Infinity') then ${source} end`
    return {
      postgres: `trim_scale(${finite})::text`,
      clickhouse: `toString(${target})`,
      absent: '0',
    }
  }
  if (/^DateTime64\(6/.test(base)) {
    const moment = within(
      `(${source} at time zone 'UTC')`,
      source,
      `timestamp '${TIME_MIN}'`,
      `timestamp '${TIME_MAX}'`,
    )
    return {
      postgres: `(extract(epoch from ${moment}) * 1000000)::bigint::text`,
      clickhouse: `toString(toUnixTimestamp64Micro(${target}))`,
      absent: '0',
    }
  }
  if (base === 'Date32') {
    const day = within(source, source, `date '${DATE_MIN}'`, `date '${DATE_MAX}'`)
    return { postgres: `(${day})::text`, clickhouse: `toString(${target})`, absent: '1970-01-01' }
  }
  if (/^Array\(U?Int\d+\)$/.test(base)) {
    return {
      postgres: `translate(${source}::text, '{}', '[]')`,
      clickhouse: `toString(${target})`,
      absent: '[]',
    }
  }
  if (base === 'String') return stringText(source, target)
  throw new Error(`Columns of ClickHouse type ${type} have no text to compare`)
}

/** Bit by bit, since the engines write the same number differently. */
function floatText(source: string, target: string, bytes: 4 | 8): Pair {
  return {
    postgres: `case when ${source} = 'NaN' then 'nan' else encode(float${bytes}send(${source}), 'hex') end`,
    clickhouse: `if(isNaN(${target}), 'nan', lower(hex(reverse(reinterpretAsFixedString(${target})))))`,
    absent: '0'.repeat(bytes * 2),
  }
}

/** greatest and least pass over nulls, so null is kept apart. */
function within(value: string, nullable: string, min: string, max: string): string {
  return `case when ${nullable} is not null then least(greatest(${value}, ${min}), ${max}) end`
}

export function quotePostgres(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

export function quoteClickHouse(name: string): string {
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``
}
