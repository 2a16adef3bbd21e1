/** Whatever is sent, the answer is an answer or a problem with a code: never an error of ours, never a wait without end. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dimensions, measures } from './members.ts'
import { LIMITS, OPERATORS } from './query.ts'
import { createService } from './service.ts'
import { ADMIN, SECRET, tokenOf } from './test/compare.ts'
import { moveCheckpoint, startDatabases, type Databases } from './test/databases.ts'

const SEED = Number(process.env.SEED ?? 20_261_130)
const RUNS = 300
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
afterAll(async () => {
  await service.app.close()
  await databases.stop()
})

/** Texts that have broken parsers, zones and databases before. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    '\u0000',
    'a\u0000b',
    '?',
    '?,?',
    "'",
    '`',
    '\\',
    '%',
    '{',
    '${x}',
    '{p0:String}',
  ),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    'null',
    'NaN',
    '1e400',
    '\ud800',
    '--',
    '/*',
  ),
)
const member = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...Object.keys(measures), ...Object.keys(dimensions)) },
  text,
  fc.constantFrom('sales.__proto__', 'journal.id', 'sales.at.hour', 'sales.at.eon', 'sales'),
)
const moment = fc.oneof(
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.constantFrom('0000-00-00', '0001-01-01', '9999-12-31T23:59:59', '+275760-09-13', '2026-02-30'),
  fc.constantFrom('last 7 days', 'last 99999999 years', 'from 1 to 2', 'today', 'this eon', 'now'),
  text,
)
const range = fc.oneof(moment, fc.array(moment, { maxLength: 3 }), fc.constantFrom(null, 7, {}))
const value = fc.oneof(
  text,
  moment,
  fc.double(),
  fc.bigInt().map(String),
  fc.constant(null),
  fc.boolean(),
)
const operator = fc.oneof(
  fc.constantFrom(
    'equals',
    'notEquals',
    'contains',
    'notStartsWith',
    'in',
    'gt',
    'lte',
    'set',
    'notSet',
  ),
  fc.constantFrom(
    'inDateRange',
    'notInDateRange',
    'onTheDate',
    'beforeDate',
    'afterOrOnDate',
    'afterDate',
  ),
  text,
)
const { filter } = fc.letrec<{ filter: unknown }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 6, depthSize: 'large' },
    fc.record(
      { member, operator, values: fc.array(value, { maxLength: 4 }) },
      { requiredKeys: ['member', 'operator'] },
    ),
    fc.record({ or: fc.array(tie('filter'), { maxLength: 3 }) }),
    fc.record({ and: fc.array(tie('filter'), { maxLength: 3 }) }),
    fc.jsonValue({ maxDepth: 2 }),
  ),
}))
const zone = fc.oneof(
  fc.constantFrom('UTC', '+08:00', 'utc', 'asia/shanghai', 'GMT+0', 'EST'),
  text,
)
const query = fc.record(
  {
    measures: fc.array(member, { maxLength: 4 }),
    dimensions: fc.array(member, { maxLength: 3 }),
    timeDimensions: fc.array(
      fc.record(
        {
          dimension: fc.oneof(fc.constantFrom('sales.at', 'profit.at', 'stock.at'), member),
          granularity: fc.oneof(fc.constantFrom('second', 'hour', 'day', 'year', 'eon'), text),
          dateRange: range,
          compareDateRange: fc.array(range, { maxLength: 3 }),
        },
        { requiredKeys: ['dimension'] },
      ),
      { maxLength: 3 },
    ),
    filters: fc.array(filter, { maxLength: 4 }),
    order: fc.oneof(
      fc.dictionary(member, fc.constantFrom('asc', 'desc', 'up')),
      fc.array(fc.tuple(member, fc.constantFrom('asc', 'desc'))),
    ),
    limit: fc.oneof(fc.integer(), fc.double(), fc.constantFrom(0, 1, 10_001, 1e15, '5', null)),
    offset: fc.oneof(fc.integer(), fc.constantFrom(-1, 2 ** 53, 1e30, '5')),
    timezone: zone,
    total: fc.oneof(fc.boolean(), text),
    responseFormat: fc.oneof(fc.constantFrom('compact', 'columnar', 'rows'), text),
    segments: fc.array(text, { maxLength: 1 }),
  },
  { requiredKeys: [] },
)

/** All of it is as it should be but one part, so that it comes as far as Cube and ClickHouse. */
const known = fc.constantFrom('sales.units', ...Object.keys(dimensions), ...Object.keys(measures))
const operators = fc.constantFrom(...OPERATORS)
const values = fc.array(value, { maxLength: 3 })
const whole = { measures: ['sales.units'], timezone: 'UTC' }
const time = { dimension: 'sales.at', granularity: 'day', dateRange: ['2026-11-01', '2026-11-02'] }
const oneOdd = fc.oneof(
  fc.record({ member: known, operator: operators, values }).map((each) => {
    return { ...whole, filters: [{ or: [each] }] }
  }),
  fc.record({ dateRange: range }).map((odd) => {
    return { ...whole, timeDimensions: [{ ...time, ...odd }] }
  }),
  fc
    .record({ granularity: text })
    .map((odd) => ({ ...whole, timeDimensions: [{ ...time, ...odd }] })),
  fc.array(range, { minLength: 1, maxLength: 4 }).map((compareDateRange) => {
    return { ...whole, timeDimensions: [{ dimension: 'sales.at', compareDateRange }] }
  }),
  zone.map((timezone) => ({ ...whole, timezone, timeDimensions: [time] })),
  fc.array(known, { maxLength: 4 }).map((each) => ({ ...whole, dimensions: each })),
  fc.nat().map((offset) => ({ ...whole, dimensions: ['sales.channel'], offset })),
  known.map((each) => ({ ...whole, order: { [each]: 'desc' } })),
)

test.each([
  ['queries with one odd part', oneOdd],
  ['queries that are nearly right', query],
  ['any JSON', fc.jsonValue({ maxDepth: 6 })],
])(
  '%s: an answer or a problem',
  async (_name, arbitrary: fc.Arbitrary<unknown>) => {
    const property = fc.asyncProperty(arbitrary, async (each) => {
      for (const queryType of [undefined, 'multi']) await sendAndExpect({ query: each, queryType })
    })
    await fc.assert(property, { numRuns: RUNS, seed: SEED, endOnFailure: false })
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
      expectAnswerOrProblem(response)
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
  expect(await send(sent)).toEqual({ status: 400, code: 'INVALID_QUERY' })
  for (const filters of [[...wide, one], [{ or: [...wide, one] }], Array(12).fill(fan(3))]) {
    const started = performance.now()
    const { status, code } = await sendAndExpect({ query: { measures: ['sales.units'], filters } })
    expect({ status, code }).toEqual({ status: 400, code: 'INVALID_QUERY' })
    expect(performance.now() - started).toBeLessThan(ANSWER_MS_MAX)
  }
})

function sendAndExpect(body: unknown) {
  return send(JSON.stringify(body))
}

async function send(payload: string) {
  const response = await service.app.inject({
    method: 'POST',
    url: '/cubejs-api/v1/load',
    headers: { authorization, 'content-type': 'application/json' },
    payload,
  })
  return expectAnswerOrProblem(response)
}

type Answered = { statusCode: number; headers: { [name: string]: unknown }; body: string }

function expectAnswerOrProblem({ statusCode: status, headers, body }: Answered) {
  if (status === 200) return { status, code: null }
  expect(status, body).toBeGreaterThanOrEqual(400)
  expect(status, body).toBeLessThan(500)
  expect(headers['content-type']).toContain('application/problem+json')
  const problem: { code: string; detail: string } = JSON.parse(body)
  expect(problem.code).toMatch(/^[A-Z_]+$/)
  return { status, code: problem.code }
}
