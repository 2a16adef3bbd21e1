import { expect, test } from 'vitest'
import { serverTiming, startTiming, timed } from './timing.ts'

test('a page says what its milliseconds went into, failures too, and how long it took in all', async () => {
  const timing = startTiming()
  await timed(timing, '/cube/batch', () => 1)
  await expect(timed(timing, 'user', () => Promise.reject(new Error('down')))).rejects.toThrow(
    'down',
  )
  expect(serverTiming(timing)).toMatch(
    /^cube-batch;dur=\d+\.\d, user;dur=\d+\.\d, total;dur=\d+\.\d$/,
  )
})

test('the header stays short, however much a page asks', async () => {
  const timing = startTiming()
  for (let turn = 0; turn < 100; turn += 1) await timed(timing, 'x', () => turn)
  expect(serverTiming(timing).split(', ')).toHaveLength(25)
})
