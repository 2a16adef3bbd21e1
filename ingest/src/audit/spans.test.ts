import { expect, test } from 'vitest'
import { spansOfRanges } from './spans.ts'
import { rangeOf, spanOf, type AuditedTable } from './tables.ts'

const key = {
  postgres: 'id',
  clickhouse: 'id',
  clickhouseType: 'Int64',
  postgresType: 'bigint',
} as const
const table: AuditedTable = {
  target: {
    name: 'customer',
    kind: 'mirror',
    columns: [],
    key: [0],
    hasRowKey: false,
    arrays: null,
    exactKey: null,
    source: null,
  },
  schema: 'public',
  name: 'customer',
  columns: [],
  pages: 1,
  hasId: true,
  key,
  hasDay: false,
  sums: [],
}

test('ranges beside each other are one question, up to a limit', () => {
  expect(spansOfRanges(table, [5n, 3n, 4n, 9n, 3n], 8)).toEqual([spanOf(3n, 5n), spanOf(9n, 9n)])
  expect(spansOfRanges(table, [0n, 1n, 2n, 3n], 2)).toEqual([spanOf(0n, 1n), spanOf(2n, 3n)])
  expect(spansOfRanges(table, [], 8)).toEqual([])
})

test('every id is in one range, below zero too', () => {
  for (const id of [-1n, 0n, 1n, 4095n, 4096n, -4096n, -4097n]) {
    const span = spanOf(rangeOf(id), rangeOf(id))
    expect(id >= span.from && id < span.to).toBe(true)
  }
})
