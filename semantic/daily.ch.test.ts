/** Days and entries must say the same at every moment: while parts are young, half merged, healed, or cut off. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createService } from './service.ts'
import { keptMembers, type Kept } from './kept.ts'
import type { CubeQuery } from './query.ts'
import { ADMIN, batch, SECRET, type Who } from './test/compare.ts'
import { moveCheckpoint, startDatabases, type Databases } from './test/databases.ts'
import { createRandom, type Random } from './test/random.ts'

const SEED = Number(process.env.SEED ?? 20_261_125)
const VIEWS = ['sales', 'profit', 'products', 'distributors', 'order_lines']
/** Clocks go forward here at midnight, so one day of the range has none. */
const ZONE = 'America/Santiago'
const FIRST = Date.parse('2026-08-01T12:00:00Z')
const DAYS = 70
const DAY_MS = 86_400_000
const ROUNDS = 5
const ROWS_PER_INSERT = 1_000
const INSERTS = 4
const QUESTIONS = 12

const random = createRandom(SEED)
let databases: Databases
let daily: Awaited<ReturnType<typeof createService>>
let plain: Awaited<ReturnType<typeof createService>>
let members: Map<string, Kept>

beforeAll(async () => {
  console.error(`seed ${SEED}`)
  databases = await startDatabases()
  await databases.sql`insert into instance (name, currency, time_zone) values ('Test', 'CLP', ${ZONE})`
  await databases.copy()
  await foundMirrors()
  const config = {
    CLICKHOUSE_URL: databases.clickhouseUrl,
    TOKEN_SECRET: SECRET,
    PIPE: 'main',
    LOG_LEVEL: 'warn',
  }
  daily = await createService(config)
  plain = await createService(config, { toDaily: () => null })
  members = keptMembers(daily.views)
})
afterAll(async () => {
  await daily.app.close()
  await plain.app.close()
  await databases.stop()
})

test('every measure that days have is what the entries say, whatever has become of the parts', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let insert = 0; insert < INSERTS; insert += 1) await postEntries(round * INSERTS + insert)
    await disturb(random)
    await moveCheckpoint(databases.clickhouse, 'sales', 'catalog')
    for (let question = 0; question < QUESTIONS; question += 1) {
      const who: Who = random.chance(0.4)
        ? { role: 'distributor', distributor_id: String(random.between(1, 12)) }
        : ADMIN
      await expectSame(who, questionOf(random, random.pick(VIEWS)))
    }
  }
})

test('every measure by each of its groups, and every group, comes by days at least once', async () => {
  const seen = new Set<string>()
  for (const [name, { columns, isTime }] of members) {
    const view = name.split('.')[0] ?? ''
    if (isTime) continue
    const isMeasure = daily.views.some(({ measures }) => measures.some((one) => one.name === name))
    const query = isMeasure
      ? { measures: [name] }
      : { measures: [measureOf(view)], dimensions: [name] }
    const route = await expectSame(ADMIN, { ...query, limit: 10_000 })
    if (route === 'daily') seen.add(name)
    else expect(columns, `${name} is asked of entries`).not.toEqual([])
  }
  const expected = [...members].filter(([, { isTime }]) => !isTime).map(([name]) => name)
  expect([...seen].toSorted()).toEqual(expected.toSorted())
})

test('merged parts are read by what they keep of each day, and a fresh insert is in the next answer', async () => {
  await databases.clickhouse.command({
    query: 'alter table journal_entry materialize projection day_channel',
    clickhouse_settings: { mutations_sync: '1' },
  })
  const query = { measures: ['sales.revenue_cents', 'sales.order_count'] }
  await moveCheckpoint(databases.clickhouse, 'sales')
  const [before] = await batch(daily.app, ADMIN, [query])
  const [entries] = await batch(plain.app, ADMIN, [query])
  expect(before?.cost).toMatchObject({ route: 'daily', cached: false })
  expect(before?.cost.rows_read).toBeLessThan((entries?.cost.rows_read ?? 0) / 2)
  await postEntries(ROUNDS * INSERTS)
  await moveCheckpoint(databases.clickhouse, 'sales')
  const [after] = await batch(daily.app, ADMIN, [query])
  expect(after?.data).not.toEqual(before?.data)
  await expectSame(ADMIN, query)
})

test('an insert of facts is one part, and nothing of a day is built until parts merge', async () => {
  await databases.clickhouse.command({ query: 'system stop merges journal_entry' })
  await postEntries(ROUNDS * INSERTS + 1)
  const result = await databases.clickhouse.query({
    query: `select toString(length(projections)) as kept
            from system.parts
            where database = currentDatabase() and table = 'journal_entry' and active
            order by modification_time desc, max_block_number desc
            limit 1`,
    format: 'JSONEachRow',
  })
  expect(await result.json()).toEqual([{ kept: '0' }])
  await databases.clickhouse.command({ query: 'system start merges journal_entry' })
})

async function expectSame(who: Who, query: CubeQuery) {
  const [byDays] = await batch(daily.app, who, [query])
  const [byEntries] = await batch(plain.app, who, [query])
  const words = `${JSON.stringify({ who, query })} by ${byDays?.cost?.route}`
  if (byEntries?.problem) {
    expect(byDays?.problem, words).toEqual(byEntries.problem)
    return null
  }
  expect(byDays?.problem, words).toBeUndefined()
  expect(sorted(byDays?.data), words).toEqual(sorted(byEntries?.data))
  return byDays?.cost.route ?? null
}

function sorted(rows: object[] = []) {
  return rows.map((row) => JSON.stringify(row)).toSorted()
}

function questionOf(random: Random, view: string): CubeQuery {
  const ofView = [...members].filter(([name]) => name.startsWith(`${view}.`))
  const meta = daily.views.find(({ name }) => name === view)
  const isMeasure = (name: string) => meta?.measures.some((one) => one.name === name) === true
  const measures = ofView.map(([name]) => name).filter(isMeasure)
  const groups = ofView
    .filter(([name, { isTime }]) => !isMeasure(name) && !isTime)
    .map(([name]) => name)
  const from = random.below(DAYS - 10)
  const to = from + random.between(3, DAYS - from)
  const granularity = random.pick([null, 'day', 'week', 'month', 'quarter', 'year'])
  const range: [string, string] = [dayOf(from), dayOf(to)]
  const time = {
    dimension: `${view}.at`,
    ...(granularity && { granularity }),
    ...(random.chance(0.8) && { dateRange: range }),
  }
  return {
    measures: [measureOf(view), ...random.some(measures, 3)],
    dimensions: random.some(groups, 2),
    timeDimensions: [time],
    ...(random.chance(0.3) && { filters: [filterOf(random, view)] }),
    limit: 10_000,
  }
}

function filterOf(random: Random, view: string) {
  const id = view === 'products' || view === 'order_lines' ? 'product_id' : 'distributor_id'
  const values = [String(random.between(1, 12)), String(random.between(1, 12))]
  return { member: `${view}.${id}`, operator: random.pick(['equals', 'notEquals']), values }
}

function measureOf(view: string) {
  return view === 'distributors' ? 'distributors.team_revenue_cents' : `${view}.revenue_cents`
}

function dayOf(index: number) {
  return new Date(FIRST + index * DAY_MS).toISOString().slice(0, 10)
}

/** Entries of any account at any second, some days late, some of no order, amounts beyond what a double can tell. */
async function postEntries(nth: number) {
  const chance = (purpose: string) => `cityHash64(number, ${nth}, ${SEED}, '${purpose}')`
  await databases.clickhouse.command({
    query: `
      insert into journal_entry (id, txn_id, kind, at, business_day, account, amount_cents, quantity, order_id,
        order_line_id, sku_id, product_id, channel_id, distributor_id, ancestor_ids, customer_id, warehouse_id,
        _version)
      select ${nth * ROWS_PER_INSERT} + number, number, 'sale',
        toDateTime64('${dayOf(0)} 04:00:00', 6, 'UTC') + toIntervalMillisecond(${chance('at')} % ${DAYS * DAY_MS}) as moment,
        toDate32(toTimeZone(moment, '${ZONE}')),
        ['sales', 'shipping_income', 'discount', 'refund', 'cogs', 'commission', 'fee', 'cash'][1 + ${chance('account')} % 8],
        toInt64(${chance('amount')} % 10) * 100000000000000 - 400000000000000 + toInt64(${chance('cents')} % 1000),
        toInt64(${chance('pieces')} % 9) - 2,
        if(${chance('no order')} % 5 = 0, null, toInt64(1 + ${chance('order')} % 300)), null,
        toInt64(1 + ${chance('sku')} % 24), if(${chance('no product')} % 6 = 0, null, toInt64(1 + intDiv(${chance('sku')} % 24, 2))),
        toInt64(1 + ${chance('channel')} % 3),
        if(${chance('direct')} % 6 = 0, null, toInt64(1 + ${chance('seller')} % 12)) as seller,
        if(seller is null, [], arrayFilter(node -> node > 0, [intDiv(assumeNotNull(seller), 4), intDiv(assumeNotNull(seller), 2), assumeNotNull(seller)])),
        null, null, ${nth * ROWS_PER_INSERT} + number
      from numbers(${ROWS_PER_INSERT})`,
  })
}

/** What can become of parts: merged all, merged some, healed by a deletion, or nothing yet. */
async function disturb(random: Random) {
  const { clickhouse } = databases
  const what = random.pick(['nothing', 'merge', 'heal', 'build'])
  if (what === 'merge') await clickhouse.command({ query: 'optimize table journal_entry final' })
  if (what === 'heal') {
    await clickhouse.command({
      query: `alter table journal_entry delete where id % 37 = ${random.below(37)}`,
      clickhouse_settings: { mutations_sync: '1' },
    })
  }
  if (what === 'build') {
    await clickhouse.command({
      query: 'alter table journal_entry materialize projection day_channel',
      clickhouse_settings: { mutations_sync: '1' },
    })
  }
}

async function foundMirrors() {
  const insert = (table: string, values: object[]) =>
    databases.clickhouse.insert({ table, values, format: 'JSONEachRow' })
  const mirror = { _version: '1', _deleted: 0 }
  const rows = (count: number, row: (id: number) => object) =>
    Array.from({ length: count }, (_, index) => ({ id: index + 1, ...row(index + 1), ...mirror }))
  const named = (id: number) => ({ code: `code ${id}`, name: `Name ${id}` })
  await insert('channel', rows(3, named))
  await insert(
    'product',
    rows(12, (id) => ({ ...named(id), category: `c${id % 3}` })),
  )
  await insert(
    'sku',
    rows(24, (id) => ({ ...named(id), product_id: Math.ceil(id / 2) })),
  )
  await insert(
    'distributor',
    rows(12, (id) => ({ ...named(id), region: `r${id % 4}`, grade: 'standard' })),
  )
}
