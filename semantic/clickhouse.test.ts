import { expect, test } from 'vitest'
import { withParameters } from './clickhouse.ts'

test('each value becomes a parameter, in order', () => {
  expect(withParameters('a = ? and b in (?, ?)')).toBe(
    'a = {p0:String} and b in ({p1:String}, {p2:String})',
  )
})
