/** Damage in a mirror of any Postgres: the running stream finds it, and one command puts it right. */
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startChild, tailOf } from '../../local/child.ts'
import { root } from '../../local/root.ts'
import { baseEnvironment } from '../../local/services.ts'
import { type Any, caughtUp, DATABASE, difference, type Ingest, startAny } from './any.ts'
import { COLUMNS, ROW } from './values.ts'

const ROWS = 60
const SEED = 20_261_130
const FOUND_MS_MAX = 60_000

let any: Any
let ingest: Ingest

beforeAll(async () => {
  any = await startAny()
  await any.sql.unsafe(`
    create type mood as enum ('sad', 'ok', 'very happy');
    create domain price as numeric(12,2) check (value >= 0);
    create table item (n int primary key, ${Object.entries(COLUMNS)
      .map(([name, type]) => `"${name}" ${type}`)
      .join(', ')});
    create table device (id uuid primary key, name text, seen timestamp);
    create table rate (day date, code text, rate numeric, primary key (day, code));
    create table sale (id int, day date, amount int, primary key (id, day)) partition by range (day);
    create table sale_all partition of sale default;
    insert into device select md5(n::text)::uuid, 'device ' || n, now() from generate_series(1, 50) as n;
    insert into rate select day, 'a', 1.5 from unnest(array['infinity', '-infinity', '9999-01-01', '2026-01-01']::date[]) as day;
    insert into rate values ('2026-01-02', 'b', 'NaN'), ('2026-01-02', 'c', 1e50);
    insert into sale select n, date '2026-01-01' + n, n from generate_series(1, 30) as n;
  `)
  const rows = fc.sample(fc.record(ROW), { numRuns: ROWS, seed: SEED })
  for (const [n, row] of rows.entries()) await write(n, row)
  await any.sql.unsafe(`
    insert into item (n, amount, exact, moment, day, numbers, amounts, moments)
    values (-1, 'NaN', 'Infinity', 'infinity', '4714-11-24 BC', '{{1},{2}}', '{NaN,1}', '{infinity,null}')`)
  ingest = await any.run(['--tables', 'public.*', '--database', DATABASE], { AUDIT_EVERY_S: '1' })
  await caughtUp(any, ingest)
  // The same again by the stream, and a column that comes and one that goes.
  for (const [n, row] of rows.entries()) await write(1_000 + n, row)
  await any.sql.unsafe(
    `alter table device add column tags text[]; alter table device drop column seen`,
  )
  await any.sql.unsafe(`update device set tags = '{a,null}' where name like '%3'`)
  await caughtUp(any, ingest)
})
afterAll(() => any.stop())

async function write(n: number, row: Record<string, string | null>) {
  const names = Object.keys(COLUMNS)
  const casts = Object.entries(COLUMNS).map(([, type], at) => `cast($${at + 1}::text as ${type})`)
  await any.sql.unsafe(
    `insert into item (n, ${names.map((name) => `"${name}"`).join(', ')}) values (${[n, ...casts].join(', ')})`,
    names.map((name) => row[name] ?? null),
  )
}

async function expectFound(differences: number) {
  await expect
    .poll(async () => (await ingest.status()).audit?.differences, { timeout: FOUND_MS_MAX })
    .toBe(differences)
}

async function plant(statement: string) {
  await any.client.command({ query: statement, clickhouse_settings: { mutations_sync: '1' } })
}

async function reconcile(...flags: string[]) {
  const log = join(any.folder, 'reconcile.log')
  const child = await startChild({
    command: process.execPath,
    args: [join(root, 'scripts/reconcile.ts'), 'olap', '--database', DATABASE, ...flags],
    env: { ...baseEnvironment(), DATABASE_URL: any.databaseUrl, CLICKHOUSE_URL: any.clickhouseUrl },
    log,
  })
  const code = await child.exited
  return { code, log: tailOf(log) }
}

test('the stream says by itself that a mirror of every type equals its Postgres', async () => {
  await expectFound(0)
  expect((await reconcile()).log).toContain('"differences":0')
})

test('a lost, a foreign and a changed row are found in each kind of table, and healed by one command', async () => {
  const columnsOf = async (table: string) =>
    (
      await any.rows<{ name: string }>(`
        select name from system.columns where database = '${DATABASE}' and table = '${table}'
          and name not in ('_version', '_deleted') order by position`)
    ).map(({ name }) => `\`${name}\``)
  const add = async (table: string, replaced: string, where: string) =>
    plant(`
      insert into ${DATABASE}.${table} (${(await columnsOf(table)).join(', ')}, _version, _deleted)
      select * replace (${replaced}) from (
        select ${(await columnsOf(table)).join(', ')}, _version, _deleted
        from ${DATABASE}.${table} final where ${where})`)

  await plant(`alter table ${DATABASE}.item delete where n in (3, 1003)`)
  await add('item', 'toInt32(n + 5000) as n', 'n = 7')
  await plant(`alter table ${DATABASE}.item update double = 0.1, label = 'wrong' where n = 8`)
  await plant(`alter table ${DATABASE}.item update label = 'other', _arrays = [] where n = 1008`)
  await plant(`alter table ${DATABASE}.device delete where name = 'device 4'`)
  await plant(`alter table ${DATABASE}.device update tags = ['b'] where name = 'device 13'`)
  await plant(`alter table ${DATABASE}.rate delete where _key = 'infinity'`)
  await plant(`alter table ${DATABASE}.rate update rate = 2 where _key = '-infinity'`)
  await add('rate', `'z' as code`, `code = 'b'`)
  await add('sale', `toInt32(900) as id`, 'id = 5')
  await plant(`alter table ${DATABASE}.sale update amount = amount + 1 where id in (6, 7)`)
  await expectFound(13)

  const healing = await reconcile('--heal')
  expect(healing.log, healing.log).toContain('"healed":13')
  expect(healing.code, healing.log).toBe(0)
  await expectFound(0)
  expect(await difference(any, 'sale')).toBe(null)

  // What was healed goes on as if nothing had been.
  await any.sql`delete from rate where day = 'infinity'`
  await any.sql`update item set label = 'later' where n in (3, 8)`
  await any.sql`insert into sale values (900, '2026-01-06', 1)`
  await caughtUp(any, ingest)
  expect((await reconcile()).log).toContain('"differences":0')
}, 180_000)
