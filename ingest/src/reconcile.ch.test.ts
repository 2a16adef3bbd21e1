import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { foundCompany, randomOf, trade } from './audit/test/history.ts'
import { createWorld, type World } from './audit/test/world.ts'

/** Measures are proved by a process that compiles the model first. */
const PROOF_MS_MAX = 240_000

let world: World
let stop: () => Promise<void>

beforeAll(async () => {
  world = await createWorld()
  await foundCompany(world.sql)
  stop = await world.stream()
  await trade(world.sql, randomOf(30), 20)
})

afterAll(async () => {
  await stop()
  await world.drop()
})

/** The command as people and scripts run it: its exit code, its text, and its last line. */
function reconcile(...args: string[]) {
  const env = { PATH: process.env.PATH, ...world.environment }
  return new Promise<{ code: unknown; text: string; errors: string; last: unknown }>((resolve) => {
    execFile(
      process.execPath,
      [join(import.meta.dirname, '../../scripts/reconcile.ts'), ...args],
      { env },
      (error, stdout, stderr) => {
        const last = stdout.trimEnd().split('\n').at(-1) ?? ''
        resolve({
          code: error ? error.code : 0,
          text: stdout,
          errors: stderr,
          last: last.startsWith('{') ? JSON.parse(last) : last,
        })
      },
    )
  })
}

test(
  'books that hold and analytics that are equal end in 0 and one line that says so',
  async () => {
    const { code, last } = await reconcile()
    expect(last).toEqual({
      reconcile: 'all',
      lsn: expect.stringMatching(/^\d+$/),
      as_of: expect.stringMatching(/^\d{4}-.+Z$/),
      checks: expect.any(Number),
      differences: 0,
      healed: 0,
      measures: expect.any(Number),
      parts: {
        core: { checks: expect.any(Number), differences: 0 },
        olap: { checks: expect.any(Number), differences: 0 },
        measures: { checks: expect.any(Number), differences: 0 },
      },
    })
    expect(code).toBe(0)
  },
  PROOF_MS_MAX,
)

test(
  'a cent too many ends in 1 with the row and the cent; healed, it ends in 0',
  async () => {
    const [sale] = await world.sql<{ id: string }[]>`
      select min(id)::text as id from journal_entry where account = 'sales'
    `
    const id = sale?.id ?? ''
    await world.clickhouse.command({
      query: `alter table journal_entry update amount_cents = amount_cents + 1 where id = ${id}`,
      clickhouse_settings: { mutations_sync: '1' },
    })
    const told = await reconcile('measures')
    expect(told.last).toMatchObject({ reconcile: 'measures', healed: 0 })
    expect(told.text).toMatch(/NOT {2}profit: /)
    expect(told.code).toBe(1)

    const found = await reconcile('olap')
    expect(found.last).toMatchObject({ reconcile: 'olap', differences: 1, healed: 0 })
    expect(found.text).toMatch(
      new RegExp(
        `journal_entry ${id} differs\\n +amount_cents: -?\\d+ in Postgres, -?\\d+ in ClickHouse`,
      ),
    )
    expect(found.code).toBe(1)

    const healed = await reconcile('olap', '--heal')
    expect(healed.last).toMatchObject({ reconcile: 'olap', differences: 0, healed: 1 })
    expect(healed.code).toBe(0)
  },
  PROOF_MS_MAX,
)

test('an invariant that is broken ends in 1 and names the row', async () => {
  await world.sql`alter table payment disable trigger user`
  await world.sql`update payment set amount_cents = amount_cents + 1 where id = 1`
  const { code, last, text } = await reconcile('core')
  await world.sql`update payment set amount_cents = amount_cents - 1 where id = 1`
  expect(last).toMatchObject({ reconcile: 'core', differences: 1 })
  expect(text).toMatch(
    /NOT {2}payments less refunds are the cash of an order\n +\d+: payments \d+, cash \d+/,
  )
  expect(code).toBe(1)
})

test('what it does not know ends in 2 with the line that is right', async () => {
  for (const args of [['everything'], ['core', 'olap'], ['core', '--heal'], ['--fast']]) {
    const { code, errors } = await reconcile(...args)
    expect(code, args.join(' ')).toBe(2)
    expect(errors).toContain('usage: npm run reconcile [-- core|olap|measures] [--heal]')
  }
})
