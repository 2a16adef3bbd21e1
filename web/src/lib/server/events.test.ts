import { expect, test } from 'vitest'
import { readEvents } from './events.ts'

async function* chunks(...texts: string[]) {
  for (const text of texts) yield new TextEncoder().encode(text)
}

async function read(...texts: string[]) {
  return await Array.fromAsync(readEvents(chunks(...texts)))
}

test('an event that arrives in pieces is one event', async () => {
  expect(await read('id: 7\nevent: water', 'mark\nda', 'ta: {"lsn":"7"}\n', '\n')).toEqual([
    { id: '7', event: 'watermark', data: '{"lsn":"7"}' },
  ])
})

test('a character cut in two by the network survives', async () => {
  const bytes = new TextEncoder().encode('data: 订单\n\n')
  async function* halves() {
    yield bytes.slice(0, 8)
    yield bytes.slice(8)
  }
  expect(await Array.fromAsync(readEvents(halves()))).toMatchObject([{ data: '订单' }])
})

test('pings and unfinished events are not events', async () => {
  expect(await read(': ping\n\n', 'data: half')).toEqual([])
})

test('lines of one event are joined, and CRLF is a line end too', async () => {
  expect(await read('data: a\r\ndata: b\r\n\r\n')).toMatchObject([
    { event: 'message', data: 'a\nb' },
  ])
})

test('a stream that never ends a line is given up', async () => {
  await expect(read('data: ' + 'x'.repeat(70_000))).rejects.toThrow('without an end')
})
