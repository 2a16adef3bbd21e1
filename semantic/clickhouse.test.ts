import { expect, test } from 'vitest'
import { createTurns, withParameters } from './clickhouse.ts'

test('each value becomes a parameter, in order', () => {
  expect(withParameters('a = ? and b in (?, ?)')).toBe(
    'a = {p0:String} and b in ({p1:String}, {p2:String})',
  )
})

test('no more than the limit run at once, and all have their turn', async () => {
  const withTurn = createTurns(3, 100)
  let running = 0
  let most = 0
  async function work() {
    running += 1
    most = Math.max(most, running)
    await new Promise((resolve) => setTimeout(resolve, 1))
    running -= 1
    return 1
  }
  const done = await Promise.all(Array.from({ length: 50 }, () => withTurn(work)))
  expect(done).toHaveLength(50)
  expect(most).toBe(3)
})

test('a line that is full sends away at once, and a failure gives its turn back', async () => {
  const withTurn = createTurns(1, 1)
  const fail = () => Promise.reject(new Error('down'))
  const first = withTurn(fail)
  const second = withTurn(async () => 'second')
  await expect(withTurn(async () => 'third')).rejects.toMatchObject({ code: 'BUSY', status: 503 })
  await expect(first).rejects.toThrow('down')
  expect(await second).toBe('second')
  expect(await withTurn(async () => 'fourth')).toBe('fourth')
})
