import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseArray } from './parse-array.ts'

test.each([
  ['{}', []],
  ['{1,NULL,3}', ['1', null, '3']],
  ['{"NULL","a,b","c}d"}', ['NULL', 'a,b', 'c}d']],
  ['{{1,2},{3,4}}', null],
  ['[0:1]={1,2}', null],
])('%s is %j', (text, expected) => {
  expect(parseArray(text)).toEqual(expected)
})

test('items come back as they were, whatever is in them', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.string()), { minLength: 1 }), (items) => {
      const quoted = items.map((item) =>
        item === null ? 'NULL' : `"${item.replaceAll(/["\\]/g, '\\$&')}"`,
      )
      expect(parseArray(`{${quoted.join(',')}}`)).toEqual(items)
    }),
  )
})
