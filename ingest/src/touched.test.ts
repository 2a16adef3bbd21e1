import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Change, Table } from './change.ts'
import { rowOf } from './row.ts'
import { addTouched, pathOf, touch, type Touched } from './touched.ts'

const ENTRY: Table = {
  schema: 'public',
  name: 'commission_entry',
  columns: ['id', 'distributor_id', 'ancestor_ids', 'amount_cents'],
}
const STOCK: Table = { schema: 'public', name: 'stock_level', columns: ['id', 'on_hand'] }

type Entry = { own: number | null; path: number[] }

function rowFor({ own, path }: Entry) {
  return rowOf(['1', own === null ? null : String(own), `{${path.join(',')}}`, '100'])
}
function insert(entry: Entry): Change {
  return { kind: 'insert', table: ENTRY, seq: 1, row: rowFor(entry) }
}
function touchedBy(changes: Change[], table = ENTRY): Touched {
  const touched: Touched = new Map()
  for (const change of changes) touch(touched, 'topic', pathOf(table), change)
  return touched
}

const entries = fc.record({
  own: fc.option(fc.integer({ min: 1, max: 30 })),
  path: fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 5 }),
})

test('everybody on the paths is touched, and nobody else, however the rows are batched', () => {
  fc.assert(
    fc.property(fc.array(entries), fc.array(entries), (some, others) => {
      const wanted = new Set(
        [...some, ...others].flatMap(({ own, path }) => [...path, own ?? []].flat().map(String)),
      )
      const both = touchedBy(some.map(insert))
      const more = touchedBy(others.map(insert))
      const before = new Set(more.get('topic'))
      addTouched(both, more)
      addTouched(both, touchedBy([]))
      expect(new Set(both.get('topic'))).toEqual(wanted)
      expect(new Set(more.get('topic'))).toEqual(before)
    }),
  )
})

test('a row that moves from one to another touches both, and one that goes its own', () => {
  const [here, there] = [rowFor({ own: 1, path: [1] }), rowFor({ own: 2, path: [2] })]
  const moved: Change = { kind: 'update', table: ENTRY, seq: 1, before: here, row: there }
  expect(touchedBy([moved]).get('topic')).toEqual(new Set(['1', '2']))
  const gone: Change = { kind: 'delete', table: ENTRY, seq: 1, before: here }
  expect(touchedBy([gone]).get('topic')).toEqual(new Set(['1']))
})

test('what has no path, what is emptied, and too many at once are everybody’s', () => {
  const level: Change = { kind: 'insert', table: STOCK, seq: 1, row: rowOf(['1', '5']) }
  expect(touchedBy([level], STOCK).get('topic')).toBe('everybody')
  expect(touchedBy([{ kind: 'truncate', table: ENTRY, seq: 1 }]).get('topic')).toBe('everybody')
  const many = Array.from({ length: 501 }, (_, id) => insert({ own: id, path: [] }))
  expect(touchedBy(many).get('topic')).toBe('everybody')
  const named = touchedBy([insert({ own: 1, path: [] })])
  addTouched(named, touchedBy([level], STOCK))
  expect(named.get('topic')).toBe('everybody')
})

test('a path that was too long to be sent again may be anybody’s', () => {
  const row = rowOf(['1', '7', undefined, '100'])
  const paid: Change = { kind: 'update', table: ENTRY, seq: 1, before: null, row, unsent: [2] }
  expect(touchedBy([paid]).get('topic')).toBe('everybody')
  expect(touchedBy([{ ...paid, unsent: [3] }]).get('topic')).toEqual(new Set(['7']))
})

test('a sale through nobody is nobody’s, and lines are told by their order', () => {
  expect(touchedBy([insert({ own: null, path: [] })]).get('topic')).toEqual(new Set())
  const line: Table = { schema: 'public', name: 'order_line', columns: ['id', 'order_id'] }
  const change: Change = { kind: 'insert', table: line, seq: 1, row: rowOf(['1', '5']) }
  expect(touchedBy([change], line).get('topic')).toEqual(new Set())
})
