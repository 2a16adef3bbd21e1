import { expect, test } from 'vitest'
import { createCache } from './cache.ts'

const LATER = Date.now() + 60_000

function counter() {
  let count = 0
  return (until: number) => async () => ({ value: (count += 1), until })
}

test('who asks while the answer is on its way shares it', async () => {
  const cache = createCache<number>(10)
  const next = counter()

  expect(await Promise.all([cache.get('a', next(LATER)), cache.get('a', next(LATER))])).toEqual([
    1, 1,
  ])
})

test('an answer past its time is asked for again', async () => {
  const cache = createCache<number>(10)
  const next = counter()
  await cache.get('a', next(Date.now() - 1))

  expect(await cache.get('a', next(LATER))).toBe(2)
})

test('a failure is told to who asked and not kept', async () => {
  const cache = createCache<number>(10)
  const failing = cache.get('a', () => Promise.reject(new Error('down')))

  await expect(failing).rejects.toThrow('down')
  expect(await cache.get('a', counter()(LATER))).toBe(1)
})

test('the oldest goes when there are too many', async () => {
  const cache = createCache<number>(2)
  const next = counter()
  for (const key of ['a', 'b', 'c']) await cache.get(key, next(LATER))

  expect(await cache.get('c', next(LATER))).toBe(3)
  expect(await cache.get('a', next(LATER))).toBe(4)
})

test('a session that was ended is not remembered', async () => {
  const cache = createCache<number>(2)
  const next = counter()
  await cache.get('a', next(LATER))
  cache.forget('a')

  expect(await cache.get('a', next(LATER))).toBe(2)
})
