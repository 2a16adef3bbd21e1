/** What a Postgres type is underneath, and what ClickHouse keeps it as. */

/** A type with domains taken away: `base` is the catalogue's name of what is stored. */
export type SourceType = {
  base: string
  /** As SQL writes it, with length or precision: what is compared to notice a change. */
  text: string
  modifier: number
  kind: 'scalar' | 'enum' | 'other'
  element: SourceType | null
}

const DECIMAL_DIGITS_MAX = 76
/** A numeric without bounds gets as many digits before the point as after it. */
const UNBOUNDED = 'Decimal(76, 38)'

const SCALARS: Record<string, string> = {
  bool: 'Bool',
  int2: 'Int16',
  int4: 'Int32',
  int8: 'Int64',
  oid: 'UInt32',
  float4: 'Float32',
  float8: 'Float64',
  uuid: 'UUID',
  date: 'Date32',
  timestamp: "DateTime64(6, 'UTC')",
  timestamptz: "DateTime64(6, 'UTC')",
}

/**
 * A key's column is never null; any other may be, for Postgres does not say in the stream when `not null`
 * is dropped. What ClickHouse has no type for is kept as the text Postgres writes.
 */
export function clickhouseTypeOf(type: SourceType, isKey: boolean): string {
  // Nothing ClickHouse sorts by may be null, not even within an array.
  if (type.element) return isKey ? 'String' : `Array(Nullable(${plainTypeOf(type.element)}))`
  const plain = plainTypeOf(type)
  const isFew = type.kind === 'enum'
  const nullable = isKey ? plain : `Nullable(${plain})`
  return isFew ? `LowCardinality(${nullable})` : nullable
}

function plainTypeOf(type: SourceType): string {
  if (type.element) return 'String'
  if (type.base === 'numeric') return decimalOf(type.modifier)
  return SCALARS[type.base] ?? 'String'
}

/** A modifier holds precision and scale; since Postgres 15 the scale may be negative or exceed the precision. */
function decimalOf(modifier: number): string {
  if (modifier < 0) return UNBOUNDED
  const precision = ((modifier - 4) >> 16) & 0xffff
  const signed = (modifier - 4) & 0x7ff
  const scale = signed >= 0x400 ? signed - 0x800 : signed
  const digits = scale < 0 ? precision - scale : Math.max(precision, scale)
  if (digits > DECIMAL_DIGITS_MAX) return UNBOUNDED
  return `Decimal(${digits}, ${Math.max(scale, 0)})`
}

/**
 * Whether every value of one ClickHouse type is a value of another, so that ClickHouse may convert what it
 * has. Anything else changes values that the stream will not send again.
 */
export function isWider(from: string, to: string): boolean {
  const [old, now] = [innerOf(from), innerOf(to)]
  if (old === now) return true
  const integers = ['Int16', 'Int32', 'Int64']
  if (integers.includes(old) && integers.includes(now))
    return integers.indexOf(now) > integers.indexOf(old)
  if (old === 'Float32' && now === 'Float64') return true
  const [oldDecimal, newDecimal] = [digitsOf(old), digitsOf(now)]
  if (!newDecimal) return false
  if (oldDecimal)
    return (
      newDecimal.scale >= oldDecimal.scale &&
      newDecimal.precision - newDecimal.scale >= oldDecimal.precision - oldDecimal.scale
    )
  const integerDigits = { Int16: 5, Int32: 10, Int64: 19 }[old]
  return integerDigits !== undefined && newDecimal.precision - newDecimal.scale >= integerDigits
}

export function digitsOf(type: string): { precision: number; scale: number } | null {
  const match = /^Decimal\((\d+), (\d+)\)$/.exec(type)
  return match ? { precision: Number(match[1]), scale: Number(match[2]) } : null
}

function innerOf(type: string): string {
  const match = /^(?:Nullable|LowCardinality)\((.+)\)$/.exec(type)
  return match?.[1] === undefined ? type : innerOf(match[1])
}
