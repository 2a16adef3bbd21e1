/** Columns that change names faster than anybody can look them up, also while their table is copied. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Any, caughtUp, DATABASE, difference, type Ingest, startAny } from './any.ts'
import { createFaultProxy, insertedTable } from './fault-proxy.ts'

/** Long enough for a copy to begin, to be made and to be begun again under it. */
const CHANGING_MS = 3_000
const SEEN_MS_MAX = 40_000

let any: Any
let ingest: Ingest
let next = 50_000

beforeAll(async () => {
  any = await startAny()
  await any.sql.unsafe(`
    create table item (id int primary key, note text, label text);
    insert into item select n, 'note ' || n, repeat('long ', 100) from generate_series(1, 20000) as n;
    create table pair (id int primary key, one text, other text);
    insert into pair select n, 'one', 'other' from generate_series(1, 10) as n;
  `)
  ingest = await any.startIngest()
  await caughtUp(any, ingest)
})
afterAll(() => any.stop())

/** Each row comes while the column has a name of its own. */
function keepRenaming() {
  let isOver = false
  const changing = (async () => {
    for (let n = 0; !isOver; n += 1) {
      await any.sql.unsafe(`alter table item rename column note to note_${n}`)
      await any.sql.unsafe(`insert into item (id, note_${n}) values (${next}, 'row')`)
      next += 1
      await any.sql.unsafe(`update item set note_${n} = 'again' where id = ${1 + n}`)
      await any.sql.unsafe(`alter table item rename column note_${n} to note`)
      await sleep(20)
    }
  })()
  return async () => {
    isOver = true
    await changing
  }
}

test('a table whose column changes names while it is copied has every value', async () => {
  const stop = keepRenaming()
  const asking = await any.run(['--resync', 'public.item', '--database', DATABASE])
  await sleep(CHANGING_MS)
  await stop()
  expect(await asking.exited, asking.log()).toBe(0)
  await caughtUp(any, ingest)
  await expect
    .poll(() => difference(any, 'item').catch(String), { timeout: SEEN_MS_MAX })
    .toBe(null)
}, 120_000)

test('two columns that have other names again and again are the two they were', async () => {
  for (let n = 0; n < 40; n += 1) {
    await any.sql.begin(async (sql) => {
      await sql.unsafe(`alter table pair rename column one to one_${n}`)
      await sql.unsafe(`alter table pair rename column other to other_${n}`)
      await sql.unsafe(`insert into pair values (${100 + n}, 'a', 'b')`)
      await sql.unsafe(`alter table pair rename column one_${n} to one`)
      await sql.unsafe(`alter table pair rename column other_${n} to other`)
    })
  }
  const { tables } = await caughtUp(any, ingest)
  await expect
    .poll(() => difference(any, 'pair').catch(String), { timeout: SEEN_MS_MAX })
    .toBe(null)
  expect(tables.waiting).toEqual([])
})

test('a column that takes the name of a dropped one is not that one', async () => {
  await any.sql.begin(async (sql) => {
    await sql`alter table pair drop column one`
    await sql`alter table pair rename column other to one`
    await sql`insert into pair values (200, 'new')`
  })
  const { tables } = await caughtUp(any, ingest)
  expect(await difference(any, 'pair')).toBe(null)
  expect(tables.waiting).toEqual([])
})

test('everything is copied anew while a column changes names, and every value is there', async () => {
  await ingest.stop()
  const stop = keepRenaming()
  ingest = await any.startIngest('--resnapshot')
  await sleep(CHANGING_MS)
  await stop()
  await caughtUp(any, ingest)
  await expect
    .poll(() => difference(any, 'item').catch(String), { timeout: SEEN_MS_MAX })
    .toBe(null)
}, 120_000)

test('a row that is read again under a name another column has by now keeps its values', async () => {
  await any.sql`create table taken (id int primary key, note text, price int)`
  await any.sql`insert into taken values (1, 'before', 10)`
  await ingest.stop()
  let isAltered = false
  const proxy = await createFaultProxy(
    () => any.clickhouseUrl,
    (statement) => {
      isAltered ||= /^alter table .taken. rename column/.test(statement)
      return isAltered && insertedTable(statement) === 'cdc_checkpoint' ? 'checkpoint' : null
    },
  )
  const flags = ['--tables', 'public.*', '--database', DATABASE]
  ingest = await any.run(flags, { CLICKHOUSE_URL: proxy.url() })
  await caughtUp(any, ingest)
  await expect
    .poll(() => difference(any, 'taken').catch(String), { timeout: SEEN_MS_MAX })
    .toBe(null)
  const killed = proxy.set(
    {
      point: 'checkpoint',
      when: 'before',
      async spring() {
        await ingest.kill()
        return 'cut'
      },
    },
    SEEN_MS_MAX,
  )
  await any.sql.begin(async (sql) => {
    await sql`alter table taken rename column note to other`
    await sql`insert into taken values (2, 'under another name', 20)`
    await sql`alter table taken rename column other to note`
    await sql`alter table taken rename column price to other`
    await sql`insert into taken values (3, 'after', 30)`
  })
  expect(await killed).toBe(true)
  ingest = await any.startIngest()
  await proxy.close()
  const { tables } = await caughtUp(any, ingest)
  expect(await difference(any, 'taken')).toBe(null)
  expect(tables.waiting).toEqual([])
}, 120_000)
