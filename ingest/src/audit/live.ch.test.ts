import { afterAll, beforeAll, expect, test } from 'vitest'
import { auditAll } from './audit.ts'
import { startAuditor } from './auditor.ts'
import type { AuditReport } from './report.ts'
import { auditCore, checkCore } from './core.ts'
import { createLog } from '../log.ts'
import { foundCompany, randomOf, trade } from './test/history.ts'
import { createWorld, type World } from './test/world.ts'

const WAIT_MS_MAX = 60_000
/** Several audits, each beside writers, on a machine that may have other things to do. */
const TEST_MS_MAX = 180_000

/** Some writing all the time, and some time for the audit. */
const WRITE_EVERY_MS = 20

let world: World
let stop: () => Promise<void>

beforeAll(async () => {
  world = await createWorld()
  await foundCompany(world.sql)
  stop = await world.stream()
  await trade(world.sql, randomOf(10), 30)
})

afterAll(async () => {
  await stop()
  await world.drop()
})

/** Writers until told otherwise: orders, changes of what is mirrored, deletions, and a transaction left open. */
function startWriters() {
  let isOver = false
  let transactions = 0
  async function write(seed: number) {
    const random = randomOf(seed)
    while (!isOver) {
      await trade(world.sql, random, 2)
      await world.sql`update customer set name = ${crypto.randomUUID()} where id % 3 = ${Math.floor(random() * 3)}`
      await world.sql`insert into price (sku_id, list, price_cents) values (1, ${crypto.randomUUID()}, 5)`
      await world.sql`delete from price where list <> 'retail' and id % 2 = ${Math.floor(random() * 2)}`
      transactions += 4
      await new Promise((resolve) => setTimeout(resolve, WRITE_EVERY_MS))
    }
  }
  /** Its ids are given long before it commits, so they arrive behind later ones. */
  async function writeSlowly() {
    while (!isOver) {
      await world.sql.begin(async (t) => {
        await t`
          insert into funnel_event (at, business_day, step, visit_id, channel_id)
          select now(), business_day(now()), 'visit', gen_random_uuid(), id from channel
        `
        await t`select pg_sleep(0.2)`
      })
      transactions += 1
    }
  }
  const writing = Promise.all([write(21), write(22), writeSlowly()])
  return async () => {
    isOver = true
    await writing
    return transactions
  }
}

test(
  'what is written during an audit is never taken for a difference',
  { timeout: TEST_MS_MAX },
  async () => {
    const settle = startWriters()
    const audits = []
    for (let round = 0; round < 4; round += 1) {
      audits.push(await auditAll(world.databases, { isHealing: false }))
    }
    const transactions = await settle()

    expect(transactions).toBeGreaterThan(20)
    expect(audits.map(({ differences, rows }) => ({ differences, rows }))).toEqual(
      audits.map(() => ({ differences: 0, rows: [] })),
    )
    expect(new Set(audits.map((audit) => audit.lsn)).size).toBe(audits.length)
  },
)

test(
  'the audit that never stops says equal, then what is not, then equal again once it is healed',
  { timeout: TEST_MS_MAX },
  async () => {
    const reports: AuditReport[] = []
    const settle = startWriters()
    const auditor = startAuditor({
      databases: world.databases,
      log: createLog('silent'),
      publish: (report) => reports.push(report),
      isHealing: false,
      everyMs: 100,
    })
    try {
      const before = await next(reports, (report) => report.equal)
      expect(before).toMatchObject({ equal: true, differences: 0 })
      expect(before.cost.rows).toBeGreaterThan(0)

      const result = await world.clickhouse.query({
        query: 'select toString(id) from journal_entry order by id desc limit 2',
        format: 'JSONCompactEachRow',
      })
      const newest = (await result.json<[id: string]>()).map(([id]) => BigInt(id))
      await world.clickhouse.command({
        query: `alter table journal_entry update amount_cents = amount_cents + 1 where id in {newest: Array(Int64)}`,
        query_params: { newest },
        clickhouse_settings: { mutations_sync: '1' },
      })
      expect(await next(reports, (report) => !report.equal)).toMatchObject({ differences: 2 })
      // It goes on saying so for as long as it is so.
      expect(await next(reports, () => true)).toMatchObject({ equal: false, differences: 2 })

      await auditAll(world.databases, { isHealing: true })
      await next(reports, (report) => report.equal)
    } finally {
      await auditor.stop()
      await settle()
    }
    const positions = reports.map((report) => BigInt(report.lsn))
    expect(positions).toEqual(positions.toSorted((one, other) => (one < other ? -1 : 1)))
  },
)

async function next(reports: AuditReport[], isWanted: (report: AuditReport) => boolean) {
  const from = reports.length
  const deadline = Date.now() + WAIT_MS_MAX
  for (;;) {
    const found = reports.slice(from).find(isWanted)
    if (found) return found
    if (Date.now() > deadline)
      throw new Error(`waited for a report: ${JSON.stringify(reports.slice(from))}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

test('the books of a company that traded hold in every respect', async () => {
  const { results } = await auditCore(world.databases.databaseUrl)
  expect(results.filter((result) => result.violations > 0)).toEqual([])
  expect(results.length).toBeGreaterThan(25)
})

test.each([
  ['journal_balanced', `update journal_entry set amount_cents = amount_cents + 1 where id = 5`],
  ['journal_entry_as_its_transaction', `update journal_entry set kind = 'return' where id = 5`],
  ['stock_move_business_day', `update stock_move set business_day = business_day - 1 where id = 5`],
  [
    'stock_level_is_its_moves',
    `update stock_level set on_hand = on_hand + 1 where sku_id = 1 and warehouse_id = 1`,
  ],
  [
    'inventory_is_stock_value',
    `update journal_entry set amount_cents = amount_cents + 1 where account = 'inventory' and sku_id = 2`,
  ],
  [
    'order_is_its_lines',
    `update order_line set list_cents = list_cents + 1, total_cents = total_cents + 1 where id = 4`,
  ],
  [
    'pipeline_is_order_states',
    `update sales_order set state = 'shipped' where id = (select min(id) from sales_order where state = 'placed')`,
  ],
  [
    'revenue_is_paid_orders',
    `update journal_entry set amount_cents = amount_cents - 1 where account = 'sales' and order_line_id is not null`,
  ],
  ['payments_are_cash', `update payment set amount_cents = amount_cents + 1`],
  [
    'cash_is_what_was_kept',
    `update journal_entry set amount_cents = amount_cents + 1 where account = 'cash'`,
  ],
  [
    'line_cost_is_what_left',
    `update order_line set cost_cents = cost_cents + 1 where cost_cents is not null`,
  ],
  [
    'commission_never_below_nothing',
    `update commission_entry set amount_cents = amount_cents * 3 where amount_cents < 0`,
  ],
  [
    'commission_is_its_rate',
    `update commission_entry set amount_cents = amount_cents + 1 where kind = 'accrue'`,
  ],
  [
    'commission_is_in_the_journal',
    `update commission_entry set amount_cents = amount_cents + 1 where kind = 'accrue'`,
  ],
  [
    'ledgers_keep_the_tree_of_the_order',
    `update journal_entry set ancestor_ids = '{1}' where order_id is not null`,
  ],
  ['tree_has_its_paths', `update distributor set path = '1.99', depth = 2 where id = 3`],
  ['journal_txn_append_only', `drop trigger append_only on journal_txn`],
])('%s is found when it is broken', async (name, statement) => {
  const undo = new Error('undone')
  let violations = 0
  await world.sql
    .begin(async (t) => {
      // Only an owner who switches the guards off can do this at all.
      const [table = ''] = /(?<=^update )\w+/.exec(statement) ?? []
      if (table !== '') await t`alter table ${t(table)} disable trigger user`
      await t.unsafe(statement)
      const results = await checkCore(t)
      violations = results.find((result) => result.name === name)?.violations ?? -1
      throw undo
    })
    .catch((error: unknown) => {
      if (error !== undo) throw error
    })
  expect(violations).toBeGreaterThan(0)
})
