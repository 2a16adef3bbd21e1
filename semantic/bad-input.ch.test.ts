/** Whatever is sent, the answer is an answer or a problem with a code: never an error of ours, never a wait without end. */
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { LIMITS } from './query.ts'
import { createService } from './service.ts'
import { ADMIN, SECRET, tokenOf } from './test/compare.ts'
import { moveCheckpoint, startDatabases, type Databases } from './test/databases.ts'
import { nearlyRight, oneOdd } from './test/odd-queries.ts'

const SEED = Number(process.env.SEED ?? 20_261_130)
const RUNS = 200
const ANSWER_MS_MAX = 10_000

let databases: Databases
let service: Awaited<ReturnType<typeof createService>>
let authorization: string

beforeAll(async () => {
  databases = await startDatabases()
  await databases.sql`insert into instance (name, currency, time_zone) values ('T', 'USD', 'UTC')`
  await databases.copy()
  await moveCheckpoint(databases.clickhouse, 'sales')
  service = await createService({
    CLICKHOUSE_URL: databases.clickhouseUrl,
    TOKEN_SECRET: SECRET,
    PIPE: 'main',
    LOG_LEVEL: 'silent',
  })
  authorization = `Bearer ${await tokenOf(ADMIN)}`
})
/** Names of what is asked become names in Cube's objects: none may be one that all objects share. */
afterEach(() => expect(Object.keys(Object.prototype)).toEqual([]))
afterAll(async () => {
  await service.app.close()
  await databases.stop()
})

test.each([
  ['queries with one odd part', oneOdd],
  ['queries that are nearly right', nearlyRight],
  ['any JSON', fc.jsonValue({ maxDepth: 6 })],
])(
  '%s: an answer or a problem',
  async (_name, arbitrary: fc.Arbitrary<unknown>) => {
    const property = fc.asyncProperty(arbitrary, async (each) => {
      const sent = await send(JSON.stringify({ query: each, queryType: 'multi' }))
      expect(verdictOf(sent)).toBe(FINE)
    })
    await fc.assert(property, { numRuns: RUNS, seed: SEED, endOnFailure: true })
  },
  600_000,
)

test('any body, of any kind', async () => {
  const body = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.jsonValue().map((json) => JSON.stringify(json)),
  )
  const property = fc.asyncProperty(body, async (payload) => {
    for (const url of ['/batch', '/cubejs-api/v1/load']) {
      const response = await service.app.inject({
        method: 'POST',
        url,
        headers: { authorization, 'content-type': 'application/json' },
        payload,
      })
      expect(verdictOf(response)).toBe(FINE)
    }
  })
  await fc.assert(property, { numRuns: RUNS, seed: SEED })
}, 600_000)

test('filters beyond every limit of depth and number are refused, and soon', async () => {
  const one = { member: 'sales.region', operator: 'set' }
  const wide = Array.from({ length: LIMITS.filters_max }, () => one)
  const fan = (depth: number): unknown =>
    depth === 0 ? one : { or: Array.from({ length: 12 }, () => fan(depth - 1)) }
  const deep = `${'{"and":['.repeat(20_000)}${JSON.stringify(one)}${']}'.repeat(20_000)}`
  const sent = `{"query":{"measures":["sales.units"],"filters":[${deep}]}}`
  const others = [[...wide, one], [{ or: [...wide, one] }], Array(12).fill(fan(3))].map((filters) =>
    JSON.stringify({ query: { measures: ['sales.units'], filters } }),
  )
  for (const payload of [sent, ...others]) {
    const { statusCode, body } = await send(payload)
    expect([statusCode, codeOf(body)]).toEqual([400, 'INVALID_QUERY'])
  }
})

const FINE = 'an answer or a problem'

type Answered = { statusCode: number; headers: { [name: string]: unknown }; body: string }

async function send(payload: string): Promise<Answered> {
  const started = performance.now()
  const response = await service.app.inject({
    method: 'POST',
    url: '/cubejs-api/v1/load',
    headers: { authorization, 'content-type': 'application/json' },
    payload,
  })
  if (performance.now() - started < ANSWER_MS_MAX) return response
  throw new Error(`too slow: ${payload.slice(0, 500)}`)
}

/** FINE, or what was answered instead. */
function verdictOf({ statusCode: status, headers, body }: Answered) {
  if (status === 200) return FINE
  const isProblem = String(headers['content-type']).includes('application/problem+json')
  const isRefusal = status >= 400 && status < 500 && /^[A-Z_]+$/.test(codeOf(body))
  return isProblem && isRefusal ? FINE : `${status} ${body}`
}

function codeOf(body: string) {
  const problem: { code: string } = JSON.parse(body)
  return problem.code
}
