/** Whatever a client sends, it gets an answer that says what is wrong with it; never "our fault". */
import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { Value } from 'typebox/value'
import { expect, test } from 'vitest'
import { Problem } from '../src/lib/schema.ts'
import { type Answer, withApp, type World } from './app.ts'

const RUNS_PER_ROUTE = 40
const METHODS = { get: 'GET', post: 'POST', patch: 'PATCH', delete: 'DELETE' } as const

type JsonSchema = {
  type?: string
  anyOf?: JsonSchema[]
  enum?: unknown[]
  const?: unknown
  properties?: Record<string, JsonSchema>
  required?: string[]
  items?: JsonSchema
  minimum?: number
  maximum?: number
}
type Parameter = { name: string; in: 'query' | 'path' | 'header'; schema: JsonSchema }
type Operation = {
  parameters?: Parameter[]
  requestBody?: { content: Record<string, { schema: JsonSchema }> }
}
const { paths }: { paths: Record<string, Record<string, Operation>> } = JSON.parse(
  await readFile(new URL('../openapi.json', import.meta.url), 'utf8'),
)

/** Values that have broken somebody's API before. */
const NASTY: unknown[] = [
  null,
  true,
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  "'; drop table sales_order; --",
  '💣'.repeat(300),
  'x'.repeat(70_000),
  0,
  -1,
  1.5,
  1e308,
  -1e308,
  2 ** 53,
  2 ** 63,
  -(2 ** 63),
  '9223372036854775807',
  '9223372036854775808',
  '-9223372036854775809',
  '1e5',
  'NaN',
  '0x10',
  '１２',
  [],
  {},
  [[]],
  [null],
  { __proto__: null, constructor: 1 },
  { toString: 1 },
  '2026-02-31',
  '1000000000000000',
  1_000_000,
]
const nasty = fc.constantFrom(...NASTY)

/** A value the schema allows, most of the time; what is inside may be wrong at any depth. */
function valueFor(schema: JsonSchema, ids: number[]): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 6, arbitrary: wellFormed(schema, ids) },
    { weight: 1, arbitrary: nasty },
  )
}

function wellFormed(schema: JsonSchema, ids: number[]): fc.Arbitrary<unknown> {
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((inner) => valueFor(inner, ids)))
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.const !== undefined) return fc.constant(schema.const)
  switch (schema.type) {
    case 'object': {
      const fields: [string, fc.Arbitrary<unknown>][] = Object.entries(schema.properties ?? {}).map(
        ([name, inner]) => [name, valueFor(inner, ids)],
      )
      const extra: [string, fc.Arbitrary<unknown>] = ['surprise', nasty]
      const known = fc.record(Object.fromEntries(fields), { requiredKeys: schema.required ?? [] })
      const odd = fc.record(Object.fromEntries([...fields, extra]), { requiredKeys: [] })
      return fc.oneof({ weight: 8, arbitrary: known }, { weight: 1, arbitrary: odd })
    }
    case 'array':
      return fc.array(valueFor(schema.items ?? {}, ids), { maxLength: 4 })
    case 'integer':
    case 'number':
      return fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom(...ids) },
        fc.integer({ min: schema.minimum ?? -9, max: schema.maximum ?? 9_999 }),
      )
    default:
      return fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), fc.nat().map(String))
  }
}

test(
  'no request of any shape is answered with an error of ours, and every refusal is a problem document',
  () =>
    withApp(async (world) => {
      const ids = await someIds(world)
      const ask = await world.logIn('admin')
      for (const [path, operations] of Object.entries(paths)) {
        for (const [verb, method] of Object.entries(METHODS)) {
          const operation = operations[verb]
          // Logging out would end the session of all the others.
          if (operation === undefined || path === '/sessions/current') continue
          const parameters = operation.parameters ?? []
          const body = operation.requestBody?.content['application/json']?.schema ?? {}
          const call = fc.record({
            parameters: fc.tuple(...parameters.map(({ schema }) => valueFor(schema, ids))),
            payload: valueFor(body, ids),
          })
          await fc.assert(
            fc.asyncProperty(call, async ({ parameters: values, payload }) => {
              const { url, headers } = fill(path, parameters, values)
              const content = { 'content-type': 'application/json', ...headers }
              const hasBody = method === 'POST' || method === 'PATCH'
              const sent = hasBody ? { payload: JSON.stringify(payload) ?? '' } : {}
              expectAnswer(
                await ask({ method, url, headers: hasBody ? content : headers, ...sent }),
              )
            }),
            { numRuns: RUNS_PER_ROUTE },
          )
        }
      }
      expect(await world.database.owner`select * from stock_level_difference`).toHaveLength(0)
    }),
  120_000,
)

test('a body that is no JSON, of another type, too long or poisoned is refused', () =>
  withApp(async (world) => {
    const ask = await world.as('admin')
    const send = (payload: string | Buffer, type = 'application/json') =>
      ask({ method: 'POST', url: '/orders', payload, headers: { 'content-type': type } })
    const answers = {
      400: [await send('{"channel_id":'), await send('[1'), await send('{"__proto__":{"x":1}}')],
      413: [await send(JSON.stringify({ lines: 'x'.repeat(3 * 1024 * 1024) }))],
      415: [await send('a=1', 'application/x-www-form-urlencoded'), await send('<a/>', 'text/xml')],
    }
    for (const [status, list] of Object.entries(answers)) {
      for (const answer of list) {
        expect(answer.status).toBe(Number(status))
        expectAnswer(answer)
      }
    }
    expectAnswer(await send(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])))
    expect((await ask({ method: 'GET', url: '/nowhere' })).status).toBe(404)
    expect((await ask({ method: 'GET', url: '/orders/%00' })).status).toBe(400)
    expect((await ask({ method: 'GET', url: '/orders/%zz' })).status).toBe(400)
  }))

test('an unknown field, a missing one and one that is wrong inside are named by where they are', () =>
  withApp(async (world) => {
    const ask = await world.as('admin')
    const fieldsOf = async (payload: object) => {
      const answer = await ask({ method: 'POST', url: '/orders', payload })
      expect(answer).toMatchObject({ status: 400, body: { code: 'VALIDATION' } })
      return Value.Parse(Problem, answer.body).errors?.map(({ field }) => field)
    }
    const lines = [{ sku_id: 1, quantity: 1 }]
    expect(await fieldsOf({ channel_id: 1, lines, colour: 'red' })).toEqual(['colour'])
    expect(await fieldsOf({ lines })).toEqual(['channel_id'])
    expect(await fieldsOf({ channel_id: 1, lines: [] })).toEqual(['lines'])
    expect(
      await fieldsOf({ channel_id: 1, lines: [...lines, { sku_id: 1, quantity: -2 }] }),
    ).toEqual(['lines/1/quantity'])
  }))

test('an amount beyond what can be kept is refused before anything is written', () =>
  withApp(async (world) => {
    const { given } = world
    const ask = await world.as('admin')
    const sku = await given.sku({ price_cents: 9_223_372_036_854_775_807n, in_stock: 9 })
    const lines = [{ sku_id: sku.id, quantity: 9 }]
    const payload = { channel_id: await given.channel(), lines }
    expect(await ask({ method: 'POST', url: '/orders', payload })).toMatchObject({
      status: 422,
      body: { code: 'AMOUNT_TOO_LARGE' },
    })
  }))

function expectAnswer({ status, body }: Answer): void {
  expect(status, JSON.stringify(body)).toBeLessThan(500)
  if (status >= 400) expect(Value.Check(Problem, body), JSON.stringify(body)).toBe(true)
}

function fill(path: string, parameters: Parameter[], values: unknown[]) {
  const query = new URLSearchParams()
  const headers: Record<string, string> = {}
  let url = path
  parameters.forEach(({ name, in: place }, index) => {
    const value = values[index]
    const text = typeof value === 'string' ? value.toWellFormed() : JSON.stringify(value)
    if (text === undefined) return
    if (place === 'path') url = url.replace(`{${name}}`, encodeURIComponent(text.slice(0, 500)))
    if (place === 'query' && value !== null) query.set(name, text.slice(0, 500))
    // Node itself refuses to send others.
    if (place === 'header' && /^[\x20-\x7e]{1,300}$/.test(text)) headers[name] = text
  })
  return { url: query.size === 0 ? url : `${url}?${query}`, headers }
}

/** Real ids among the random ones, so that requests come further than the first check. */
async function someIds({ given }: World): Promise<number[]> {
  const ids: number[] = []
  for (let count = 0; count < 3; count += 1) {
    ids.push((await given.sku({ in_stock: 1_000 })).id)
    ids.push(await given.channel())
    ids.push(await given.customer(await given.distributor()))
  }
  return ids
}
