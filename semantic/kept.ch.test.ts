/**
 * What the ledgers keep beside their rows (`sql/clickhouse/0041_kept_cash.sql`) must say what the rows say: while parts
 * are young, merged, healed or built anew. The same questions are asked of copies that keep nothing.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createService } from './service.ts'
import type { CubeQuery } from './query.ts'
import { ADMIN, batch, SECRET, type Who } from './test/compare.ts'
import { moveCheckpoint, startDatabases, type Databases } from './test/databases.ts'
import { dayOf, foundMirrors, postLedgers, ZONE } from './test/ledgers.ts'
import { createRandom } from './test/random.ts'

const SEED = Number(process.env.SEED ?? 20_261_130)
const ROWS_YOUNG = 2_000
/** Enough that what is kept is several granules less. */
const ROWS_SETTLED = 100_000
const MS_MAX = 180_000
const POSTED = ['journal_entry', 'stock_move', 'commission_entry'] as const
const LEDGERS = [...POSTED, 'order_event', 'funnel_event'] as const
const TEAMS: Who[] = [ADMIN, { role: 'distributor', distributor_id: '2' }]

const random = createRandom(SEED)
let databases: Databases
let plainUrl: URL
let kept: Awaited<ReturnType<typeof createService>>
let plain: Awaited<ReturnType<typeof createService>>
let posted = 0

beforeAll(async () => {
  console.error(`seed ${SEED}`)
  databases = await startDatabases()
  await databases.sql`insert into instance (name, currency, time_zone) values ('Test', 'CLP', ${ZONE})`
  await databases.copy()
  await foundMirrors(databases.clickhouse)
  plainUrl = new URL(databases.clickhouseUrl)
  plainUrl.pathname = `${plainUrl.pathname}_plain`
  await foundPlain()
  await copyPlain()
  kept = await serviceOf(databases.clickhouseUrl)
  plain = await serviceOf(plainUrl.href)
})
afterAll(async () => {
  await kept.app.close()
  await plain.app.close()
  await command(`drop database ${plainUrl.pathname.slice(1)} sync`)
  await databases.stop()
})

test(
  'every view that reads what is kept says what the rows say, whatever has become of the parts',
  async () => {
    for (const fate of ['young', 'merged', 'healed', 'young', 'built']) {
      await post(ROWS_YOUNG)
      await post(ROWS_YOUNG)
      await befall(fate)
      await expectSame(fate)
    }
  },
  MS_MAX,
)

test('settled parts are read by what they keep', async () => {
  await post(ROWS_SETTLED)
  await befall('built')
  await copyPlain()
  const queries = questions()
  const ours = await batch(kept.app, ADMIN, queries)
  const theirs = await batch(plain.app, ADMIN, queries)
  for (const [index, { measures }] of queries.entries()) {
    expect(ours[index]?.cost.rows_read, measures?.[0]).toBeLessThan(
      (theirs[index]?.cost.rows_read ?? 0) / 2,
    )
  }
})

test('an insert of any ledger is one part that keeps nothing yet', async () => {
  for (const ledger of POSTED) await command(`system stop merges ${ledger}`)
  await post(ROWS_YOUNG)
  for (const ledger of POSTED) {
    const result = await databases.clickhouse.query({
      query: `select toString(length(projections)) as kept from system.parts
              where database = currentDatabase() and table = '${ledger}' and active
              order by max_block_number desc limit 1`,
      format: 'JSONEachRow',
    })
    expect(await result.json(), ledger).toEqual([{ kept: '0' }])
    await command(`system start merges ${ledger}`)
  }
})

async function post(rows: number) {
  await postLedgers(databases.clickhouse, { first: posted, rows, seed: SEED })
  posted += rows
  await moveCheckpoint(databases.clickhouse, 'sales', 'catalog', 'stock', 'commissions')
}

async function expectSame(fate: string) {
  await copyPlain()
  for (const who of TEAMS) {
    const queries = questions()
    const ours = await batch(kept.app, who, queries)
    const theirs = await batch(plain.app, who, queries)
    for (const [index, query] of queries.entries()) {
      const words = JSON.stringify({ fate, who, query })
      expect(ours[index]?.problem, words).toEqual(theirs[index]?.problem)
      if (theirs[index]?.problem) continue
      expect(theirs[index]?.data.length, words).toBeGreaterThan(0)
      expect(sorted(ours[index]?.data), words).toEqual(sorted(theirs[index]?.data))
    }
  }
}

/** Every measure of each view by the groups that tell its rows apart; a period that is over, so that no clock moves it. */
function questions(): CubeQuery[] {
  const dateRange: [string, string] = [dayOf(random.between(12, 40)), dayOf(random.between(1, 11))]
  const all = (view: string, dimensions: string[], period = false): CubeQuery => ({
    measures: kept.views.find(({ name }) => name === view)?.measures.map(({ name }) => name) ?? [],
    dimensions: dimensions.map((name) => `${view}.${name}`),
    ...(period && { timeDimensions: [{ dimension: `${view}.at`, dateRange }] }),
    limit: 10_000,
  })
  return [
    all('distributor_performance', ['distributor_id', 'activity', 'dependence'], true),
    all('customers', ['recency_score', 'frequency_score', 'monetary_score']),
    all('customer_profiles', ['customer_id', 'first_day', 'last_day', 'rfm_segment']),
    all('customer_cohorts', ['cohort_month', 'months_since']),
    all('product_velocity', ['sku_id', 'abc', 'xyz', 'first_sale_day', 'last_sale_day']),
  ]
}

function sorted(rows: object[] = []) {
  return rows.map((row) => JSON.stringify(row)).toSorted()
}

/** What can become of parts; young ones have only just come. */
async function befall(fate: string) {
  for (const ledger of POSTED) {
    if (fate === 'merged') await command(`optimize table ${ledger} final`)
    if (fate === 'healed')
      await command(`alter table ${ledger} delete where id % 37 = ${random.below(37)}`)
  }
  if (fate !== 'built') return
  await command('alter table journal_entry clear projection cash')
  const { data } = await (
    await databases.clickhouse.query({
      query: `select table, name from system.projections
              where database = currentDatabase() and table in ('${POSTED.join("', '")}')`,
      format: 'JSONCompact',
    })
  ).json<[string, string]>()
  // All of them: parts that keep different things are never merged.
  for (const [table, name] of data)
    await command(`alter table ${table} materialize projection ${name}`)
}

/** Its ledgers are tables that keep nothing; everything else is looked up where it is. There is no checkpoint in it. */
async function foundPlain() {
  const [source, target] = [databases.clickhouseUrl, plainUrl.href].map((address) =>
    new URL(address).pathname.slice(1),
  )
  await command(`create database ${target}`)
  const result = await databases.clickhouse.query({
    query: `select name from system.tables where database = currentDatabase() and name not in ('${LEDGERS.join("', '")}')`,
    format: 'JSONEachRow',
  })
  for (const { name } of await result.json<{ name: string }>()) {
    const where = name === 'cdc_checkpoint' ? 'where false' : ''
    await command(`create view ${target}.${name} as select * from ${source}.${name} ${where}`)
  }
}

async function copyPlain() {
  const target = plainUrl.pathname.slice(1)
  for (const ledger of LEDGERS) {
    await command(`
      create or replace table ${target}.${ledger} engine = MergeTree order by id as
      select *, at_second from ${ledger} settings optimize_use_projections = 0`)
  }
}

function serviceOf(url: string) {
  return createService(
    { CLICKHOUSE_URL: url, TOKEN_SECRET: SECRET, PIPE: 'main', LOG_LEVEL: 'warn' },
    { toDaily: () => null },
  )
}

async function command(query: string) {
  await databases.clickhouse.command({
    query,
    clickhouse_settings: { mutations_sync: '1', alter_sync: '1' },
  })
}
