import { afterEach, expect, test } from 'vitest'
import { createSpill } from './spill.ts'

const spill = createSpill()
afterEach(() => [1, 2].forEach(spill.forget))

async function read(xid: number) {
  const messages: string[] = []
  for await (const some of spill.read(xid))
    messages.push(...some.map((message) => message.toString()))
  return messages
}

test('what a transaction did comes back in order, small and large', async () => {
  const large = `I${'x'.repeat(1_000_000)}`
  spill.append(1, 1, Buffer.from('Ione'))
  spill.append(2, 2, Buffer.from('Iother'))
  spill.append(1, 1, Buffer.from(large))
  spill.append(1, 1, Buffer.from('Itwo'))
  expect(await read(1)).toEqual(['Ione', large, 'Itwo'])
  expect(await read(2)).toEqual(['Iother'])
})

test('what a part of it undid is left out, but not what that part said about tables', async () => {
  spill.append(1, 1, Buffer.from('Ikept'))
  spill.append(1, 5, Buffer.from('Rtable'))
  spill.append(1, 5, Buffer.from('Igone'))
  spill.abort(1, 5)
  spill.append(1, 6, Buffer.from('Ialso kept'))
  expect(await read(1)).toEqual(['Ikept', 'Rtable', 'Ialso kept'])
})

test('of one that is undone nothing is left', async () => {
  spill.append(1, 1, Buffer.from('Igone'))
  spill.abort(1, 1)
  expect(await read(1)).toEqual([])
  expect(spill.size().transactions).toBe(0)
})
