import { expect, test } from 'vitest'
import { createCache } from './cache.ts'

function answerOf(text: string) {
  return async () => text
}

test('an answer is computed once and given again', async () => {
  const cache = createCache<string>((value) => value.length)
  expect(await cache.get('a', answerOf('first'))).toEqual({ value: 'first', cached: false })
  expect(await cache.get('a', answerOf('second'))).toEqual({ value: 'first', cached: true })
})

test('ten thousand different questions leave no more than the limit', async () => {
  const cache = createCache<string>((value) => value.length, {
    entries_max: 100,
    bytes_max: 1_000_000,
  })
  for (let index = 0; index < 10_000; index += 1)
    await cache.get(`question ${index}`, answerOf('x'))
  expect(cache.size().entries).toBe(100)
})

test('large answers push out by bytes, and one that is too large is not kept', async () => {
  const cache = createCache<string>((value) => value.length, { entries_max: 100, bytes_max: 1_000 })
  for (let index = 0; index < 50; index += 1) await cache.get(`${index}`, answerOf('x'.repeat(300)))
  expect(cache.size()).toEqual({ entries: 3, bytes: 3 * 302 })
  await cache.get('huge', answerOf('x'.repeat(2_000)))
  expect(cache.size().entries).toBe(3)
  expect((await cache.get('huge', answerOf('again'))).cached).toBe(false)
})

test('what was not asked for longest goes first', async () => {
  const cache = createCache<string>((value) => value.length, { entries_max: 2, bytes_max: 1_000 })
  await cache.get('a', answerOf('a'))
  await cache.get('b', answerOf('b'))
  await cache.get('a', answerOf('a'))
  await cache.get('c', answerOf('c'))
  expect((await cache.get('a', answerOf('new'))).value).toBe('a')
  expect((await cache.get('b', answerOf('new'))).value).toBe('new')
})

test('a question being answered is not asked twice', async () => {
  const cache = createCache<string>((value) => value.length)
  let asked = 0
  async function slow() {
    asked += 1
    await new Promise((resolve) => setTimeout(resolve, 10))
    return 'x'
  }
  await Promise.all(Array.from({ length: 20 }, () => cache.get('a', slow)))
  expect(asked).toBe(1)
})

test('a failure is told to all who wait and is not kept', async () => {
  const cache = createCache<string>((value) => value.length)
  async function fail(): Promise<string> {
    throw new Error('down')
  }
  const answers = await Promise.allSettled([cache.get('a', fail), cache.get('a', fail)])
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect((await cache.get('a', answerOf('up'))).value).toBe('up')
})

test('one who leaves takes nothing from those who stay; the last to leave stops the work', async () => {
  const cache = createCache<string>((value) => value.length)
  const { promise: over, resolve: finish } = Promise.withResolvers<string>()
  const stopped: boolean[] = []
  const work = (signal: AbortSignal) => {
    signal.addEventListener('abort', () => stopped.push(true))
    return over
  }
  const [first, second, third] = [0, 1, 2].map(() => new AbortController())
  const early = cache.get('a', work, first?.signal)
  const late = cache.get('a', work, second?.signal)
  first?.abort()
  await expect(early).rejects.toMatchObject({ code: 'CLIENT_GONE' })
  expect(stopped).toEqual([])
  const alone = cache.get('b', work, third?.signal)
  third?.abort()
  await expect(alone).rejects.toMatchObject({ code: 'CLIENT_GONE' })
  expect(stopped).toEqual([true])
  finish('x')
  expect(await late).toEqual({ value: 'x', cached: true })
  expect((await cache.get('b', answerOf('again'))).cached).toBe(true)
})
