import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encoderOf } from './encode.ts'
import { passesOf } from './pass.ts'

/** Of some texts of a type, which passed unread; those that did must be what encoding them would have given. */
function passedOf(type: string, texts: string[], sourceType = ''): string[] {
  const passes = passesOf(type, sourceType)
  const encode = encoderOf(type, sourceType)
  return texts.filter((text) => {
    // In the middle of other bytes, as it lies in a message.
    const bytes = Buffer.from(`9${text}9`)
    const to = bytes.length - 1
    const end = passes(bytes, 1, to)
    if (end < 0) return false
    const issues: string[] = []
    expect(bytes.toString('utf8', 1, end)).toBe(encode(text, (reason) => issues.push(reason)))
    expect(issues).toEqual([])
    return true
  })
}

test('text passes unless something in it means something to ClickHouse', () => {
  expect(passedOf('String', ['', '茶 tea', 'a\tb', 'a\\b', 'a\nb', '\r'])).toEqual(['', '茶 tea'])
  const some = fc.string({
    unit: fc.constantFrom('a', '茶', '\\', '\t', '\n', '\r', ' '),
    maxLength: 5,
  })
  fc.assert(
    fc.property(some, (text) => {
      const isPlain = !/[\\\t\n\r]/.test(text)
      expect(passedOf('Nullable(String)', [text])).toEqual(isPlain ? [text] : [])
    }),
  )
})

test('times pass within the years that ClickHouse holds, and without their offset', () => {
  const held = [
    '1900-01-01 00:00:00.000001+00',
    '2026-11-24 13:40:00.5+00',
    '2299-12-31 23:59:59.999999+00',
  ]
  const not = ['1899-12-31 23:59:59+00', '2300-01-01 00:00:00+00', '20260-01-01 00:00:00+00']
  const odd = ['infinity', '-infinity', '2026-11-24 13:40:00+00 BC', '0001-01-01 00:00:00+00']
  expect(passedOf("DateTime64(6, 'UTC')", [...held, ...not, ...odd])).toEqual(held)
  expect(passedOf("Nullable(DateTime64(6, 'UTC'))", ['2026-11-24 13:40:00.5'])).toHaveLength(1)
})

test('days pass within the same years', () => {
  const held = ['1900-01-01', '2299-12-31']
  const not = ['1899-12-31', '2300-01-01', '20260-01-01', '1950-01-01 BC', 'infinity', '-infinity']
  expect(passedOf('Date32', [...held, ...not])).toEqual(held)
})

test('numbers pass where there is room for their digits, and what is no number does not', () => {
  expect(passedOf('Float64', ['1.5', '-1e+30', 'NaN', 'Infinity', '-Infinity'])).toEqual([
    '1.5',
    '-1e+30',
  ])
  expect(passedOf('Decimal(6, 2)', ['1.25', '1234.25', '12345.00', '1.255', 'NaN'])).toEqual([
    '1.25',
    '1234.25',
  ])
  expect(passedOf('Decimal(5, 0)', ['12345', '123456'])).toEqual(['12345'])
  const digits = fc.integer({ min: -99_999, max: 99_999 })
  fc.assert(
    fc.property(digits, fc.nat({ max: 9_999 }), (whole, part) => {
      passedOf('Decimal(6, 3)', [`${whole}.${part}`, String(whole)])
    }),
  )
})

test('bytes and arrays do not pass: Postgres writes them another way', () => {
  expect(passedOf('String', ['\\xdead'], 'bytea')).toEqual([])
  expect(passedOf('Array(Int64)', ['{1,2}'])).toEqual([])
})
