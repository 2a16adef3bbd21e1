import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from '@clickhouse/client'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { createRun, QUERY_LIMITS, type QueryLimits, type Run } from './clickhouse.ts'
import { createWire, type Wire } from './wire.ts'

const ENDLESS = 'select count() from numbers(1e15) where rand() = ?'
const ENOUGH = 1e16
/** Long beside what a small question takes, short beside the time limit. */
const QUICK_MS_MAX = 1_500
const GONE_MS_MAX = 3_000
const POLL_MS = 25

const address = new URL(inject('clickhouseUrl'))
address.pathname = 'default'
const watcher = createClient({ url: inject('clickhouseUrl') })
let wire: Wire

beforeAll(() => {
  wire = createWire(address.href, QUERY_LIMITS.running)
})
afterAll(async () => {
  wire.close()
  await watcher.close()
})

function runWith(limits: Partial<QueryLimits>): Run {
  return createRun(wire, { ...QUERY_LIMITS, ...limits })
}

test.each<[string, Partial<QueryLimits>, string, number, string]>([
  ['time', { seconds: 1, rows_read: ENOUGH }, ENDLESS, 504, 'QUERY_TOO_SLOW'],
  [
    'rows read',
    { rows_read: 1_000 },
    'select sum(number) from numbers(1e6) where number > ?',
    422,
    'QUERY_READS_TOO_MUCH',
  ],
  [
    'rows answered',
    { rows_answered: 10 },
    'select number from numbers(100000) where number > ?',
    422,
    'QUERY_RETURNS_TOO_MUCH',
  ],
  [
    'memory',
    { memory_bytes: 20_000_000 },
    'select length(groupArray(number)) from numbers(1e8) where number > ?',
    422,
    'QUERY_NEEDS_TOO_MUCH_MEMORY',
  ],
])('over its limit of %s a question ends, and says so', async (_, limits, sql, status, code) => {
  await expect(runWith(limits)(sql, ['1'])).rejects.toMatchObject({ status, code })
})

test('a question ends in the database when the one who asked it leaves', async () => {
  const run = runWith({ rows_read: ENOUGH })
  const control = new AbortController()
  const marked = `${ENDLESS} and 'left alone' != ''`
  const asked = run(marked, ['1'], { asker: 'somebody', signal: control.signal })
  asked.catch(() => {})
  await until(async () => (await countRunning('left alone')) === 1)
  control.abort()
  await expect(asked).rejects.toMatchObject({ code: 'CLIENT_GONE' })
  await until(async () => (await countRunning('left alone')) === 0)
})

test('one who asks only slow questions keeps nobody else waiting', async () => {
  const run = runWith({ rows_read: ENOUGH })
  const control = new AbortController()
  const slow = Array.from({ length: 20 }, () =>
    run(ENDLESS, ['1'], { asker: 'slow', signal: control.signal }),
  )
  const ended = Promise.allSettled(slow)
  await sleep(200)
  const started = performance.now()
  const { spent } = await run('select ? as one', ['1'], { asker: 'quick' })
  expect(spent.waitMs).toBeLessThan(50)
  expect(performance.now() - started).toBeLessThan(QUICK_MS_MAX)
  control.abort()
  const outcomes = await ended
  expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true)
})

async function countRunning(words: string) {
  const result = await watcher.query({
    query: `select count() as running from system.processes
            where query like {words: String} and query_id != queryID()`,
    query_params: { words: `%${words}%` },
    format: 'JSONEachRow',
  })
  const [row] = await result.json<{ running: string }>()
  return Number(row?.running)
}

async function until(isSo: () => Promise<boolean>) {
  const deadline = Date.now() + GONE_MS_MAX
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error('It did not come to that in time')
    await sleep(POLL_MS)
  }
}
