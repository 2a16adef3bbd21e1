import { expect, test } from 'vitest'
import { encoderOf } from './encode.ts'

function encoded(type: string, text: string) {
  const issues: string[] = []
  return { text: encoderOf(type)(text, (reason) => issues.push(reason)), issues: issues.length }
}

test.each([
  ['Int64', '-9223372036854775808', '-9223372036854775808'],
  ['Nullable(Int32)', '7', '7'],
  ['Bool', 't', 'true'],
  ['Bool', 'f', 'false'],
  ['String', 'tab\t line\n back\\ return\r', 'tab\\t line\\n back\\\\ return\\r'],
  ['LowCardinality(Nullable(String))', '普洱 🍵', '普洱 🍵'],
  ['Array(Int64)', '{}', '[]'],
  ['Array(Int64)', '{1,22,333}', '[1,22,333]'],
  ["DateTime64(6, 'UTC')", '2026-11-24 13:40:00.5+00', '2026-11-24 13:40:00.5'],
  ["Nullable(DateTime64(6, 'UTC'))", '1999-12-31 23:59:59+00', '1999-12-31 23:59:59'],
  ['Date32', '2026-11-24', '2026-11-24'],
  ['Decimal(38, 10)', '-12.5', '-12.5'],
])('%s keeps %j as it is', (type, text, expected) => {
  expect(encoded(type, text)).toEqual({ text: expected, issues: 0 })
})

test.each([
  ["DateTime64(6, 'UTC')", 'infinity', '2299-12-31 23:59:59.999999'],
  ["DateTime64(6, 'UTC')", '-infinity', '1900-01-01 00:00:00.000000'],
  ["DateTime64(6, 'UTC')", '0044-03-15 00:00:00+00 BC', '1900-01-01 00:00:00.000000'],
  ["DateTime64(6, 'UTC')", '1899-12-31 23:59:59+00', '1900-01-01 00:00:00.000000'],
  ["DateTime64(6, 'UTC')", '2300-01-01 00:00:00+00', '2299-12-31 23:59:59.999999'],
  ["DateTime64(6, 'UTC')", '12026-01-01 00:00:00+00', '2299-12-31 23:59:59.999999'],
  ['Date32', 'infinity', '2299-12-31'],
  ['Date32', '1066-10-14', '1900-01-01'],
  ['Decimal(18, 2)', 'NaN', '0'],
  ['Nullable(Decimal(18, 2))', 'Infinity', '\\N'],
])('%s has no place for %j: it is kept as %j and reported', (type, text, expected) => {
  expect(encoded(type, text)).toEqual({ text: expected, issues: 1 })
})

test.each([
  ['Nullable(String)', 'bytea', '\\x00ff5c', '\\x00\\xff\\x5c'],
  ['Array(Nullable(String))', 'text[]', '{"it\'s","a\\\\b",NULL}', "['it\\'s','a\\\\b',NULL]"],
  ['Array(Nullable(Decimal(10, 2)))', 'numeric(10,2)[]', '{1.50,NULL}', '[1.50,NULL]'],
  ['Array(Nullable(Bool))', 'boolean[]', '{t,f}', '[true,false]'],
])('%s of %s writes %s as ClickHouse reads it', (type, source, text, expected) => {
  expect(encoderOf(type, source)(text, () => {})).toBe(expected)
})

test.each([
  ['Nullable(Decimal(5, 2))', '1234.5'],
  ['Nullable(Decimal(5, 2))', '1.234'],
  ['Nullable(Decimal(76, 38))', '1' + '0'.repeat(40)],
])('%s does not cut %s off', (type, text) => {
  expect(encoded(type, text)).toEqual({ text: '\\N', issues: 1 })
})

test('a column of a type that is not known is refused when the table is read, not row by row', () => {
  expect(() => encoderOf('AggregateFunction(sum, Int64)')).toThrow(
    'not written from a change stream',
  )
})
