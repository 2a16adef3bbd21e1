import { beforeAll, expect, test } from 'vitest'
import { NOTHING_SPENT } from './clickhouse.ts'
import { createCube } from './cube.ts'
import { dimensions, measures, views } from './members.ts'
import type { CubeQuery } from './query.ts'
import { shapeOf } from './shape.ts'

const ADMIN = { role: 'admin', rows: 'all' }
const COMPILE_MS_MAX = 60_000
/** Over the nights on which the clocks change, in summer and in winter. */
const DAYS: [string, string][] = [
  ['2026-11-30', '2026-11-30'],
  ['2026-07-01', '2026-07-31'],
  ['2026-03-08', '2026-03-29'],
  ['2026-10-25', '2026-11-01'],
]
const ZONES = ['America/New_York', 'Asia/Shanghai', 'Europe/London', 'UTC']

const written: { sql: string; values: readonly unknown[] }[] = []
const cube = createCube(async (sql, values) => {
  written.push({ sql, values })
  return { rows: [], rowsBeforeLimit: 0, spent: NOTHING_SPENT }
})
beforeAll(() => cube.load({ measures: ['sales.units'], timezone: 'UTC' }, ADMIN), COMPILE_MS_MAX)

/** Days are no moments, so they are left to Cube, which makes these moments of them. */
function momentsOf([from, to]: [string, string]): [string, string] {
  return [`${from}T00:00:00.000`, `${to}T23:59:59.999`]
}

test.each(Object.keys(views))(
  '%s: the SQL and its values are those that Cube writes for the range itself',
  async (view) => {
    if (!(`${view}.at` in dimensions)) return
    const asked = Object.keys(measures).filter((name) => name.startsWith(`${view}.`))
    for (const [index, days] of DAYS.entries()) {
      const ask = (dateRange: [string, string]) =>
        cube.load(
          {
            measures: asked.slice(0, 2),
            timeDimensions: [{ dimension: `${view}.at`, dateRange }],
            timezone: ZONES[index] ?? 'UTC',
          },
          ADMIN,
        )
      written.length = 0
      const shaped = await ask(momentsOf(days))
      const plain = await ask(days)
      expect(written[0]).toEqual(written[1])
      expect(shaped.results[0]?.query).toEqual(plain.results[0]?.query)
    }
  },
  COMPILE_MS_MAX,
)

test('each zone and moment stands in the values as Cube itself would put it there', async () => {
  for (const timezone of ZONES) {
    for (const days of DAYS) {
      const ask = (dateRange: [string, string]) =>
        cube.load(
          {
            measures: ['sales.revenue_cents'],
            timeDimensions: [{ dimension: 'sales.at', dateRange, granularity: 'hour' }],
            timezone,
          },
          ADMIN,
        )
      written.length = 0
      await ask(momentsOf(days))
      await ask(days)
      expect(written[0]).toEqual(written[1])
    }
  }
})

test('what is no single range between two moments is left to Cube as it is', () => {
  const day = { measures: ['sales.units'], timezone: 'UTC' }
  const dimension = 'sales.at'
  for (const timeDimensions of [
    [{ dimension, dateRange: 'last 7 days' }],
    [{ dimension, dateRange: ['2026-11-01', '2026-11-02'] }],
    [{ dimension, granularity: 'day' }],
    [],
  ]) {
    const query: CubeQuery = { ...day, timeDimensions }
    expect(shapeOf(query).query).toBe(query)
    expect(shapeOf(query).values(['all', 1])).toEqual(['all', 1])
  }
})
