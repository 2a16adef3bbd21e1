/** What a running stream has to bear beside rows: schemas that change, tables that come, truncates, keys that move. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Any, caughtUp, DATABASE, difference, type Ingest, startAny, until } from './any.ts'

let any: Any
let ingest: Ingest

beforeAll(async () => {
  any = await startAny()
  await any.sql.unsafe(`
    create table item (id int primary key, name text, price int, note text);
    insert into item select n, 'item ' || n, n, repeat('long ', 2000) from generate_series(1, 50) as n;
    create table other (id int primary key, value int);
    create table parent (id int primary key);
    create table child (id int primary key, parent_id int references parent);
    create table sale (id int, day date, amount int, primary key (id, day)) partition by range (day);
    create table sale_2025 partition of sale for values from ('2025-01-01') to ('2026-01-01');
    create table sale_2026 partition of sale for values from ('2026-01-01') to ('2027-01-01');
    create table made (id int primary key, a int, doubled int generated always as (a * 2) stored);
  `)
  ingest = await any.startIngest()
  await caughtUp(any, ingest)
})
afterAll(() => any.stop())

async function columnsOf(table: string) {
  const rows = await any.rows<{ name: string; type: string }>(
    `select name, type from system.columns where database = '${DATABASE}' and table = 'current_${table}' order by position`,
  )
  return Object.fromEntries(rows.map(({ name, type }) => [name, type]))
}

async function changesOf(table: string) {
  const rows = await any.rows<{ change: string; status: string }>(
    `select change, status from ${DATABASE}.cdc_schema_change final where source = 'public.${table}' order by version, step`,
  )
  expect(rows.every(({ status }) => status === 'applied')).toBe(true)
  return rows.map(({ change }) => change)
}

test('a column that is added, with a default that older rows have too, is in the mirror with the first row', async () => {
  await any.sql`alter table item add column stock int default 7`
  await any.sql`insert into item (id, name, stock) values (51, 'new', null), (52, 'newer', 3)`
  await caughtUp(any, ingest)
  expect(await difference(any, 'item')).toBe(null)
  expect((await columnsOf('item')).stock).toBe('Nullable(Int32)')
})

test('a column that is renamed keeps its values, one that is dropped leaves, one that is widened grows', async () => {
  await any.sql`alter table item rename column name to title`
  await any.sql`update item set price = 1 where id = 1`
  await any.sql`alter table item alter column price type bigint`
  await any.sql`update item set price = ${2 ** 40} where id = 2`
  await any.sql`alter table item drop column stock`
  await any.sql`insert into item (id, title, price) values (60, 'last', 5)`
  await caughtUp(any, ingest)
  expect(await difference(any, 'item')).toBe(null)
  expect(Object.keys(await columnsOf('item'))).toEqual(['id', 'title', 'price', 'note'])
  expect((await columnsOf('item')).price).toBe('Nullable(Int64)')
  expect(await changesOf('item')).toEqual(['add', 'rename', 'widen', 'drop'])
})

test('rows before and after a change within one transaction are all there, killed at any moment', async () => {
  for (const [round, ms] of [20, 60, 120, 200].entries()) {
    await any.sql.begin(async (sql) => {
      await sql`insert into item (id, title) values (${100 + round * 2}, 'before')`
      await sql.unsafe(`alter table item rename column title to t${round}`)
      await sql.unsafe(`alter table item add column extra_${round} text default 'x'`)
      await sql.unsafe(`insert into item (id, t${round}) values (${101 + round * 2}, 'after')`)
      await sql.unsafe(`alter table item rename column t${round} to title`)
      await sql`update item set price = price + 1 where id <= 10`
    })
    await sleep(ms)
    await ingest.kill()
    ingest = await any.startIngest()
  }
  await caughtUp(any, ingest)
  expect(await difference(any, 'item')).toBe(null)
}, 120_000)

test('a table that is new is mirrored from its first row on, without a restart', async () => {
  await any.sql`create table fresh (id int primary key, label text)`
  await any.sql`insert into fresh select n, 'f' || n from generate_series(1, 30) as n`
  await expect
    .poll(() => difference(any, 'fresh').catch(() => 'not there yet'), { timeout: 30_000 })
    .toBe(null)
  await any.sql`update fresh set label = 'changed' where id < 10`
  await any.sql`delete from fresh where id = 30`
  await caughtUp(any, ingest)
  expect(await difference(any, 'fresh')).toBe(null)
})

test('a narrowed column makes its table wait, and says why, while the others flow; one command mends it', async () => {
  await any.sql`alter table other alter column value type text using value::text || '!'`
  await any.sql`insert into other values (1, 'one'), (2, 'two')`
  await any.sql`insert into parent values (1)`
  const status = await caughtUp(any, ingest)
  expect(status.tables.waiting).toEqual([
    {
      table: 'public.other',
      status: 'resync_required',
      reason: 'column value was integer and is text now',
    },
  ])
  expect(await difference(any, 'parent')).toBe(null)

  const asking = await any.run(['--resync', 'public.other', '--database', DATABASE])
  expect(await asking.exited, asking.log()).toBe(0)
  expect(asking.log()).toContain('{"resync":"public.other"')
  await any.sql`update other set value = 'three' where id = 1`
  const mended = await caughtUp(any, ingest)
  expect(mended.tables.waiting).toEqual([])
  expect(await difference(any, 'other')).toBe(null)
})

test('a table is copied anew under writes, and planted damage is gone', async () => {
  await any.client.command({
    query: `alter table ${DATABASE}.item update price = 666 where 1 settings mutations_sync = 2`,
  })
  let isOver = false
  const business = (async () => {
    for (let n = 1_000; !isOver; n += 1) {
      await any.sql`insert into item (id, title) values (${n}, 'while copying')`
      await any.sql`update item set price = ${n} where id = ${1 + (n % 50)}`
      await any.sql`delete from item where id = ${n - 5} and id >= 1000`
    }
  })()
  const asking = await any.run(['--resync', 'public.item', '--database', DATABASE])
  expect(await asking.exited, asking.log()).toBe(0)
  isOver = true
  await business
  await caughtUp(any, ingest)
  expect(await difference(any, 'item')).toBe(null)
})

test('another key makes the table wait for a copy too', async () => {
  await any.sql`alter table child drop constraint child_pkey, add column code int not null default 0`
  await any.sql`alter table child add primary key (code)`
  await any.sql`insert into child (id, parent_id, code) values (1, 1, 9)`
  const status = await caughtUp(any, ingest)
  expect(status.tables.waiting.map(({ table, reason }) => [table, reason])).toEqual([
    ['public.child', 'the key is (code) now and was (id)'],
  ])
  const asking = await any.run(['--resync', 'public.child', '--database', DATABASE])
  expect(await asking.exited, asking.log()).toBe(0)
  await caughtUp(any, ingest)
  expect(await difference(any, 'child')).toBe(null)
})

test('truncate is a fence, also where it cascades and where it comes through the root of partitions', async () => {
  await any.sql`insert into sale select n, date '2025-06-01' + n * 10, n from generate_series(1, 40) as n`
  await caughtUp(any, ingest)
  expect(await difference(any, 'sale')).toBe(null)
  await any.sql.begin(async (sql) => {
    await sql`insert into sale values (100, '2026-02-02', 1)`
    await sql`truncate sale, parent cascade`
    await sql`insert into parent values (7)`
    await sql`insert into sale values (200, '2026-03-03', 2)`
  })
  await caughtUp(any, ingest)
  for (const table of ['sale', 'parent', 'child']) expect(await difference(any, table)).toBe(null)
  const [row] = await any.rows<{ id: number }>(`select id from ${DATABASE}.current_sale`)
  expect(row?.id).toBe(200)
})

test('a row that moves to another partition is one row, and one that changes its key leaves no ghost', async () => {
  await any.sql`insert into sale values (11, '2025-05-05', 1), (12, '2026-05-05', 2)`
  await any.sql`update sale set day = '2026-06-06' where id = 11`
  await any.sql`update sale set id = 13 where id = 12`
  await caughtUp(any, ingest)
  expect(await difference(any, 'sale')).toBe(null)
})

test('what is copied in is there, what a savepoint undid is not', async () => {
  await any.sql.begin(async (sql) => {
    await sql`savepoint one`
    await sql`insert into parent values (50)`
    await sql`rollback to one`
    await sql`insert into parent values (51)`
  })
  const copy = await any.sql`copy other from stdin`.writable()
  copy.end(Array.from({ length: 500 }, (_, n) => `${1_000 + n}\tcopied ${n}\n`).join(''))
  await new Promise((resolve, reject) => copy.once('finish', resolve).once('error', reject))
  await expect.poll(async () => (await any.sql`select 1 from other where id = 1499`).length).toBe(1)
  await caughtUp(any, ingest)
  for (const table of ['parent', 'other']) expect(await difference(any, table)).toBe(null)
})

test('a large value that an update leaves alone is not lost, though Postgres does not send it', async () => {
  // Random text is stored outside of its row, which is when it is left out.
  await any.sql`
    insert into item (id, title, note)
    select 900 + n, 'large', string_agg(md5(random()::text), '')
    from generate_series(1, 3) as n, generate_series(1, 400)
    group by n
  `
  await caughtUp(any, ingest)
  await any.sql`update item set title = 'alone' where id = 901`
  await any.sql.begin(async (sql) => {
    await sql`update item set id = 950 where id = 902`
    await sql`update item set title = 'moved' where id = 950`
    await sql`update item set note = note || '+' where id = 903`
    await sql`update item set title = 'then alone' where id = 903`
  })
  const { quarantined } = await caughtUp(any, ingest)
  expect(await difference(any, 'item')).toBe(null)
  expect(quarantined).toBe(0)
})

test('a generated column is carried where the server publishes it', async () => {
  await any.sql`insert into made (id, a) values (1, 21)`
  await any.sql`update made set a = 4 where id = 1`
  await caughtUp(any, ingest)
  expect(await difference(any, 'made')).toBe(null)
  expect(Object.keys(await columnsOf('made'))).toEqual(['id', 'a', 'doubled'])
  await until(ingest, ({ phase }) => phase === 'streaming')
})

test('a view that a crash left as it was before a change is as its table at the next start', async () => {
  await any.sql`insert into parent values (90)`
  await caughtUp(any, ingest)
  await ingest.kill()
  await any.client.command({
    query: `create or replace view ${DATABASE}.current_parent as select 1 as before`,
  })
  ingest = await any.startIngest()
  await caughtUp(any, ingest)
  expect(await difference(any, 'parent')).toBe(null)
})

test('everything is copied anew while tables change under the copy: none keeps the others from it', async () => {
  await ingest.stop()
  let isOver = false
  const changing = (async () => {
    for (let n = 0; !isOver; n += 1) {
      await any.sql.unsafe(`alter table item rename column note to note_${n}`)
      await any.sql.unsafe(`insert into item (id, note_${n}) values (${5_000 + n}, 'n')`)
      await any.sql.unsafe(`alter table item rename column note_${n} to note`)
      await any.sql.unsafe(`alter table parent rename to parent_${n % 2}`)
      await any.sql.unsafe(`alter table parent_${n % 2} rename to parent`)
    }
  })()
  ingest = await any.startIngest('--resnapshot')
  await until(ingest, ({ phase }) => phase === 'streaming')
  isOver = true
  await changing
  for (const table of ['item', 'parent', 'other', 'sale'])
    await expect.poll(() => difference(any, table).catch(String), { timeout: 40_000 }).toBe(null)
}, 120_000)
