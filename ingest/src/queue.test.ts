import { expect, test } from 'vitest'
import type { Change, Piece } from './change.ts'
import { batchLength, BATCH_ROWS_MAX, createQueue, QUEUE_BYTES_MAX } from './queue.ts'
import { rowOf } from './row.ts'

const PRODUCT = { schema: 'public', name: 'product', columns: ['id'] }

function piece(changes: Change[], bytes = 0): Piece {
  return { commitLsn: 1n, commitAt: 1n, endLsn: null, changes, bytes }
}
const insert: Change = { kind: 'insert', table: PRODUCT, seq: 1, row: rowOf(['1']) }
const truncate: Change = { kind: 'truncate', table: PRODUCT, seq: 2 }

test('a truncate is the first of its batch', () => {
  expect(batchLength([piece([insert]), piece([truncate])])).toBe(1)
  expect(batchLength([piece([truncate]), piece([insert])])).toBe(2)
})

test('a batch ends before it is too large, but one piece is always taken', () => {
  const large = piece(Array.from({ length: BATCH_ROWS_MAX }, () => insert))
  expect(batchLength([large, piece([insert])])).toBe(1)
  expect(batchLength([piece([insert]), large])).toBe(1)
})

test('the source is told to stop reading when too much waits, and to go on when it is taken', () => {
  const told: string[] = []
  const queue = createQueue({
    onFull: () => void told.push('full'),
    onDrained: () => void told.push('drained'),
  })
  queue.push([piece([insert], QUEUE_BYTES_MAX - 1)])
  expect(told).toEqual([])
  queue.push([piece([insert], 1)])
  expect(told).toEqual(['full'])
  while (queue.size().rows > 0) queue.take()
  expect(told.at(-1)).toBe('drained')
})

test('what has failed is thrown to whoever waits, and what is closed ends', async () => {
  const failed = createQueue({ onFull() {}, onDrained() {} })
  const waiting = failed.ready()
  failed.fail(new Error('connection lost'))
  await expect(waiting).rejects.toThrow('connection lost')

  const closed = createQueue({ onFull() {}, onDrained() {} })
  closed.push([piece([insert])])
  closed.close()
  expect(await closed.ready()).toBe(false)
})
