import fc from 'fast-check'
import { expect, test } from 'vitest'
import { endOf, rowOf, unsentOf, valuesOf, type Row } from './row.ts'

const values = fc.array(fc.option(fc.string({ unit: 'grapheme' }), { freq: 4 }), { maxLength: 30 })

/** As it lies in a message: something before it, something after. */
function within(row: Row): Row {
  return { bytes: Buffer.concat([Buffer.from('xyz'), row.bytes, Buffer.from('tail')]), at: 3 }
}

test('the values of a row are those it was made of, and it ends where they do', () => {
  fc.assert(
    fc.property(values, (all) => {
      const made = rowOf(all)
      const row = within(made)
      expect(valuesOf(row)).toEqual(all)
      expect(endOf(row)).toBe(3 + made.bytes.length)
      expect(unsentOf(row)).toEqual([])
    }),
  )
})

test('a value that was not sent is told from one that is null', () => {
  const row = rowOf(['1', undefined, null, undefined])
  expect(unsentOf(row)).toEqual([1, 3])
  expect(valuesOf(row)).toEqual(['1', null, null, null])
})
