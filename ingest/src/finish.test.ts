import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Batch } from './batches.ts'
import { createFinisher, FINISH_EVERY_MS, HELD_CHANGES_MAX } from './finish.ts'
import { targetsOf, type Target } from './target.ts'

const TARGET = targetsOf(
  [
    { table: 'product', name: 'id', type: 'Int64', default_kind: '', is_in_sorting_key: 1 },
    { table: 'product', name: '_version', type: 'UInt128', default_kind: '', is_in_sorting_key: 0 },
    { table: 'product', name: '_deleted', type: 'UInt8', default_kind: '', is_in_sorting_key: 0 },
  ],
  () => {},
).get('product')

function batch(lsn: bigint, hasFence = false): Batch {
  const target: Target = TARGET ?? expect.fail('no target')
  return {
    fences: hasFence ? [{ target, version: lsn }] : [],
    facts: [],
    misfits: [],
    mirrors: [{ target, text: [Buffer.from(`${lsn}\n`)] }],
    upTo: { lsn, commitAt: 1n },
    touched: new Map(),
    topics: new Map(),
    changes: 1,
    commits: [],
  }
}

/** Effects that write down what they were asked for, and fail when told to. */
function createFinish({ failsAt = -1n } = {}) {
  const log: string[] = []
  const finisher = createFinisher({
    async writeMirrors({ mirrors, fences }) {
      const text = Buffer.concat(mirrors.flatMap((rows) => rows.text))
      log.push(
        `${fences.length > 0 ? 'truncate, ' : ''}mirrors ${text.toString().trim().replaceAll('\n', ' ')}`,
      )
      await sleep(5)
    },
    async record({ upTo }) {
      if (upTo.lsn === failsAt) throw new Error('disk full')
      log.push(`checkpoint ${upTo.lsn}`)
    },
    acknowledge: (lsn) => void log.push(`acknowledge ${lsn}`),
    onFinished: () => {},
  })
  return { log, finisher }
}

test('a single batch is finished at once: mirrors, then checkpoint, then acknowledgement', async () => {
  const { log, finisher } = createFinish()
  await finisher.add(batch(1n))
  await sleep(FINISH_EVERY_MS / 2)
  expect(log).toEqual(['mirrors 1', 'checkpoint 1', 'acknowledge 1'])
})

test('batches that come faster than they are finished are finished together, in order', async () => {
  const { log, finisher } = createFinish()
  for (const lsn of [1n, 2n, 3n]) await finisher.add(batch(lsn))
  await finisher.drain()
  expect(log.slice(3)).toEqual(['mirrors 2 3', 'checkpoint 3', 'acknowledge 3'])
})

test('a catch-up makes the next batch while one is written, and no more than that', async () => {
  const { log, finisher } = createFinish()
  const large = (lsn: bigint) => ({ ...batch(lsn), changes: HELD_CHANGES_MAX + 1 })
  await finisher.add(large(1n))
  expect(log).toEqual(['mirrors 1'])
  await finisher.add(large(2n))
  expect(log).toEqual(['mirrors 1', 'checkpoint 1', 'acknowledge 1', 'mirrors 2'])
  await finisher.drain()
})

test('a truncate waits until what came before it is written', async () => {
  const { log, finisher } = createFinish()
  for (const lsn of [1n, 2n]) await finisher.add(batch(lsn))
  await finisher.add(batch(3n, true))
  await finisher.add(batch(4n))
  await finisher.drain()
  expect(log.filter((line) => line.includes('mirrors'))).toEqual([
    'mirrors 1',
    'mirrors 2',
    'truncate, mirrors 3 4',
  ])
})

test('after a failure nothing more is acknowledged, and the pipeline hears of it', async () => {
  const { log, finisher } = createFinish({ failsAt: 1n })
  await finisher.add(batch(1n))
  await sleep(FINISH_EVERY_MS / 2)
  await expect(finisher.add(batch(2n))).rejects.toThrow('disk full')
  await expect(finisher.drain()).rejects.toThrow('disk full')
  expect(log.filter((line) => line.startsWith('acknowledge'))).toEqual([])
})
