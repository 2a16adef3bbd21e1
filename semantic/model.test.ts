import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { createAnswers } from './answer.ts'
import { NOTHING_SPENT } from './clickhouse.ts'
import { createCube } from './cube.ts'
import { generateMembers } from './generate-members.ts'
import { measures, views } from './members.ts'

const CACHE_LIMITS = { entries_max: 500, bytes_max: 10_000_000 }
const QUESTIONS = 2_000
const ADMIN = { role: 'admin', rows: 'all' }
const NOBODY = { role: 'distributor', rows: '' }

/** The SQL that questions become, without a database to run it. */
const written: { sql: string; values: readonly unknown[] }[] = []
const cube = createCube(async (sql, values) => {
  written.push({ sql: sql.replaceAll(/\s+/g, ' ').trim(), values })
  return { rows: [], rowsBeforeLimit: 0, spent: NOTHING_SPENT }
})

// Compiling takes a second, and much longer beside other tests.
const COMPILE_MS_MAX = 60_000
beforeAll(() => cube.load({ measures: ['sales.units'], timezone: 'UTC' }, ADMIN), COMPILE_MS_MAX)

beforeEach(() => {
  written.length = 0
})

test(
  'members.ts is what the model says today',
  async () => {
    expect(await generateMembers()).toBe(
      await readFile(new URL('./members.ts', import.meta.url), 'utf8'),
    )
  },
  COMPILE_MS_MAX,
)

test.each(Object.keys(measures))('%s is asked by this SQL', async (measure) => {
  await cube.load({ measures: [measure], timezone: 'UTC' }, ADMIN)
  expect(written).toMatchSnapshot()
})

test.each(Object.keys(views))(
  '%s cannot be asked without a scope: it fails, it is not empty',
  async (view) => {
    const [measure = ''] = Object.keys(measures).filter((name) => name.startsWith(`${view}.`))
    await expect(cube.load({ measures: [measure], timezone: 'UTC' }, NOBODY)).rejects.toThrow(
      'is required',
    )
    expect(written).toEqual([])
  },
)

test('a distributor is a value in the SQL, never a part of it', async () => {
  for (const view of Object.keys(views)) {
    const [measure = ''] = Object.keys(measures).filter((name) => name.startsWith(`${view}.`))
    await cube.load(
      { measures: [measure], timezone: 'UTC' },
      { role: 'distributor', rows: '987654' },
    )
  }
  expect(written).toHaveLength(Object.keys(views).length)
  for (const { sql, values } of written) {
    expect(sql).not.toContain('987654')
    expect(values).toContain('987654')
  }
})

test('thousands of different questions leave a bounded cache here and nothing in Cube', async () => {
  const answers = createAnswers({
    cube,
    views: await cube.views(),
    instance: async () => ({ time_zone: 'UTC' }),
    limits: CACHE_LIMITS,
  })
  for (let index = 0; index < QUESTIONS; index += 1) {
    const moment = new Date(1_700_000_000_000 + index * 1_000).toISOString()
    const timeDimensions = [{ dimension: 'sales.at', dateRange: [moment, moment] }]
    const scope = { role: 'distributor', rows: String(1 + (index % 200)) }
    const checkpoint = { epoch: '1', lsn: '1', commit_at: moment, topics: { sales: '1' } }
    await answers.answer({ measures: ['sales.units'], timeDimensions }, scope, checkpoint)
  }
  expect(written).toHaveLength(QUESTIONS)
  expect(answers.cache.size().entries).toBe(CACHE_LIMITS.entries_max)
  // One store for the whole process, whoever looks at it.
  const { LocalCacheDriver } = createRequire(import.meta.url)('@cubejs-backend/query-orchestrator')
  expect(Object.keys(new LocalCacheDriver().store)).toEqual([])
}, 120_000)
