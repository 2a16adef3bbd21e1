import { inject } from 'vitest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { proveMeasures } from './reconcile/prove.ts'
import { foundCompany, lastWeeks } from './test/company.ts'
import { startDatabases, type Databases } from './test/databases.ts'
import { writeOrder } from './test/history.ts'
import { createRandom } from './test/random.ts'

const ORDERS = 25
/** Each proof compiles the model anew. */
const PROOF_MS_MAX = 240_000
/** Behind every position that Postgres can be at in this test. */
const FAR_LSN = '4611686018427387904'
const VIEWS = ['sales', 'fulfilment', 'customer_cohorts', 'distributor_performance', 'stock']

let databases: Databases

beforeAll(async () => {
  databases = await startDatabases()
  const random = createRandom(5)
  const company = await foundCompany(databases.sql, random, lastWeeks())
  for (let number = 0; number < ORDERS; number += 1) {
    await writeOrder(databases.sql, random, company, number)
  }
  await databases.copy()
  await databases.clickhouse.command({
    query: `
      insert into cdc_checkpoint (pipe, epoch, commit_lsn, commit_at, topics, slot_identity)
      values ('main', 1, ${FAR_LSN}, now(), map(), 'test')
    `,
  })
})
afterAll(() => databases.stop())

async function differences() {
  const url = new URL(inject('databaseUrl'))
  const [row] = await databases.sql<{ name: string }[]>`select current_database() as name`
  url.pathname = `/${row?.name}`
  const sides = {
    databaseUrl: url.href,
    clickhouseUrl: databases.clickhouseUrl,
    pipe: 'main',
  }
  const proved = await proveMeasures(sides, VIEWS)
  return [...proved].flatMap(([view, outcome]) => outcome.differences.map(() => view))
}

test(
  'every number of a running instance is what its operational tables say',
  async () => {
    expect(await differences()).toEqual([])
  },
  PROOF_MS_MAX,
)

test(
  'what was committed after the moment is not held against ClickHouse',
  async () => {
    await databases.clickhouse.command({
      query: `
      insert into journal_entry (id, txn_id, kind, at, business_day, account, amount_cents, quantity, _version)
      values (900001, 900001, 'sale', now(), today(), 'sales', -100, 1, pow(2, 126))
    `,
    })
    expect(await differences()).toEqual([])
  },
  PROOF_MS_MAX,
)

test(
  'an entry that ClickHouse has lost is found in every view that reads it',
  async () => {
    await databases.clickhouse.command({
      query: `
      alter table journal_entry delete
      where id = (select min(id) from journal_entry where account = 'cash' and kind = 'sale')
        or id = (select min(id) from journal_entry where account = 'sales')
      settings mutations_sync = 2
    `,
    })
    const found = new Set(await differences())
    expect(found).toContain('sales')
    expect(found).not.toContain('stock')
  },
  PROOF_MS_MAX,
)
