import { expect, test } from 'vitest'
import type { CatalogTable } from '../catalog/tables.ts'
import type { SourceType } from '../catalog/types.ts'
import { targetsOf } from '../target.ts'
import { differenceOf } from './changes.ts'

const INT: SourceType = {
  base: 'int4',
  text: 'integer',
  modifier: -1,
  kind: 'scalar',
  element: null,
}
const BIG: SourceType = { ...INT, base: 'int8', text: 'bigint' }
const TEXT: SourceType = { ...INT, base: 'text', text: 'text' }

const target = targetsOf(
  [
    { name: 'id', type: 'Int32', comment: '1 integer', is_in_sorting_key: 1 },
    { name: 'price', type: 'Nullable(Int32)', comment: '2 integer', is_in_sorting_key: 0 },
    { name: 'note', type: 'Nullable(String)', comment: '3 text', is_in_sorting_key: 0 },
    { name: '_version', type: 'UInt128', comment: '', is_in_sorting_key: 0 },
    { name: '_deleted', type: 'UInt8', comment: '', is_in_sorting_key: 0 },
  ].map((column) => ({
    ...column,
    table: 'item',
    default_kind: '',
    table_comment: 'mirror of 7 ["public","item"]',
  })),
  () => {},
).get('item')

type Column = { name: string; type: SourceType; number: number; missing?: string }

function difference(columns: Column[], key = ['id'], now: Column[] = columns) {
  if (!target) throw new Error('no target')
  const catalog: CatalogTable = {
    oid: 7,
    schema: 'public',
    name: 'item',
    identity: 'default',
    owner: 'us',
    pages: 0,
    key,
    columns: now.map((column) => ({ missing: null, hasComputedDefault: false, ...column })),
  }
  return differenceOf(target, { columns, key }, catalog)
}

const ID = { name: 'id', type: INT, number: 1 }
const PRICE = { name: 'price', type: INT, number: 2 }
const NOTE = { name: 'note', type: TEXT, number: 3 }

test('nothing has changed', () => {
  expect(difference([ID, PRICE, NOTE])).toEqual({ changes: [] })
})

test('a column with the number of one that is gone is that one under another name', () => {
  expect(difference([ID, { ...PRICE, name: 'cost' }, NOTE])).toMatchObject({
    changes: [{ change: 'rename', column: 'price', to: 'cost' }],
  })
})

test('one with a number of its own is new, even under the name of one that was dropped before', () => {
  expect(
    difference([ID, NOTE, { name: 'cost', type: INT, number: 4, missing: '5' }]),
  ).toMatchObject({
    changes: [
      { change: 'drop', column: 'price', to: '_dropped_2_price' },
      { change: 'add', column: 'cost', number: 4, missing: '5' },
    ],
  })
})

test('a catalogue that is ahead of the stream still tells a rename from a drop', () => {
  const later = [ID, { ...PRICE, name: 'renamed_again' }, NOTE]
  expect(difference([ID, { ...PRICE, name: 'cost' }, NOTE], ['id'], later)).toMatchObject({
    changes: [{ change: 'rename', column: 'price', to: 'cost' }],
  })
})

test('so does one that is ahead by several: a number that lives on was there all the time', () => {
  const later = [ID, { ...PRICE, name: 'x' }, { ...NOTE, name: 'y' }]
  const then = [ID, { ...PRICE, name: 'cost' }, { ...NOTE, name: 'memo' }]
  expect(difference(then, ['id'], later)).toMatchObject({
    changes: [
      { change: 'rename', column: 'price', to: 'cost' },
      { change: 'rename', column: 'note', to: 'memo' },
    ],
  })
})

test('a column that took the name of a dropped one is itself, whether or not the catalogue is ahead', () => {
  const changes = [
    { change: 'drop', column: 'price', to: '_dropped_2_price' },
    { change: 'rename', column: 'note', to: 'price' },
  ]
  const taken = [ID, { ...NOTE, name: 'price' }]
  expect(difference(taken)).toMatchObject({ changes })
  const added = { name: 'later', type: INT, number: 9 }
  expect(difference(taken, ['id'], [...taken, added])).toMatchObject({ changes })
})

test('where more than one story leads to the catalogue the table waits for a copy', () => {
  const resync = 'its columns were changed again before they were looked up'
  const cost = { ...PRICE, name: 'cost' }
  // Renamed and then dropped, or dropped before another came and went.
  expect(difference([ID, cost, { ...NOTE, name: 'memo' }], ['id'], [ID])).toEqual({ resync })
  // It stands behind a column with a higher number, so it is another.
  expect(difference([ID, NOTE, cost], ['id'], [ID, { ...NOTE, name: 'memo' }])).toMatchObject({
    changes: [
      { change: 'drop', column: 'price' },
      { change: 'add', column: 'cost', number: 0 },
    ],
  })
})

test('columns whose numbers were recorded need no story, one that the mirror never had by its number is told by its name', () => {
  const memo = { ...NOTE, name: 'memo', recorded: NOTE.number }
  const cost = { ...PRICE, name: 'cost', recorded: PRICE.number }
  const id = { ...ID, recorded: ID.number }
  // Without their numbers the same columns are the test's before this one.
  expect(difference([id, cost, memo], ['id'], [ID])).toEqual({
    changes: [
      { change: 'rename', column: 'price', to: 'cost' },
      { change: 'rename', column: 'note', to: 'memo' },
    ],
  })
  const gone = { name: 'gone', type: INT, number: 0, recorded: 0 }
  expect(difference([id, memo, gone], ['id'], [ID])).toMatchObject({
    changes: [
      { change: 'drop', column: 'price' },
      { change: 'rename', column: 'note', to: 'memo' },
      { change: 'add', column: 'gone', number: 0 },
    ],
  })
})

test('columns that have changed names with each other have no way there one by one', () => {
  const swapped = [ID, { ...PRICE, name: 'note' }, { ...NOTE, name: 'price' }]
  expect(difference(swapped)).toEqual({ resync: 'columns changed names with each other' })
})

test('a column that came and has another name by now is taken for the only one it can be, else for none', () => {
  const added = { ...NOTE, name: 'fresh', number: 7 }
  const fresh = [ID, PRICE, NOTE, added]
  const ask = (...later: (typeof added)[]) => difference(fresh, ['id'], [ID, PRICE, NOTE, ...later])
  expect(ask({ ...added, name: 'renamed' })).toMatchObject({
    changes: [{ change: 'add', column: 'fresh', number: 7 }],
  })
  expect(ask()).toMatchObject({ changes: [{ change: 'add', column: 'fresh', number: 0 }] })
  for (const later of [
    [
      { ...added, name: 'one', number: 8 },
      { ...added, name: 'other', number: 9 },
    ],
    [{ ...added, name: 'another', number: 8, type: BIG }],
  ])
    expect(ask(...later)).toEqual({
      resync: 'column fresh came and was changed again before it was looked up',
    })
})

test('a wider number is followed, a narrower one or another kind is not', () => {
  expect(difference([ID, { ...PRICE, type: BIG }, NOTE])).toMatchObject({
    changes: [{ change: 'widen', column: 'price' }],
  })
  expect(difference([ID, { ...PRICE, type: TEXT }, NOTE])).toEqual({
    resync: 'column price was integer and is text now',
  })
})

test('another key, or a key of another type, is another table to ClickHouse', () => {
  expect(difference([ID, PRICE, NOTE], ['price'])).toEqual({
    resync: 'the key is (price) now and was (id)',
  })
  expect(difference([{ ...ID, type: BIG }, PRICE, NOTE])).toEqual({
    resync: 'column id was integer and is bigint now',
  })
})
