import { beforeAll, expect, test, vi } from 'vitest'
import { NOTHING_SPENT, type Run } from './clickhouse.ts'
import { createCube, type Loaded } from './cube.ts'
import { dimensions, measures, views } from './members.ts'
import { Problem } from './problem.ts'
import type { CubeQuery } from './query.ts'
import { createRandom, type Random } from './test/random.ts'

const ALL = { role: 'admin', rows: 'all' }
const COMPILE_MS_MAX = 60_000
const QUESTIONS = 150
const SEED = Number(process.env.SEED ?? 1)
const VIEWS = Object.keys(views).filter((view) =>
  [measures, dimensions].every((names) =>
    namesIn(view, names).some((name) => name !== `${view}.at`),
  ),
)
const RANGES: [string, string][] = [
  ['2026-11-30T00:00:00', '2026-11-30T23:59:59'],
  ['2026-10-25T00:00:00', '2026-11-01T12:30:00'],
  ['2026-03-08T00:00:00', '2026-03-29T23:59:59'],
]

/** Answers three rows of whatever is asked, and notes what that was. */
function recorded() {
  const asked: { sql: string; values: readonly unknown[] }[] = []
  const run: Run = async (sql, values) => {
    asked.push({ sql, values })
    const names = new Set([...sql.matchAll(/`([a-z0-9_]+__[a-z0-9_]+)`/g)].map(([, name]) => name))
    const rows = [1, 2, 3].map((row) =>
      Object.fromEntries(
        [...names].map((name) => [name, row === 2 ? null : `2026-11-0${row} 08:00:00`]),
      ),
    )
    return { rows, rowsBeforeLimit: asked.length, spent: NOTHING_SPENT }
  }
  return { asked, cube: createCube(run) }
}

const kept = recorded()
const anew = recorded()
beforeAll(async () => {
  for (const { cube } of [kept, anew]) {
    await cube.load({ measures: ['sales.units'], timezone: 'UTC' }, ALL)
  }
}, COMPILE_MS_MAX)

/** All that is of the moment of asking. */
function lasting({ results, ...rest }: Loaded) {
  return { ...rest, results: results.map((result) => ({ ...result, lastRefreshTime: null })) }
}

test(
  `an answer by what was kept is the one that Cube itself gives (SEED=${SEED})`,
  async () => {
    const random = createRandom(SEED)
    for (let number = 0; number < QUESTIONS; number += 1) {
      const { ask, scope } = anyQuestion(random)
      const [first, second] = [random.pick(RANGES), random.pick(RANGES)]
      await kept.cube.load(ask(first), scope)
      kept.asked.length = anew.asked.length = 0
      const [ours, cubes] = [
        await kept.cube.load(ask(second), scope),
        await anew.cube.load(ask(second), scope),
      ]
      expect(lasting(ours)).toEqual(lasting(cubes))
      expect(kept.asked).toEqual(anew.asked)
    }
  },
  COMPILE_MS_MAX,
)

test(
  'a question that fails is asked again, and a kept one fails as it would',
  async () => {
    let isDown = false
    const cube = createCube(async () => {
      if (isDown) throw new Problem(503, 'BUSY', 'Too many questions at once')
      return { rows: [], rowsBeforeLimit: 0, spent: NOTHING_SPENT }
    })
    const ask = () => cube.load({ measures: ['sales.units'], timezone: 'UTC' }, ALL)
    const states = [true, false, true, false]
    for (const state of states) {
      isDown = state
      const asked = ask()
      if (state) await expect(asked).rejects.toMatchObject({ status: 503, code: 'BUSY' })
      else expect((await asked).results).toHaveLength(1)
    }
  },
  COMPILE_MS_MAX,
)

test('what is relative to the clock is written anew', async () => {
  const today = {
    measures: ['sales.units'],
    timeDimensions: [{ dimension: 'sales.at', dateRange: 'today' }],
    timezone: 'UTC',
  }
  vi.useFakeTimers({ now: new Date('2026-11-29T12:00:00Z'), toFake: ['Date'] })
  await kept.cube.load(today, ALL)
  vi.setSystemTime(new Date('2026-11-30T12:00:00Z'))
  kept.asked.length = 0
  await kept.cube.load(today, ALL)
  vi.useRealTimers()
  expect(kept.asked[0]?.values).toContain('2026-11-30T00:00:00.000Z')
})

function namesIn(view: string, names: object) {
  return Object.keys(names).filter((name) => name.startsWith(`${view}.`))
}

function anyQuestion(random: Random) {
  const view = random.pick(VIEWS)
  const inView = (names: object) => namesIn(view, names)
  const time = `${view}.at`
  const by = inView(dimensions).filter((name) => name !== time)
  const only = random.pick(by)
  const asked = [random.pick(inView(measures)), ...random.some(inView(measures), 3)]
  const rest: CubeQuery = {
    measures: [...new Set(asked)],
    dimensions: random.some(by, 3),
    timezone: random.pick(['UTC', 'Asia/Shanghai', 'America/New_York']),
    ...(random.chance(0.3) && { filters: [{ member: only, operator: 'set' }] }),
    ...(random.chance(0.5) && { limit: random.between(1, 100) }),
    ...(random.chance(0.3) && { order: { [asked[0] ?? '']: 'desc' } }),
    ...(random.chance(0.3) && { total: true }),
    ...(random.chance(0.4) && { responseFormat: random.pick(['compact', 'columnar'] as const) }),
  }
  const granularity = random.pick(['', 'hour', 'day', 'month'])
  const ask = (dateRange: [string, string]): CubeQuery => ({
    ...rest,
    ...(time in dimensions && {
      timeDimensions: [{ dimension: time, dateRange, ...(granularity && { granularity }) }],
    }),
  })
  return { ask, scope: { role: 'admin', rows: random.pick(['all', '7']) } }
}
