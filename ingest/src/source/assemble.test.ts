import { expect, test } from 'vitest'
import type { Piece } from '../change.ts'
import { rowOf, valuesOf } from '../row.ts'
import { createAssembler, PIECE_ROWS_MAX } from './assemble.ts'
import type { Message } from './pgoutput.ts'

const SKU: Message = {
  tag: 'relation',
  oid: 1,
  schema: 'public',
  name: 'sku',
  columns: ['id', 'name'],
  types: [
    { oid: 20, modifier: -1 },
    { oid: 25, modifier: -1 },
  ],
  key: ['id'],
  isFull: false,
}

function begin(commitLsn: bigint): Message {
  return { tag: 'begin', commitLsn, commitAt: 5n, xid: 1 }
}
function commit(commitLsn: bigint, endLsn: bigint): Message {
  return { tag: 'commit', commitLsn, endLsn, commitAt: 5n }
}
function insert(id: string): Message {
  return { tag: 'insert', relation: 1, row: rowOf([id, 'x']) }
}

function newRows(piece: Piece | undefined) {
  return piece?.changes.map((change) => 'row' in change && valuesOf(change.row))
}

function feed(checkpoint: bigint, messages: Message[]) {
  const assembler = createAssembler(checkpoint)
  return messages.flatMap((message) => assembler.push(message, 10))
}

test('a transaction is one piece, with its changes counted from one and where the next begins', () => {
  const [piece, ...more] = feed(0n, [
    begin(100n),
    SKU,
    insert('1'),
    insert('2'),
    commit(100n, 150n),
  ])
  expect(more).toEqual([])
  expect(piece).toMatchObject({ commitLsn: 100n, endLsn: 150n })
  expect(piece?.changes.map((change) => change.seq)).toEqual([1, 2])
})

test('nothing of a transaction is passed on before it has committed', () => {
  expect(feed(0n, [begin(100n), SKU, insert('1'), insert('2')])).toEqual([])
})

test('two commits without a byte between them: the second is not taken for the first', () => {
  const messages = [
    begin(100n),
    SKU,
    insert('1'),
    commit(100n, 150n),
    begin(150n),
    insert('2'),
    commit(150n, 200n),
  ]
  // The checkpoint is the end of the first, which is where the second begins.
  expect(feed(150n, messages).map((piece) => piece.commitLsn)).toEqual([150n])
  expect(feed(151n, messages)).toEqual([])
})

test('a large transaction comes in parts, of which only the last may be acknowledged', () => {
  const rows = Array.from({ length: PIECE_ROWS_MAX * 2 + 1 }, (_, index) => insert(String(index)))
  const pieces = feed(0n, [begin(100n), SKU, ...rows, commit(100n, 150n)])
  expect(pieces.map((piece) => piece.endLsn)).toEqual([null, null, 150n])
  expect(pieces.flatMap((piece) => piece.changes.map((change) => change.seq))).toEqual(
    rows.map((_, index) => index + 1),
  )
})

test('a truncate begins a piece, so that what is before it is written before it', () => {
  const truncate: Message = { tag: 'truncate', relations: [1] }
  const pieces = feed(0n, [begin(9n), SKU, insert('1'), truncate, insert('2'), commit(9n, 12n)])
  expect(pieces.map((piece) => piece.changes.map((change) => change.kind))).toEqual([
    ['insert'],
    ['truncate', 'insert'],
  ])
})

test('a value that Postgres left out as unchanged is the old row’s', () => {
  const update: Message = {
    tag: 'update',
    relation: 1,
    before: rowOf(['1', 'long']),
    isWhole: true,
    row: rowOf(['2', undefined]),
  }
  const [piece] = feed(0n, [begin(9n), SKU, update, commit(9n, 12n)])
  expect(piece?.changes).toMatchObject([{ kind: 'update' }])
  expect(newRows(piece)).toEqual([['2', 'long']])
  expect(piece?.changes[0]).not.toHaveProperty('unsent')
})

test('of an old key alone it is not the null that stands for it there: it is marked as not sent', () => {
  const update: Message = {
    tag: 'update',
    relation: 1,
    before: rowOf(['1', null]),
    isWhole: false,
    row: rowOf(['2', undefined]),
  }
  const [piece] = feed(0n, [begin(9n), SKU, update, commit(9n, 12n)])
  expect(piece?.changes).toMatchObject([{ kind: 'update', unsent: [1] }])
  expect(newRows(piece)).toEqual([['2', null]])
})

test('a table is described before its first row, and again only when it has changed', () => {
  const wider: Message = { ...SKU, columns: ['id', 'name', 'note'] }
  const pieces = feed(0n, [
    begin(9n),
    SKU,
    insert('1'),
    SKU,
    insert('2'),
    wider,
    insert('3'),
    commit(9n, 12n),
  ])
  expect(pieces.map(({ described, changes }) => [described?.length, changes.length])).toEqual([
    [1, 2],
    [1, 1],
  ])
})

test('what was described by a transaction that is dropped is known when the next row comes', () => {
  const [piece] = feed(10n, [
    begin(9n),
    SKU,
    insert('1'),
    commit(9n, 10n),
    begin(10n),
    insert('2'),
    commit(10n, 12n),
  ])
  expect(piece?.described).toMatchObject([{ name: 'sku' }])
})

test('a heartbeat says that everything before it has come; one of another kind says nothing', () => {
  const ours: Message = { tag: 'message', lsn: 70n, prefix: 'tributary_hb', content: '123' }
  expect(feed(0n, [ours])).toEqual([
    { commitLsn: 70n, commitAt: 123n, endLsn: 70n, changes: [], bytes: 0 },
  ])
  expect(feed(0n, [{ ...ours, prefix: 'another' }])).toEqual([])
  expect(feed(71n, [ours])).toEqual([])
})
