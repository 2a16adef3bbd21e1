/**
 * The text of a value in a mirror this process made: of whatever type it is in Postgres, and as ClickHouse keeps
 * it where it has no place for it.
 */
import { digitsOf } from '../catalog/types.ts'
import { fitsDecimal, isOddArray, momentOf, within } from '../copy-plan.ts'
import { unwrap } from '../encode.ts'
import { ARRAYS } from '../own-columns.ts'
import type { Target, TargetColumn } from '../target.ts'

type Pair = { postgres: string; clickhouse: string }
type Names = { postgres: string; clickhouse: string }

/** Null where the value is, on both sides. */
export function mirroredText(
  { type, source }: TargetColumn,
  names: Names,
  arrays: Target['arrays'],
): Pair {
  const sourceType = source?.type ?? ''
  const element = /^Array\(Nullable\((.+)\)\)$/.exec(type)?.[1]
  if (element === undefined) return valueText(names, unwrap(type), sourceType)
  const { postgres, clickhouse } = arrayText(names, element, sourceType.replace(/\[\]$/, ''))
  const isThere = `has(${ARRAYS}, ${source?.number ?? 0})`
  return arrays
    ? { postgres, clickhouse: `if(${isThere}, ${clickhouse}, null)` }
    : { postgres: `coalesce(${postgres}, '[]')`, clickhouse }
}

/** Items one after another; one that is null is told from any text, for a text has its length before it. */
function arrayText({ postgres, clickhouse }: Names, element: string, sourceType: string): Pair {
  const item = valueText({ postgres: 'item', clickhouse: 'item' }, element, sourceType)
  const items = `unnest(${postgres}) with ordinality as items (item, position)`
  const joined = `string_agg(coalesce(${item.postgres}, '~'), ',' order by position)`
  return {
    postgres: `case when ${postgres} is not null and not ${isOddArray(postgres)}
      then '[' || (select coalesce(${joined}, '') from ${items}) || ']' end`,
    clickhouse: `concat('[', arrayStringConcat(arrayMap(item -> ifNull(${item.clickhouse}, '~'), ${clickhouse}), ','), ']')`,
  }
}

function valueText({ postgres, clickhouse }: Names, type: string, sourceType: string): Pair {
  const digits = digitsOf(type)
  if (digits)
    return {
      postgres: `trim_scale(case when ${fitsDecimal(postgres, digits)} then ${postgres} end)::text`,
      clickhouse: `toString(${clickhouse})`,
    }
  if (/^Date/.test(type)) {
    const { value, min, max } = momentOf(postgres, type, sourceType)
    const kept = within(value, min, max)
    if (type === 'Date32')
      return { postgres: `(${kept})::text`, clickhouse: `toString(${clickhouse})` }
    return {
      postgres: `(extract(epoch from ${kept}) * 1000000)::bigint::text`,
      clickhouse: `toString(toUnixTimestamp64Micro(${clickhouse}))`,
    }
  }
  if (type.startsWith('Float')) return floatText(postgres, clickhouse, type === 'Float32' ? 4 : 8)
  if (sourceType === 'bytea')
    return {
      postgres: `encode(${postgres}, 'hex')`,
      clickhouse: `lower(hex(${clickhouse}))`,
    }
  if (type === 'String') return stringText(postgres, clickhouse)
  return { postgres: `${postgres}::text`, clickhouse: `toString(${clickhouse})` }
}

/** Bit by bit, since the engines write the same number differently. */
function floatText(postgres: string, clickhouse: string, bytes: 4 | 8): Pair {
  const value = `assumeNotNull(${clickhouse})`
  return {
    postgres: `case when ${postgres} = 'NaN' then 'nan' else encode(float${bytes}send(${postgres}), 'hex') end`,
    clickhouse: `multiIf(isNull(${clickhouse}), null, isNaN(${value}), 'nan',
      lower(hex(reverse(reinterpretAsFixedString(${value})))))`,
  }
}

/** `concat` writes a value as the change stream does: by its type's own output. */
export function stringText(source: string, target: string) {
  const text = `concat(${source})`
  return {
    postgres: `case when ${source} is not null then octet_length(${text}) || ':' || ${text} end`,
    clickhouse: `concat(toString(length(${target})), ':', ${target})`,
    absent: '0:',
  }
}
