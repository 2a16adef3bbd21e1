import { expect, test } from 'vitest'
import { clickhouseTypeOf, isWider, type SourceType } from './types.ts'

function type(base: string, more: Partial<SourceType> = {}): SourceType {
  return { base, text: base, modifier: -1, kind: 'scalar', element: null, ...more }
}

/** As Postgres packs precision and scale. */
function numeric(precision: number, scale: number) {
  return type('numeric', { modifier: ((precision << 16) | (scale & 0x7ff)) + 4 })
}

test.each([
  [numeric(38, 10), 'Nullable(Decimal(38, 10))'],
  [numeric(3, 5), 'Nullable(Decimal(5, 5))'],
  [numeric(2, -3), 'Nullable(Decimal(5, 0))'],
  [numeric(100, 2), 'Nullable(Decimal(76, 38))'],
  [type('numeric'), 'Nullable(Decimal(76, 38))'],
  [type('mood', { kind: 'enum' }), 'LowCardinality(Nullable(String))'],
  [type('_int4', { element: type('int4') }), 'Array(Nullable(Int32))'],
  [type('jsonb'), 'Nullable(String)'],
  [type('int4range', { kind: 'other' }), 'Nullable(String)'],
])('%o is kept as %s', (source, expected) => {
  expect(clickhouseTypeOf(source, false)).toBe(expected)
})

test('a key is never null', () => {
  expect(clickhouseTypeOf(type('uuid'), true)).toBe('UUID')
})

test.each([
  ['Nullable(Int32)', 'Nullable(Int64)', true],
  ['Nullable(Int64)', 'Nullable(Int32)', false],
  ['Nullable(Float32)', 'Nullable(Float64)', true],
  ['Nullable(Decimal(10, 2))', 'Nullable(Decimal(12, 2))', true],
  ['Nullable(Decimal(10, 2))', 'Nullable(Decimal(12, 4))', true],
  ['Nullable(Decimal(10, 2))', 'Nullable(Decimal(10, 4))', false],
  ['Nullable(Int32)', 'Nullable(Decimal(12, 2))', true],
  ['Nullable(Int64)', 'Nullable(Decimal(12, 2))', false],
  ['Nullable(Int32)', 'Nullable(String)', false],
])('from %s to %s no value is lost: %s', (from, to, expected) => {
  expect(isWider(from, to)).toBe(expected)
})
