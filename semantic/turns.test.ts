import { expect, test } from 'vitest'
import { createTurns } from './turns.ts'

test('no more than the limit run at once, and all have their turn', async () => {
  const withTurn = createTurns({ running: 6, waiting: 100 })
  let running = 0
  let most = 0
  async function work() {
    running += 1
    most = Math.max(most, running)
    await new Promise((resolve) => setTimeout(resolve, 1))
    running -= 1
    return 1
  }
  const done = await Promise.all(
    Array.from({ length: 50 }, (_, index) => withTurn(`asker ${index % 7}`, work)),
  )
  expect(done).toHaveLength(50)
  expect(most).toBe(6)
})

test('a line that is full sends away at once with a time to come again, and a failure gives its turn back', async () => {
  const withTurn = createTurns({ running: 1, waiting: 1 })
  const fail = () => Promise.reject(new Error('down'))
  const first = withTurn('a', fail)
  const second = withTurn('a', async () => 'second')
  await expect(withTurn('a', async () => 'third')).rejects.toMatchObject({
    code: 'BUSY',
    status: 503,
    retry_after_s: 1,
  })
  await expect(first).rejects.toThrow('down')
  expect(await second).toBe('second')
  expect(await withTurn('a', async () => 'fourth')).toBe('fourth')
})

test('one who asks slowly and much holds half of the turns, and the others do not wait for him', async () => {
  const withTurn = createTurns({ running: 4, waiting: 100 })
  const { promise: over, resolve: finish } = Promise.withResolvers<string>()
  const slow = Array.from({ length: 10 }, () => withTurn('slow', () => over))
  expect(await withTurn('quick', async (waitMs) => waitMs)).toBeLessThan(5)
  finish('done')
  expect(await Promise.all(slow)).toHaveLength(10)
})

test('the line goes round those who ask, not round their questions', async () => {
  const withTurn = createTurns({ running: 1, waiting: 100 })
  const order: string[] = []
  const questions = ['a', 'a', 'a', 'b', 'c'].map((asker) =>
    withTurn(asker, async () => order.push(asker)),
  )
  await Promise.all(questions)
  expect(order).toEqual(['a', 'a', 'b', 'c', 'a'])
})

test('who leaves the line is not asked for, and his place is free', async () => {
  const withTurn = createTurns({ running: 1, waiting: 1 })
  const { promise: over, resolve: finish } = Promise.withResolvers<string>()
  const first = withTurn('a', () => over)
  const control = new AbortController()
  let isAsked = false
  const second = withTurn('a', async () => (isAsked = true), control.signal)
  control.abort()
  await expect(second).rejects.toMatchObject({ code: 'CLIENT_GONE' })
  const third = withTurn('a', async () => 'third')
  finish('first')
  expect([await first, await third, isAsked]).toEqual(['first', 'third', false])
})
