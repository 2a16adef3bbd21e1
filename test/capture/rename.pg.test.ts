/** A table that is renamed is the same table: its mirror follows, without a copy. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Any, caughtUp, DATABASE, difference, type Ingest, startAny } from './any.ts'

const SEEN_MS_MAX = 30_000

let any: Any
let ingest: Ingest

beforeAll(async () => {
  any = await startAny()
  await any.sql.unsafe(`
    create table item (id int primary key, name text);
    insert into item select n, 'item ' || n from generate_series(1, 200) as n;
    create table event (label text);
    insert into event select 'event ' || n from generate_series(1, 50) as n;
    create table live (id int primary key, value int);
    create table staged (id int primary key, value int, more text);
    insert into live select n, n from generate_series(1, 20) as n;
    insert into staged select n, -n, 'm' from generate_series(1, 30) as n;
  `)
  ingest = await any.startIngest()
  await caughtUp(any, ingest)
})
afterAll(() => any.stop())

/** What tells a table that was renamed from one that was copied. */
async function identityOf(table: string) {
  const [row] = await any.rows<{ uuid: string; copied: string }>(`
    select toString(uuid) as uuid,
      (select toString(max(version)) from ${DATABASE}.cdc_table final
       where source = 'public.${table}' and status = 'live') as copied
    from system.tables where database = '${DATABASE}' and name = '${table}'`)
  return row
}

async function relations() {
  const rows = await any.rows<{ name: string }>(
    `select name from system.tables where database = '${DATABASE}' and name not like 'cdc_%' order by name`,
  )
  return rows.map(({ name }) => name)
}

async function sourcesOf() {
  const rows = await any.rows<{ source: string }>(
    `select source from ${DATABASE}.cdc_table final where status <> 'gone' order by source`,
  )
  return rows.map(({ source }) => source)
}

test('a renamed table keeps its mirror under the new name, in its place among the rows', async () => {
  const before = await identityOf('item')
  await any.sql.begin(async (sql) => {
    await sql`update item set name = 'before' where id = 1`
    await sql`alter table item rename to product`
    await sql`alter table product rename column name to title`
    await sql`update product set title = 'after' where id = 2`
    await sql`delete from product where id = 3`
  })
  await caughtUp(any, ingest)
  expect(await difference(any, 'product')).toBe(null)
  expect(await identityOf('product')).toEqual(before)
  const now = await relations()
  expect(now).toContain('current_product')
  expect(now.filter((name) => /item/.test(name))).toEqual([])
  expect(await sourcesOf()).toContain('public.product')
  expect(await sourcesOf()).not.toContain('public.item')
  const recorded = await any.rows(
    `select change, column_from, column_to, status from ${DATABASE}.cdc_schema_change final order by version, step`,
  )
  expect(recorded).toEqual([
    {
      change: 'rename table',
      column_from: 'public.item',
      column_to: 'public.product',
      status: 'applied',
    },
    { change: 'rename', column_from: 'name', column_to: 'title', status: 'applied' },
  ])
})

test('a name that no row follows is found too, of a table without a key as well', async () => {
  const before = await identityOf('event')
  await any.sql`alter table event rename to happening`
  await expect
    .poll(() => difference(any, 'happening').catch(() => 'not there yet'), { timeout: SEEN_MS_MAX })
    .toBe(null)
  await any.sql`insert into happening values ('after')`
  await caughtUp(any, ingest)
  expect(await difference(any, 'happening')).toBe(null)
  expect(await identityOf('happening')).toEqual(before)
})

test('columns that change without a row to follow are found too', async () => {
  await any.sql`alter table happening rename column label to title`
  await any.sql`alter table happening add column place text default 'here'`
  await expect
    .poll(() => difference(any, 'happening').catch(() => 'not there yet'), { timeout: SEEN_MS_MAX })
    .toBe(null)
})

test('a new table may take the name at once', async () => {
  const before = await identityOf('happening')
  await any.sql`alter table happening rename to past`
  await any.sql`create table happening (id int primary key, label text)`
  await any.sql`insert into happening values (1, 'another')`
  await any.sql`insert into past values ('and still', 'there')`
  await expect
    .poll(() => difference(any, 'happening').catch(() => 'not there yet'), { timeout: SEEN_MS_MAX })
    .toBe(null)
  await caughtUp(any, ingest)
  expect(await difference(any, 'past')).toBe(null)
  expect(await identityOf('past')).toEqual(before)
})

test('two tables that change names are each the one they were', async () => {
  const [live, staged] = [await identityOf('live'), await identityOf('staged')]
  await any.sql.begin(async (sql) => {
    await sql`alter table live rename to live_old`
    await sql`alter table staged rename to live`
    await sql`alter table live_old rename to staged`
    await sql`insert into live values (100, 1, 'new')`
  })
  await any.sql`insert into staged values (200, 2)`
  await expect
    .poll(() => difference(any, 'staged').catch(() => 'not there yet'), { timeout: SEEN_MS_MAX })
    .toBe(null)
  await caughtUp(any, ingest)
  expect(await difference(any, 'live')).toBe(null)
  expect((await identityOf('live'))?.uuid).toBe(staged?.uuid)
  expect((await identityOf('staged'))?.uuid).toBe(live?.uuid)
})

test('a table that takes the place of one that is dropped leaves the rows of that beside', async () => {
  await any.sql.begin(async (sql) => {
    await sql`drop table live`
    await sql`alter table staged rename to live`
    await sql`insert into live values (300, 3)`
  })
  await caughtUp(any, ingest)
  expect(await difference(any, 'live')).toBe(null)
  expect((await relations()).filter((name) => /^_dropped_\d+_live$/.test(name))).toHaveLength(1)
  expect((await ingest.status()).tables.waiting).toEqual([])
})

test('a table that waits for a copy is renamed while it waits, and copied under its new name', async () => {
  await any.sql`alter table live alter column value type text`
  await any.sql`insert into live values (400, 'four')`
  await any.sql`alter table live rename to narrowed`
  await any.sql`insert into narrowed values (401, 'five')`
  const status = await caughtUp(any, ingest)
  expect(status.tables.waiting.map(({ table }) => table)).toEqual(['public.narrowed'])
  const asking = await any.run(['--resync', 'public.narrowed', '--database', DATABASE])
  expect(await asking.exited, asking.log()).toBe(0)
  await caughtUp(any, ingest)
  expect(await difference(any, 'narrowed')).toBe(null)
})

test('renamed to and fro within transactions and killed at any moment, it ends as it is', async () => {
  const before = await identityOf('product')
  for (const [round, ms] of [10, 40, 80, 120, 160, 220].entries()) {
    await any.sql.begin(async (sql) => {
      await sql`insert into product (id, title) values (${1_000 + round * 3}, 'a')`
      await sql`alter table product rename to passing`
      await sql.unsafe(`alter table passing add column extra_${round} int default ${round}`)
      await sql`insert into passing (id, title) values (${1_001 + round * 3}, 'b')`
      await sql.unsafe(`alter table passing rename to product_${round}`)
      await sql.unsafe(
        `insert into product_${round} (id, title) values (${1_002 + round * 3}, 'c')`,
      )
    })
    await sleep(ms)
    await ingest.kill()
    await any.sql.unsafe(`alter table product_${round} rename to product`)
    ingest = await any.startIngest()
    await any.sql`update product set title = title || '!' where id < 10`
  }
  await caughtUp(any, ingest)
  expect(await difference(any, 'product')).toBe(null)
  expect((await identityOf('product'))?.uuid).toBe(before?.uuid)
  expect((await relations()).filter((name) => /passing|product_/.test(name))).toEqual([])
}, 120_000)

test('a table that is dropped leaves its rows to be read, and is no table of the source any more', async () => {
  await any.sql`drop table past`
  await expect.poll(sourcesOf, { timeout: SEEN_MS_MAX }).not.toContain('public.past')
  const [row] = await any.rows<{ rows: string }>(
    `select count() as rows from ${DATABASE}.current_past`,
  )
  expect(Number(row?.rows)).toBe(52)
})
