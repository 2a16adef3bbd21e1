import { expect, test } from 'vitest'
import { readFlags } from './scope.ts'

test('without flags it is the product’s own tables', () => {
  expect(readFlags([]).scope).toMatchObject({ database: 'analytics', pipe: 'main', tables: null })
})

test('each database has a pipe of its own, so two can leave one Postgres', () => {
  const { scope } = readFlags(['--tables', 'public.*,shop.order*', '--database', 'mirror'])
  expect(scope).toEqual({
    database: 'mirror',
    pipe: 'mirror',
    publication: 'tributary_mirror',
    tables: ['public.*', 'shop.order*'],
  })
})

test.each([
  [['--tables', 'public.*'], '--tables needs --database'],
  [['--database', 'mirror'], '--database needs --tables'],
  [['--tables', 'orders', '--database', 'mirror'], 'is not schema.table'],
  [['--tables', 'public.*', '--database', 'My-DB'], 'small letters'],
  [['--check', '--resnapshot'], 'exclude each other'],
  [['--what'], 'what'],
])('%j is refused with the right way to say it', (args, reason) => {
  expect(() => readFlags(args)).toThrow(reason)
  expect(() => readFlags(args)).toThrow('usage: npm run ingest')
})
