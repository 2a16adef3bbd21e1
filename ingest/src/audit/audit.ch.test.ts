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

function audit({ isHealing = false } = {}) {
  return auditAll(world.databases, { isHealing })
}

async function damage(query: string) {
  await world.clickhouse.command({ query, clickhouse_settings: { mutations_sync: '1' } })
}

/** Some row in the middle of a table. */
async function someId(table: string, where = 'true'): Promise<number> {
  const [row] = await world.sql.unsafe<{ id: number }[]>(
    `select id::int as id from ${table} where ${where} order by id limit 1 offset 7`,
  )
  if (!row) throw new Error(`${table} has no such row`)
  return row.id
}

async function columnsOf(table: string): Promise<string> {
  const result = await world.clickhouse.query({
    query: `
      select name from system.columns
      where database = currentDatabase() and table = '${table}' and default_kind = '' and name not like '\\_%'`,
    format: 'JSONCompactEachRow',
  })
  return (await result.json<[string]>()).map(([name]) => name).join(', ')
}

type Expected = { table: string; key?: string; [field: string]: unknown }

/**
 * Finds the planted damage and nothing else, heals it, and finds nothing. Tables are compared side by
 * side, so which is done first says nothing.
 */
async function expectFoundAndHealed(expected: Expected[]) {
  const healing = await audit({ isHealing: true })
  expect(healing.rows.toSorted(byTableAndKey)).toMatchObject(expected.toSorted(byTableAndKey))
  expect(healing).toMatchObject({ differences: 0, healed: expected.length })
  expect(await audit()).toMatchObject({ differences: 0, rows: [] })
}

function byTableAndKey(a: { table: string; key?: string }, b: { table: string; key?: string }) {
  return a.table.localeCompare(b.table) || (a.key ?? '').localeCompare(b.key ?? '')
}

test('a company and its analytics are equal as of one position, table by table', async () => {
  const tables = new Map<string, number>()
  const found = await auditAll(world.databases, {
    isHealing: false,
    onTable: (table, checks) => tables.set(table, checks),
  })

  const [published] = await world.sql<[{ tables: number }]>`
    select count(*)::int as tables from pg_publication_tables where pubname = 'tributary'
  `
  const { tables: expected } = published
  expect(found).toMatchObject({ differences: 0, healed: 0, rows: [], days: [], tables: expected })
  // Only where there is nothing is there nothing to compare.
  for (const [table, checks] of tables) {
    if (checks > 0) continue
    expect(await world.sql`select from ${world.sql(table)} limit 1`, table).toHaveLength(0)
  }
  // Ledgers are compared day by day.
  expect(tables.get('journal_entry')).toBeGreaterThan(2)
})

test('a ledger row that was lost is named, with its day and its cents, and put back', async () => {
  const id = await someId('journal_entry', 'amount_cents > 0')
  const [entry] = await world.sql<{ day: string; amount: string }[]>`
    select business_day::text as day, amount_cents::text as amount from journal_entry where id = ${id}
  `
  await damage(`alter table journal_entry delete where id = ${id}`)

  const found = await audit()
  expect(found).toMatchObject({ differences: 1, healed: 0 })
  const [day] = found.days
  expect(day).toMatchObject({ table: 'journal_entry', day: entry?.day })
  const column = day?.sums.indexOf('amount_cents') ?? -1
  const lost = (day?.postgres?.sums[column] ?? 0n) - (day?.clickhouse?.sums[column] ?? 0n)
  expect(lost).toBe(BigInt(entry?.amount ?? '0'))
  await expectFoundAndHealed([{ table: 'journal_entry', key: String(id), damage: 'missing' }])
})

test('a ledger row written twice is found and is one row again', async () => {
  const id = await someId('stock_move')
  const columns = await columnsOf('stock_move')
  await damage(
    `insert into stock_move (${columns}, _version) select ${columns}, _version from stock_move where id = ${id}`,
  )
  await expectFoundAndHealed([{ table: 'stock_move', key: String(id), damage: 'doubled' }])
  const result = await world.clickhouse.query({
    query: `select count() from stock_move where id = ${id}`,
    format: 'JSONCompactEachRow',
  })
  expect(await result.json()).toEqual([[1]])
})

test('an amount off by one cent is found and shown cell by cell', async () => {
  const id = await someId('journal_entry', `account = 'sales'`)
  const [entry] = await world.sql<
    { amount: string }[]
  >`select amount_cents::text as amount from journal_entry where id = ${id}`
  const amount = BigInt(entry?.amount ?? '0')
  await damage(`alter table journal_entry update amount_cents = amount_cents + 1 where id = ${id}`)
  await expectFoundAndHealed([
    {
      table: 'journal_entry',
      key: String(id),
      damage: 'differs',
      cells: [
        { column: 'amount_cents', postgres: String(amount), clickhouse: String(amount + 1n) },
      ],
    },
  ])
})

test('two errors that cancel out in every sum are found by the hash', async () => {
  const [one, other] = [
    await someId('commission_entry', `state = 'pending'`),
    await someId('commission_entry', `state = 'frozen'`),
  ]
  await damage(
    `alter table commission_entry update amount_cents = amount_cents + if(id = ${one}, 5, -5) where id in (${one}, ${other})`,
  )
  await expectFoundAndHealed(
    [one, other]
      .toSorted((a, b) => a - b)
      .map((id) => ({ table: 'commission_entry', key: String(id), damage: 'differs' })),
  )
})

test('a row that Postgres never had is found and removed', async () => {
  const columns = await columnsOf('order_event')
  const id = await someId('order_event')
  await damage(
    `insert into order_event (${columns}, _version)
     select ${columns.replace('id,', '900000000,')}, _version from order_event where id = ${id}`,
  )
  await expectFoundAndHealed([{ table: 'order_event', key: '900000000', damage: 'extra' }])
})

test('a mirror that missed a change, a key or a deletion is put right by newer versions', async () => {
  const [stale, lost, buried] = [await someId('sales_order'), await someId('order_line'), 4_000_000]
  const orders = await columnsOf('sales_order')
  const [order] = await world.sql<
    { state: string }[]
  >`select state from sales_order where id = ${stale}`
  await damage(
    `insert into sales_order (${orders}, _version, _deleted)
     select ${orders.replace(' state,', ` 'lost in transit',`)}, _version + 1, 0 from sales_order final where id = ${stale}`,
  )
  await damage(`alter table order_line delete where id = ${lost}`)
  await damage(
    `insert into customer (id, code, name, created_at, _version, _deleted) values (${buried}, 'x', 'x', 0, 1, 0)`,
  )
  await expectFoundAndHealed([
    { table: 'customer', key: String(buried), damage: 'extra' },
    { table: 'order_line', key: String(lost), damage: 'missing' },
    {
      table: 'sales_order',
      key: String(stale),
      damage: 'differs',
      cells: [
        {
          column: 'state',
          postgres: JSON.stringify(order?.state),
          clickhouse: '"lost in transit"',
        },
      ],
    },
  ])
})

test('a row with a version that has not come yet is found: it would hide what is to come', async () => {
  const id = await someId('funnel_event')
  const columns = await columnsOf('funnel_event')
  await damage(
    `insert into funnel_event (${columns}, _version)
     select ${columns}, bitShiftLeft(toUInt128(2), 112) from funnel_event where id = ${id}`,
  )
  await expectFoundAndHealed([{ table: 'funnel_event', key: String(id), damage: 'ahead' }])
})

test('a whole table that is gone comes back', async () => {
  const [{ count } = { count: 0 }] = await world.sql<
    { count: number }[]
  >`select count(*)::int as count from journal_entry`
  await damage(`truncate table journal_entry`)
  const healing = await audit({ isHealing: true })
  expect(healing).toMatchObject({ differences: 0, healed: count })
  expect(await audit()).toMatchObject({ differences: 0 })
})

test('what is healed loses to what comes later, and survives a restart of the stream', async () => {
  const id = await someId('product')
  await damage(`alter table product delete where id = ${id}`)
  await audit({ isHealing: true })
  await stop()
  stop = await world.stream()
  await world.sql`update product set name = 'renamed' where id = ${id}`
  await trade(world.sql, randomOf(3), 20)

  expect(await audit()).toMatchObject({ differences: 0 })
  const result = await world.clickhouse.query({
    query: `select name from product final where id = ${id}`,
    format: 'JSONCompactEachRow',
  })
  expect(await result.json()).toEqual([['renamed']])
})
