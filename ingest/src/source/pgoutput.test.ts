import { expect, test } from 'vitest'
import { unsentOf, valuesOf, type Row } from '../row.ts'
import { parseMessage } from './pgoutput.ts'

/**
 * Bytes as Postgres 18 sent them for a table `tea (id, name, note)` with replica identity full and a
 * table `leaf (id, name)` with the key alone.
 */
function parse(hex: string) {
  return parseMessage(Buffer.from(hex, 'hex'))
}

function cellsOf(row: Row) {
  const unsent = unsentOf(row)
  return valuesOf(row).map((value, index) => (unsent.includes(index) ? 'unsent' : value))
}

/** The same, with its rows read. */
function read(hex: string) {
  const message = parse(hex)
  return {
    ...message,
    ...('row' in message && { row: cellsOf(message.row) }),
    ...('before' in message && { before: message.before && valuesOf(message.before) }),
  }
}

const COMMITTED = new Date('2026-11-24T22:38:35.449Z').getTime()

test('begin carries the commit’s position, and its time in microseconds since 1970', () => {
  const begin = parse('42000000005edb29080003040c2157220100000350')
  expect(begin).toMatchObject({ tag: 'begin', commitLsn: 0x5edb2908n, xid: 0x350 })
  if (begin.tag !== 'begin') throw new Error('not a begin')
  expect(Math.abs(Number(begin.commitAt / 1_000n) - COMMITTED)).toBeLessThan(60_000)
})

test('commit carries where it begins and where the next record does', () => {
  expect(parse('4300000000005edb2908000000005edb29380003040c21572201')).toMatchObject({
    tag: 'commit',
    commitLsn: 0x5edb2908n,
    endLsn: 0x5edb2938n,
  })
})

test('relation names a table and its columns in order', () => {
  const hex =
    '52000047dc7075626c696300746561006600030169640000000014ffffffff016e616d650000000019ffffffff016e6f74650000000019ffffffff'
  const columns = ['id', 'name', 'note']
  expect(parse(hex)).toEqual({
    tag: 'relation',
    oid: 0x47dc,
    schema: 'public',
    name: 'tea',
    columns,
    types: [
      { oid: 20, modifier: -1 },
      { oid: 25, modifier: -1 },
      { oid: 25, modifier: -1 },
    ],
    key: columns,
    isFull: true,
  })
})

test('insert: text is text, and null is null and not an empty string', () => {
  const row = ['42', null, '']
  expect(read('49000047dc4e0003740000000234326e7400000000')).toEqual({
    tag: 'insert',
    relation: 0x47dc,
    row,
  })
})

test('update under replica identity full comes with the old row', () => {
  const hex =
    '55000047dc4f0003740000000234326e74000000004e0003740000000234327400000003e88cb67400000000'
  expect(read(hex)).toEqual({
    tag: 'update',
    relation: 0x47dc,
    before: ['42', null, ''],
    isWhole: true,
    row: ['42', '茶', ''],
  })
})

test('update of a table with the key alone: the old key comes only when it changes', () => {
  expect(read('55000047e44e0002740000000131740000000162')).toEqual({
    tag: 'update',
    relation: 0x47e4,
    before: null,
    isWhole: false,
    row: ['1', 'b'],
  })
  expect(read('55000047e44b00027400000001316e4e0002740000000132740000000162')).toEqual({
    tag: 'update',
    relation: 0x47e4,
    before: ['1', null],
    isWhole: false,
    row: ['2', 'b'],
  })
})

test('delete carries the old row, or the old key', () => {
  expect(read('44000047dc4f0003740000000234327400000003e88cb67400000000')).toEqual({
    tag: 'delete',
    relation: 0x47dc,
    before: ['42', '茶', ''],
  })
  expect(read('44000047e44b00027400000001326e')).toEqual({
    tag: 'delete',
    relation: 0x47e4,
    before: ['2', null],
  })
})

test('truncate carries every table it empties', () => {
  expect(parse('540000000200000047dc000047e4')).toEqual({
    tag: 'truncate',
    relations: [0x47dc, 0x47e4],
  })
})

test('a message in the log comes with its prefix and its content', () => {
  expect(parse('4d00000000005edb46f0686200000000023432')).toEqual({
    tag: 'message',
    lsn: 0x5edb46f0n,
    prefix: 'hb',
    content: '42',
  })
})

test('a large value that had not changed is not sent, which is not the same as null', () => {
  expect(read('55000047e44e000274000000013175')).toMatchObject({ row: ['1', 'unsent'] })
})

test('what is not understood is refused, for it may be a change', () => {
  expect(() => parse('5a00')).toThrow('unknown kind 90')
  expect(() => parse('49000047e44e000178')).toThrow('unknown kind 120')
})
