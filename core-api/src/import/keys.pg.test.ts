/** Posting history goes without foreign key checks row by row, so this proves that every key holds. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../test/database.ts'
import { importRows, openBooks, type Row } from '../../test/history.ts'

let database: Database

beforeAll(async () => {
  database = await openBooks()
  await database.owner`
    insert into commission_rule (level, rate_bps)
    values (1, 500), (2, 200)
  `
  const rows = Array.from({ length: 300 }, (_, index): Row[] => [
    {
      Order: `K-${index}`,
      Sku: `S${index % 40}`,
      Pieces: 1 + (index % 5),
      Seller: `T${index % 7}`,
    },
    { Order: `K-${index}`, Sku: 'FREIGHT', Price: '5' },
    { Order: `K-${index}`, Sku: `S${(index + 3) % 40}`, Pieces: index % 3 === 0 ? -1 : 2 },
    { Order: `W-${index}`, Sku: `S${index % 40}`, Pieces: -2, Price: 0 },
    { Order: `A-${index}`, Sku: 'B', Price: '-1.00' },
  ]).flat()
  expect(await importRows(database.url, rows)).toMatchObject({ written: 1_500, rejected: 0 })
})
afterAll(() => database.drop())

test('every foreign key of every ledger points at something', async () => {
  const keys = await database.owner<
    { table_name: string; column_name: string; parent: string; parent_column: string }[]
  >`
    select conrelid::regclass::text as table_name, own.attname as column_name,
      confrelid::regclass::text as parent, theirs.attname as parent_column
    from pg_constraint
    join pg_attribute as own on own.attrelid = conrelid and own.attnum = conkey[1]
    join pg_attribute as theirs on theirs.attrelid = confrelid and theirs.attnum = confkey[1]
    where contype = 'f' and cardinality(conkey) = 1
  `
  expect(keys.length).toBeGreaterThan(50)
  for (const { table_name, column_name, parent, parent_column } of keys) {
    const [row] = await database.owner.unsafe<{ orphans: number }[]>(`
      select count(*)::int as orphans
      from ${table_name} as child
      where child.${column_name} is not null and not exists (
        select from ${parent} where ${parent}.${parent_column} = child.${column_name}
      )
    `)
    expect([table_name, column_name, row?.orphans]).toEqual([table_name, column_name, 0])
  }
})

test('the guards that are not foreign keys fired as ever', async () => {
  const { owner, core } = database
  expect(await owner`select * from stock_level_difference`).toEqual([])
  const unbalanced = await owner`
    select txn_id from journal_entry group by txn_id having sum(amount_cents) <> 0 or count(*) < 2
  `
  expect(unbalanced).toEqual([])
  await expect(core`select import_without_key_checks(true)`).rejects.toThrow(/permission denied/)
  await expect(
    owner.begin(async (sql) => {
      await sql`set local session_replication_role = 'replica'`
      await sql`update journal_entry set amount_cents = 1`
    }),
  ).rejects.toThrow(/append-only/)
})

test('after an import the checks are on again for whoever comes next on the connection', async () => {
  await database.owner.begin(async (sql) => {
    await sql`select import_post(1, 1000001, 1000000)`
    const [row] = await sql`select current_setting('session_replication_role') as role`
    expect(row?.role).toBe('origin')
  })
})
