import { createServer } from 'node:http'
import { afterAll, expect, inject, test } from 'vitest'
import { createWire } from './wire.ts'

const address = new URL(inject('clickhouseUrl'))
address.pathname = 'default'
const wire = createWire(address.href, 2)
afterAll(() => wire.close())

test('values arrive as they are, whatever is in them', async () => {
  const values = [
    "it's",
    'a\\b',
    'tab\tline\nreturn\r',
    '100% & more=?#+',
    '商品 🙂',
    '\\N',
    '',
    '\0',
  ]
  const places = values.map((_, index) => `{p${index}:String}`)
  const { data } = await wire.ask({ sql: `select ${places.join(', ')}`, values, settings: {} })
  expect(data).toEqual([values])
})

test('an error that comes after rows were sent is an error, with its number', async () => {
  const sql = "select repeat('x', 1000), throwIf(number = 50000) from numbers(100000)"
  const settings = { max_block_size: 1_000, max_threads: 1 }
  await expect(wire.ask({ sql, values: [], settings })).rejects.toMatchObject({ code: '395' })
})

test('a wrong statement is an error, with its number', async () => {
  const asked = wire.ask({ sql: 'select nothing', values: [], settings: {} })
  await expect(asked).rejects.toMatchObject({ code: '47' })
})

test('a connection that was closed while nobody used it is not the end of a question', async () => {
  let asked = 0
  const server = createServer((_request, response) => {
    asked += 1
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ meta: [], data: [[asked]], statistics: {} }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const at = server.address()
  const other = createWire(`http://127.0.0.1:${typeof at === 'object' ? at?.port : ''}`, 1)
  const ask = async () => (await other.ask({ sql: '', values: [], settings: {} })).data
  expect(await ask()).toEqual([[1]])
  // The next question is on its way before word of the end has come.
  const closed = ask()
  server.closeAllConnections()
  expect([[[2]], [[3]]]).toContainEqual(await closed)
  other.close()
  await new Promise((resolve) => server.close(resolve))
})
