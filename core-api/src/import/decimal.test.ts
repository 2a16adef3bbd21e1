import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { divideToMinor, multiply, parseDecimal, subtract, toMinor, toWhole } from './decimal.ts'

function minor(text: string, digits = 2): bigint | undefined {
  const amount = parseDecimal(text)
  return amount && toMinor(amount, digits)
}

describe('an amount in text', () => {
  test.each([
    ['0.001', 0n],
    ['0.005', 1n],
    ['-0.005', -1n],
    ['0.0049999', 0n],
    ['1.005', 101n],
    ['-1.005', -101n],
    ['261.96', 26_196n],
    ['957.5775', 95_758n],
    ['.5', 50n],
    ['7', 700n],
    ['1e-2', 1n],
    ['9007199254740993', 900_719_925_474_099_300n],
  ])('%s is %d minor units, halves away from zero', (text, cents) => {
    expect(minor(text)).toBe(cents)
  })

  test.each(['', '.', 'abc', '1,000.00', '1.2.3', '£5', 'NaN', '--1', '1e999'])(
    '%j is no number',
    (text) => {
      expect(parseDecimal(text)).toBeUndefined()
    },
  )

  test('in the notation of the file: groups, comma, currency, accountants’ parentheses', () => {
    const german = { decimal: ',', group: '.', symbols: '€ ' }
    expect(parseDecimal('1.234,50 €', german)).toEqual({ units: 123_450n, scale: 2 })
    expect(parseDecimal('(12,5)', german)).toEqual({ units: -125n, scale: 1 })
  })

  test('of any size comes back as it was written', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), (cents) => {
        const sign = cents < 0n ? '-' : ''
        const digits = String(cents < 0n ? -cents : cents).padStart(3, '0')
        expect(minor(`${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`)).toBe(cents)
      }),
    )
  })
})

test('a list price is worked back from what was paid and the rate that was taken off', () => {
  const paid = parseDecimal('957.5775') ?? { units: 0n, scale: 0 }
  const kept = subtract({ units: 1n, scale: 0 }, parseDecimal('0.45') ?? { units: 0n, scale: 0 })
  expect(divideToMinor(paid, kept, 2)).toBe(174_105n)
})

test('pieces are whole, whatever the notation', () => {
  expect(toWhole({ units: 1200n, scale: 2 })).toBe(12n)
  expect(toWhole({ units: 1250n, scale: 2 })).toBeUndefined()
  expect(multiply({ units: 3n, scale: 0 }, { units: 255n, scale: 2 })).toEqual({
    units: 765n,
    scale: 2,
  })
})
