import { afterAll, beforeAll, expect, test } from 'vitest'
import { auditAll } from './audit.ts'
import { foundCompany, randomOf, trade } from './test/history.ts'
import { createWorld, type World } from './test/world.ts'

let world: World
let stop: () => Promise<void>

beforeAll(async () => {
  world = await createWorld()
  await foundCompany(world.sql)
  await trade(world.sql, randomOf(1), 40)
  stop = await world.stream()
  await trade(world.sql, randomOf(2), 60)
})

afterAll(async () => {
  await stop()
  await world.drop()
})

test('a company and its analytics are equal as of one position, table by table', async () => {
  const tables = new Map<string, number>()
  const audit = await auditAll(world.databases, {
    isHealing: false,
    onTable: (table, checks) => tables.set(table, checks),
  })

  expect(audit).toMatchObject({ differences: 0, healed: 0, rows: [], days: [], tables: 15 })
  expect([...tables.entries()].filter(([, checks]) => checks === 0)).toEqual([['funnel_event', 0]])
  // Ledgers are compared day by day.
  expect(tables.get('journal_entry')).toBeGreaterThan(2)
})
