import { expect, test } from 'vitest'
import { shareFresh } from './watermark.ts'

/** A source that can be changed while a read of it is under way. */
function slowSource() {
  let value = 0
  let reads = 0
  async function read() {
    reads += 1
    const seen = value
    await new Promise((resolve) => setTimeout(resolve, 5))
    return seen
  }
  return { read, set: (next: number) => (value = next), reads: () => reads }
}

test('who asks after a change never gets a read that began before it', async () => {
  const source = slowSource()
  const fresh = shareFresh(source.read)
  const before = fresh()
  source.set(1)
  expect(await fresh()).toBe(1)
  expect(await before).toBe(0)
})

test('a hundred who ask at once cost two reads', async () => {
  const source = slowSource()
  const fresh = shareFresh(source.read)
  await Promise.all(Array.from({ length: 100 }, () => fresh()))
  expect(source.reads()).toBe(2)
})

test('a read that fails is told to those who waited, and the next one reads again', async () => {
  let isDown = true
  const fresh = shareFresh(async () => {
    if (isDown) throw new Error('down')
    return 'up'
  })
  const answers = await Promise.allSettled([fresh(), fresh(), fresh()])
  expect(answers.every(({ status }) => status === 'rejected')).toBe(true)
  isDown = false
  expect(await fresh()).toBe('up')
})
