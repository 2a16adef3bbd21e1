import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRounds } from './rounds.ts'

test('nobody is given what was begun before he asked, and a crowd costs as many rounds as fit in its time', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 8 }), { maxLength: 30 }), async (comes) => {
      const rounds = createRounds<number>()
      let clock = 0
      let running = 0
      const begun: number[] = []
      async function work() {
        running += 1
        expect(running).toBe(1)
        const at = clock
        begun.push(at)
        await sleep(3)
        running -= 1
        return at
      }
      await Promise.all(
        comes.map(async (ms) => {
          await sleep(ms)
          clock += 1
          const came = clock
          expect(await rounds('same', work)).toBeGreaterThanOrEqual(came)
        }),
      )
      // Each round but the last two is shared by all who came during the one before.
      expect(begun.length).toBeLessThanOrEqual(comes.length)
      expect(new Set(begun).size).toBe(begun.length)
    }),
    { numRuns: 40 },
  )
})

test('fifty who come at once during a round share one more', async () => {
  const rounds = createRounds<string>()
  let begun = 0
  async function work() {
    begun += 1
    await sleep(5)
    return 'answer'
  }
  const first = rounds('a', work)
  const others = Array.from({ length: 50 }, () => rounds('a', work))
  const another = rounds('b', work)
  expect(await Promise.all([first, another, ...others])).toEqual(Array(52).fill('answer'))
  expect(begun).toBe(3)
})

test('a failure is told to those of its round, and the next begins all the same', async () => {
  const rounds = createRounds<string>()
  const failing = rounds('a', () => Promise.reject(new Error('down')))
  const next = rounds('a', async () => 'up')
  await expect(failing).rejects.toThrow('down')
  expect(await next).toBe('up')
  expect(await rounds('a', async () => 'again')).toBe('again')
})

test('a round that all have left is not begun, and one that is under way is given up', async () => {
  const rounds = createRounds<string>()
  const seen: string[] = []
  const leaving = new AbortController()
  const running = rounds(
    'a',
    async (signal) => {
      signal.addEventListener('abort', () => seen.push('given up'))
      await sleep(10)
      return 'late'
    },
    leaving.signal,
  )
  const next = rounds('a', async () => seen.push('begun').toString(), leaving.signal)
  // Begun by now.
  await sleep(1)
  leaving.abort()
  await expect(running).rejects.toThrow('has left before the answer')
  await expect(next).rejects.toThrow('has left before the answer')
  await sleep(20)
  expect(seen).toEqual(['given up'])
  expect(await rounds('a', async () => 'anew')).toBe('anew')
})
