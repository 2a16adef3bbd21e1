/** A column of every type, and values for each that ClickHouse has a place for. */
import fc from 'fast-check'

export const COLUMNS = {
  truth: 'boolean',
  small: 'smallint',
  whole: 'integer',
  large: 'bigint',
  amount: 'numeric(38,10)',
  exact: 'numeric',
  tiny: 'numeric(3,5)',
  single: 'real',
  double: 'double precision',
  label: 'text',
  code: 'varchar(20)',
  padded: 'char(8)',
  digits: 'bytea',
  id: 'uuid',
  day: 'date',
  moment: 'timestamptz',
  wall: 'timestamp',
  hour: 'time',
  span: 'interval',
  document: 'jsonb',
  mood: 'mood',
  price: 'price',
  between: 'int4range',
  address: 'inet',
  numbers: 'integer[]',
  words: 'text[]',
  amounts: 'numeric(10,2)[]',
  moments: 'timestamptz[]',
  blobs: 'bytea[]',
} as const

export const NAMES = [
  'truth',
  'small',
  'whole',
  'large',
  'amount',
  'exact',
  'tiny',
  'single',
  'double',
  'label',
  'code',
  'padded',
  'digits',
  'id',
  'day',
  'moment',
  'wall',
  'hour',
  'span',
  'document',
  'mood',
  'price',
  'between',
  'address',
  'numbers',
  'words',
  'amounts',
  'moments',
  'blobs',
] as const satisfies (keyof typeof COLUMNS)[]

const text = fc
  .string({ unit: 'grapheme', maxLength: 20 })
  .map((value) => value.replaceAll('\0', ''))
const digits = (whole: number, fraction: number) =>
  fc
    .tuple(
      fc.boolean(),
      fc.bigInt(0n, 10n ** BigInt(whole) - 1n),
      fc.bigInt(0n, 10n ** BigInt(fraction) - 1n),
    )
    .map(
      ([isNegative, a, b]) =>
        `${isNegative ? '-' : ''}${a}.${b.toString().padStart(fraction, '0')}`,
    )
const bytes = fc
  .uint8Array({ maxLength: 24 })
  .map((value) => `\\x${Buffer.from(value).toString('hex')}`)
const moment = fc
  .tuple(
    fc.integer({ min: -2_200_000_000, max: 10_000_000_000 }),
    fc.integer({ min: 0, max: 999_999 }),
  )
  .map(([seconds, micros]) =>
    new Date(seconds * 1_000)
      .toISOString()
      .replace('.000Z', `.${String(micros).padStart(6, '0')}Z`),
  )
/** Null, empty, and with nulls in it: three that are not the same. */
const array = (item: fc.Arbitrary<string>) =>
  fc.option(
    fc
      .array(fc.option(item), { maxLength: 4 })
      .map(
        (items) =>
          `{${items.map((one) => (one === null ? 'NULL' : `"${one.replaceAll(/["\\]/g, '\\$&')}"`)).join(',')}}`,
      ),
  )
const float = fc
  .oneof(fc.double(), fc.constantFrom('NaN', 'Infinity', '-Infinity', '-0', '1e-300'))
  .map(String)

export const ROW: Record<keyof typeof COLUMNS, fc.Arbitrary<string | null>> = {
  truth: fc.boolean().map(String),
  small: fc.integer({ min: -32_768, max: 32_767 }).map(String),
  whole: fc.integer().map(String),
  large: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n).map(String),
  amount: digits(28, 10),
  exact: digits(38, 38),
  tiny: fc.constantFrom('0.00123', '-0.00999', '0'),
  single: fc.float().map(String),
  double: float,
  label: text,
  code: fc.string({ maxLength: 20 }).map((value) => value.replaceAll('\0', '')),
  padded: fc.constantFrom('', 'a', "a'b\\\t", '12345678'),
  digits: bytes,
  id: fc.uuid(),
  day: moment.map((value) => value.slice(0, 10)),
  moment,
  wall: moment.map((value) => value.slice(0, -1)),
  hour: fc.constantFrom('00:00:00', '23:59:59.999999', '24:00:00'),
  span: fc.constantFrom('P1Y2M3DT4H5M6.789S', '-1 day', '0'),
  document: fc.json().map((value) => value.replaceAll('\\u0000', '')),
  mood: fc.constantFrom('sad', 'ok', 'very happy'),
  price: fc.integer({ min: 0 }).map((value) => (value / 100).toFixed(2)),
  between: fc.constantFrom('[1,5)', 'empty', '(,7)', '[3,)'),
  address: fc.constantFrom('10.0.0.1', '::1', '10.1.0.0/16'),
  numbers: array(fc.integer().map(String)),
  words: array(text),
  amounts: array(digits(8, 2)),
  moments: array(moment),
  blobs: array(bytes),
}

export type Row = Record<keyof typeof COLUMNS, string | null>
