import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dimensions, measures, views } from './members.ts'
import { createService } from './service.ts'
import {
  ADMIN,
  ask,
  askOracle,
  batch,
  comparable,
  queryOf,
  SECRET,
  type Question,
  type Who,
} from './test/compare.ts'
import { moveCheckpoint, startDatabases, type Databases } from './test/databases.ts'
import {
  CLOCKS_GO_BACK,
  foundCompany,
  lastWeeks,
  moveDistributor,
  type Company,
  type Era,
} from './test/company.ts'
import { momentOf, writeOrder, writeVisit } from './test/history.ts'
import { createOracle, ORACLE } from './test/oracle.ts'
import { createRandom, type Random } from './test/random.ts'

const ORDERS = 120
/** Its rows are of the whole period asked for. */
const OF_ONE_PERIOD = new Set(['distributor_performance', 'peers'])
const QUESTIONS_PER_VIEW = 8
const SEED = Number(process.env.SEED ?? 20_261_124)

describe.each([
  { name: 'over the day the clocks go back', era: () => CLOCKS_GO_BACK },
  { name: 'over the last weeks', era: lastWeeks },
])('$name', ({ era: eraOf }) => {
  const era = eraOf()
  const random = createRandom(SEED)
  let databases: Databases
  let service: Awaited<ReturnType<typeof createService>>
  let company: Company

  beforeAll(async () => {
    console.error(`seed ${SEED}`)
    databases = await startDatabases()
    company = await liveThrough(databases, random, era)
    await createOracle(databases.sql)
    service = await createService({
      CLICKHOUSE_URL: databases.clickhouseUrl,
      TOKEN_SECRET: SECRET,
      PIPE: 'main',
      LOG_LEVEL: 'warn',
    })
  })
  afterAll(async () => {
    await service.app.close()
    await databases.stop()
  })

  test('the oracle knows every measure there is', () => {
    const known = Object.entries(ORACLE).flatMap(([view, { measures: names }]) =>
      Object.keys(names).map((name) => `${view}.${name}`),
    )
    expect(known.toSorted()).toEqual(Object.keys(measures).toSorted())
  })

  test.each(Object.keys(views))(
    '%s: every measure is what the operational tables say',
    async (view) => {
      const questions = Array.from({ length: QUESTIONS_PER_VIEW }, () =>
        questionOf(random, view, era),
      )
      for (const question of [
        { ...questions[0], view, dimensions: [], granularity: null, range: null, only: null },
        ...questions,
      ]) {
        const answer = await ask(service.app, ADMIN, queryOf(question))
        const truth = await askOracle(databases.sql, era.time_zone, ADMIN, question)
        expect(comparable(answer, view), JSON.stringify(question)).toEqual(comparable(truth, view))
      }
    },
  )

  test.each(Object.keys(views))(
    '%s: a distributor sees exactly his part, or is told that he may not',
    async (view) => {
      for (const distributor_id of company.distributors) {
        const who: Who = { role: 'distributor', distributor_id }
        const question = questionOf(random, view, era)
        const [result] = await batch(service.app, who, [queryOf(question)])
        if (ORACLE[view]?.scope === null) {
          expect(result?.problem).toMatchObject({ status: 403, code: 'VIEW_FORBIDDEN' })
          continue
        }
        if (question.dimensions.includes('customer')) {
          expect(result?.problem).toMatchObject({ status: 403, code: 'MEMBER_FORBIDDEN' })
          continue
        }
        expect(result?.problem, JSON.stringify({ who, question })).toBeUndefined()
        const truth = await askOracle(databases.sql, era.time_zone, who, question)
        expect(comparable(result?.data ?? [], view), JSON.stringify({ who, question })).toEqual(
          comparable(truth, view),
        )
      }
    },
  )

  test('hours of two weeks add up to the whole, to the cent', async () => {
    const range: [string, string] = [wallClock(era.from, era), wallClock(era.to - 1_000, era)]
    const whole = { view: 'profit', dimensions: [], granularity: null, range, only: null } as const
    const [total] = await ask(service.app, ADMIN, queryOf({ ...whole, dimensions: [] }))
    const hours = await ask(
      service.app,
      ADMIN,
      queryOf({ ...whole, dimensions: [], granularity: 'hour' }),
    )
    for (const [name, { additive }] of Object.entries(measures)) {
      if (!name.startsWith('profit.') || !additive) continue
      const sum = hours.reduce((cents, row) => cents + BigInt(row[name] ?? 0), 0n)
      expect(String(sum), name).toBe(total?.[name])
    }
    expect(BigInt(total?.['profit.revenue_cents'] ?? 0)).toBeGreaterThan(2n ** 53n)
  })
})

async function liveThrough({ sql, clickhouse, copy }: Databases, random: Random, era: Era) {
  const company = await foundCompany(sql, random, era)
  for (let number = 0; number < ORDERS; number += 1) {
    await writeOrder(sql, random, company, number)
    if (number % 25 === 24) await moveDistributor(sql, random, company)
    const distributor = random.chance(0.3) ? null : random.pick(company.distributors)
    await writeVisit(sql, random, {
      visit: `visit-${number}`,
      channel: random.pick(company.channels),
      distributor,
      at: momentOf(random, era),
      depth: random.between(1, 3),
    })
  }
  await copy()
  await moveCheckpoint(
    clickhouse,
    ...new Set(Object.values(views).flatMap(({ topics }) => [...topics])),
  )
  return company
}

function questionOf(random: Random, view: string, era: Era): Question {
  const names = Object.entries(dimensions)
    .filter(([, { view: of, type }]) => of === view && type !== 'time')
    .map(([name]) => name.slice(view.length + 1))
  const hasTime = `${view}.at` in dimensions
  const asked = random.some(names, 3)
  const first = era.from + random.below((era.to - era.from) / 2)
  const last = first + random.below(era.to - first)
  return {
    view,
    dimensions: asked,
    granularity:
      hasTime && !OF_ONE_PERIOD.has(view)
        ? random.pick([null, 'hour', 'day', 'week', 'month'])
        : null,
    range:
      hasTime && random.chance(0.8)
        ? [wallClock(first, era), wallClock(last, era, ':59:59')]
        : null,
    only: random.chance(0.3) ? onlyOf(random, names) : null,
  }
}

function onlyOf(random: Random, names: string[]) {
  const values: Record<string, string> = {
    channel: 'web',
    region: 'north',
    category: 'tea',
    level: '1',
    state: 'available',
  }
  const possible = names.filter((name) => name in values)
  if (possible.length === 0) return null
  const dimension = random.pick(possible)
  return { dimension, value: values[dimension] ?? '' }
}

/** `2026-10-25T02:59:59` as people in the era's zone would say it. */
function wallClock(moment: number, era: Era, ending?: string): string {
  const words = new Date(moment)
    .toLocaleString('sv-SE', { timeZone: era.time_zone })
    .replace(' ', 'T')
  return ending ? `${words.slice(0, 13)}${ending}` : words
}
