import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createBatchMaker, mergeBatches, type Batch } from './batches.ts'
import type { Change, Piece, Table } from './change.ts'
import { batchLength } from './queue.ts'
import { rowOf } from './row.ts'
import { targetsOf } from './target.ts'

const LEDGER: Table = { schema: 'public', name: 'order_event', columns: ['id', 'delta'] }
const MIRROR: Table = { schema: 'public', name: 'product', columns: ['id', 'name'] }

function column(table: string, name: string, type: string, isKey = 0) {
  return { table, name, type, default_kind: '', is_in_sorting_key: isKey }
}
const TARGETS = targetsOf(
  [
    column('order_event', 'id', 'Int64', 1),
    column('order_event', 'delta', 'Int16'),
    column('order_event', '_version', 'UInt128'),
    column('product', 'id', 'Int64', 1),
    column('product', 'name', 'String'),
    column('product', '_version', 'UInt128'),
    column('product', '_deleted', 'UInt8'),
  ],
  () => {},
)

/** ClickHouse, as far as a batch goes: facts are kept as they come, of a mirror's key the newest counts. */
function createStore() {
  const facts: string[] = []
  const highWater = new Map<string, bigint>()
  const mirror = new Map<string, { version: bigint; name: string | null }>()

  function put(key: string, version: bigint, name: string | null) {
    const known = mirror.get(key)
    if (!known || version >= known.version) mirror.set(key, { version, name })
  }

  return {
    facts,
    highWater,
    writeFacts(batch: Batch) {
      for (const { target, text } of batch.facts) {
        const rows = linesOf(text).map((line) => line.split('\t'))
        facts.push(...rows.map((row) => row.slice(0, 2).join()))
        highWater.set(target.name, BigInt(rows.at(-1)?.[2] ?? 0))
      }
    },
    writeMirrors(batch: Batch) {
      for (const { version } of batch.fences) {
        for (const [key, row] of mirror) if (row.version < version) put(key, version, null)
      }
      for (const { text } of batch.mirrors) {
        for (const line of linesOf(text)) {
          const [key = '', name = '', version = '0', deleted] = line.split('\t')
          put(key, BigInt(version), deleted === '1' ? null : name)
        }
      }
    },
    mirror: () =>
      [...mirror]
        .filter(([, row]) => row.name !== null)
        .map(([key, row]) => `${key}=${row.name}`)
        .toSorted(),
  }
}

function linesOf(text: Buffer[]) {
  return Buffer.concat(text).toString().split('\n').slice(0, -1)
}

/**
 * A session, as after a crash: high water is read anew, then pieces are written in batches of these sizes,
 * their mirrors now and then. Returns how many pieces were finished: where the checkpoint would stand.
 */
function play(
  store: ReturnType<typeof createStore>,
  pieces: Piece[],
  sizes: number[],
  isCrash = false,
) {
  const toBatch = createBatchMaker({
    epoch: 1,
    highWater: new Map(store.highWater),
    targetOf: (table) => TARGETS.get(table.name) ?? null,
  })
  const left = [...pieces]
  let held: Batch[] = []
  let finished = 0
  function finish() {
    if (held.length > 0) store.writeMirrors(mergeBatches(held))
    held = []
    finished = pieces.length - left.length
  }
  for (let turn = 0; left.length > 0; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 0
    const batch = toBatch(left.splice(0, Math.min(1 + size, batchLength(left))))
    store.writeFacts(batch)
    if (batch.fences.length > 0 && held.length > 0) {
      store.writeMirrors(mergeBatches(held))
      held = []
    }
    held.push(batch)
    if (size % 2 === 0) finish()
  }
  // A crash may come before the last of them are finished: what follows replays them.
  if (!isCrash) finish()
  return finished
}

type Step =
  | { kind: 'fact'; delta: string }
  | { kind: 'insert'; key: string; name: string }
  | { kind: 'move'; key: string; to: string; name: string }
  | { kind: 'delete'; key: string }
  | { kind: 'truncate' }

const key = fc.integer({ min: 1, max: 4 }).map(String)
const name = fc.string({ maxLength: 2, unit: fc.constantFrom('a', 'b') })
const change = fc.oneof<fc.Arbitrary<Step>[]>(
  fc.record({ kind: fc.constant('fact' as const), delta: fc.constantFrom('1', '-1') }),
  fc.record({ kind: fc.constant('insert' as const), key, name }),
  fc.record({ kind: fc.constant('move' as const), key, to: key, name }),
  fc.record({ kind: fc.constant('delete' as const), key }),
  fc.record({ kind: fc.constant('truncate' as const) }),
)
const history = fc.array(fc.array(change, { minLength: 1, maxLength: 5 }), {
  minLength: 1,
  maxLength: 12,
})

/** Transactions as the source hands them over: each truncate begins a piece. */
function piecesOf(transactions: Step[][]): Piece[] {
  let id = 0
  return transactions.flatMap((transaction, index) => {
    const commitLsn = BigInt(100 + index * 10)
    const changes = transaction.map((one, at): Change => {
      const seq = at + 1
      switch (one.kind) {
        case 'fact':
          return { kind: 'insert', table: LEDGER, seq, row: rowOf([String((id += 1)), one.delta]) }
        case 'insert':
          return { kind: 'insert', table: MIRROR, seq, row: rowOf([one.key, one.name]) }
        case 'move':
          return {
            kind: 'update',
            table: MIRROR,
            seq,
            before: rowOf([one.key, '']),
            row: rowOf([one.to, one.name]),
          }
        case 'delete':
          return { kind: 'delete', table: MIRROR, seq, before: rowOf([one.key, '']) }
        case 'truncate':
          return { kind: 'truncate', table: MIRROR, seq }
      }
    })
    const parts: Change[][] = [[]]
    for (const one of changes) {
      if (one.kind === 'truncate' && parts.at(-1)?.length !== 0) parts.push([])
      parts.at(-1)?.push(one)
    }
    return parts.map((part, at) => ({
      commitLsn,
      commitAt: 1n,
      endLsn: at === parts.length - 1 ? commitLsn + 10n : null,
      changes: part,
      bytes: 0,
    }))
  })
}

/** What Postgres has in the end. */
function outcomeOf(transactions: Step[][]) {
  const rows = new Map<string, string>()
  let facts = 0
  for (const step of transactions.flat()) {
    if (step.kind === 'fact') facts += 1
    else if (step.kind === 'truncate') rows.clear()
    else if (step.kind === 'insert') rows.set(step.key, step.name)
    else rows.delete(step.key)
    if (step.kind === 'move') rows.set(step.to, step.name)
  }
  return { facts, mirror: [...rows].map(([id, name]) => `${id}=${name}`).toSorted() }
}

test('whatever was written before a crash, and however it is batched: replaying any suffix changes nothing', () => {
  fc.assert(
    fc.property(
      history,
      fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 5 }),
      fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 5 }),
      fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 3 }),
      (transactions, sizes, others, crashes) => {
        const pieces = piecesOf(transactions)
        const once = createStore()
        play(once, pieces, [0])

        const often = createStore()
        let safe = 0
        for (const [stop, back] of crashes) {
          const from = safe - (back % (safe + 1))
          const to = from + (stop % (pieces.length - from + 1))
          safe = Math.max(safe, from + play(often, pieces.slice(from, to), sizes, true))
        }
        play(often, pieces.slice(safe), others)

        const expected = outcomeOf(transactions)
        expect(once.facts).toHaveLength(expected.facts)
        expect(once.mirror()).toEqual(expected.mirror)
        expect(often.facts).toEqual(once.facts)
        expect(often.mirror()).toEqual(once.mirror())
      },
    ),
    { numRuns: 500 },
  )
})

test('a topic moves only when the transaction that touched it is complete', () => {
  const toBatch = createBatchMaker({
    epoch: 1,
    highWater: new Map(),
    targetOf: (table) => TARGETS.get(table.name) ?? null,
  })
  const fact: Change = { kind: 'insert', table: LEDGER, seq: 1, row: rowOf(['1', '1']) }
  const part = { commitLsn: 100n, commitAt: 7n, bytes: 0 }
  const first = toBatch([{ ...part, endLsn: null, changes: [fact] }])
  expect(first.upTo).toBe(null)
  expect(first.topics.size).toBe(0)
  const last = toBatch([{ ...part, endLsn: 150n, changes: [] }])
  expect(last.upTo).toEqual({ lsn: 150n, commitAt: 7n })
  expect([...last.topics]).toEqual([['orders', { lsn: 150n, commitAt: 7n }]])
  const idle = toBatch([{ ...part, endLsn: 200n, changes: [] }])
  expect(idle.topics.size).toBe(0)
})
