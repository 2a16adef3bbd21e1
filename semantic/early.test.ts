import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createCache } from './cache.ts'
import { createEarly } from './early.ts'
import { createRandom } from './test/random.ts'
import type { Checkpoint } from './watermark.ts'

const SEED = Number(process.env.SEED ?? 20_261_130)
const QUESTIONS = 400

function at(lsn: number, topics: Record<string, number>): Checkpoint {
  const named = Object.entries(topics).map(([topic, commit]) => [topic, String(commit)] as const)
  return { lsn: String(lsn), commit_at: '', epoch: '1', topics: Object.fromEntries(named) }
}

const bySales = (question: string) => (checkpoint: Checkpoint) =>
  `${question} ${checkpoint.topics.sales}`

function createQuestions() {
  const early = createEarly(createCache<string>(() => 1))
  const begun: string[] = []
  const left: string[] = []
  function ask(question: string, standing: Checkpoint | Promise<Checkpoint>) {
    return early.get(
      bySales(question),
      async (signal) => {
        begun.push(question)
        signal?.addEventListener('abort', () => left.push(question))
        await sleep(5)
        return `${question}, asked ${begun.length} times in all`
      },
      standing,
    )
  }
  return { ask, begun, left }
}

test('where its topics stood still, a question does not wait to hear where the stream stands', async () => {
  const { ask, begun } = createQuestions()
  for (const lsn of [1, 2]) await ask('units', at(lsn, { sales: 1, stock: lsn }))
  const { promise, resolve } = Promise.withResolvers<Checkpoint>()
  const asked = ask('revenue', promise)
  expect(begun).toEqual(['units', 'revenue'])
  resolve(at(3, { sales: 1, stock: 3 }))
  expect(await asked).toMatchObject({ cached: false, checkpoint: { lsn: '3' } })
  expect(begun).toEqual(['units', 'revenue'])
})

test('rows that were begun for commits that are not the last are let go and asked again', async () => {
  const { ask, begun, left } = createQuestions()
  for (const lsn of [1, 2]) await ask('units', at(lsn, { sales: 1 }))
  const { promise, resolve } = Promise.withResolvers<Checkpoint>()
  const asked = ask('revenue', promise)
  resolve(at(3, { sales: 3 }))
  const answer = await asked
  expect(answer).toMatchObject({ value: 'revenue, asked 3 times in all', checkpoint: { lsn: '3' } })
  expect(begun).toEqual(['units', 'revenue', 'revenue'])
  expect(left).toEqual(['revenue'])
})

test('where they have just moved, it waits', async () => {
  const { ask, begun } = createQuestions()
  for (const lsn of [1, 2]) await ask('units', at(lsn, { sales: lsn }))
  const { promise, resolve } = Promise.withResolvers<Checkpoint>()
  const asked = ask('revenue', promise)
  expect(begun).toEqual(['units', 'units'])
  resolve(at(3, { sales: 2 }))
  await asked
  expect(begun).toEqual(['units', 'units', 'revenue'])
})

test(`no answer is older than its watermark or than what was announced (SEED=${SEED})`, async () => {
  const random = createRandom(SEED)
  const stream = { facts: 0, sales: 0, lsn: 0 }
  let isOver = false
  const early = createEarly(createCache<number>(() => 1))
  let guesses = 0

  /** As ingest writes: the fact first, then the commit that names its topic. */
  async function write() {
    while (!isOver) {
      await sleep(random.between(1, 12))
      const isSale = random.chance(0.6)
      if (isSale) stream.facts += 1
      await sleep(random.below(3))
      stream.lsn += 1
      if (isSale) stream.sales = stream.facts
    }
  }
  async function readCheckpoint() {
    await sleep(random.below(3))
    const seen = at(stream.lsn, { sales: stream.sales })
    await sleep(random.below(3))
    return seen
  }
  async function askOne() {
    await sleep(random.below(1_000))
    const announced = stream.sales
    const reading = readCheckpoint()
    let isRead = false
    void reading.then(() => (isRead = true))
    const { value, checkpoint } = await early.get(
      bySales(`question ${random.below(40)}`),
      async () => {
        if (!isRead) guesses += 1
        await sleep(random.below(3))
        const seen = stream.facts
        await sleep(random.below(3))
        return seen
      },
      reading,
    )
    expect(value).toBeGreaterThanOrEqual(announced)
    expect(value).toBeGreaterThanOrEqual(Number(checkpoint?.topics.sales))
  }

  const writing = write()
  await Promise.all(Array.from({ length: QUESTIONS }, askOne))
  isOver = true
  await writing
  expect(guesses).toBeGreaterThan(QUESTIONS / 20)
})
