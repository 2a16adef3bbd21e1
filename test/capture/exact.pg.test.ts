/** What a column of ClickHouse cannot say by itself: a null array, and keys beyond what its types hold. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Any, caughtUp, DATABASE, type Ingest, startAny } from './any.ts'

let any: Any
let ingest: Ingest

/** Values Postgres tells apart and ClickHouse's own type does not. */
const KEYS: Record<string, string[]> = {
  timestamptz: ['infinity', '-infinity', '10000-01-01+00', '20000-01-01+00', '2026-01-01+00'],
  timestamp: ['0044-03-15 BC', '0043-03-15 BC', '2299-12-31 23:59:59.999999', 'infinity'],
  date: ['4714-11-24 BC', '1899-12-31', '1900-01-01', '2300-01-01', 'infinity', '2026-01-01'],
  numeric: ['NaN', 'Infinity', '-Infinity', '0', '0.5', `1${'0'.repeat(60)}`, `2${'0'.repeat(60)}`],
  'numeric(6,2)': ['NaN', '0', '0.01'],
  'double precision': ['NaN', 'Infinity', '0', '1e-300'],
  'integer[]': ['{}', '{NULL}', '{1,2}', '{{1,2}}', '[0:1]={1,2}'],
  bytea: ['\\x00', '\\x', '\\xff'],
}
const TYPES = Object.keys(KEYS)

beforeAll(async () => {
  any = await startAny()
  for (const half of ['copied', 'streamed']) {
    await any.sql.unsafe(`create table ${half}_array (
      id int primary key, numbers int[], words text[], note text)`)
    for (const [n, type] of TYPES.entries())
      await any.sql.unsafe(`create table ${half}_${n} (
        n int, key ${type}, value int, note text, primary key (key, n))`)
  }
  await fill('copied')
  ingest = await any.startIngest()
  await caughtUp(any, ingest)
  await fill('streamed')
  await caughtUp(any, ingest)
})
afterAll(() => any.stop())

async function fill(half: string) {
  await any.sql.unsafe(`
    insert into ${half}_array values
      (1, null, null), (2, '{}', '{}'), (3, '{NULL}', '{NULL,a}'), (4, '{1,NULL,2}', '{"",NULL}'),
      (5, '{{1,2},{3,4}}', '[0:0]={a}')`)
  for (const [n, type] of TYPES.entries())
    for (const [value, key] of (KEYS[type] ?? []).entries())
      await any.sql.unsafe(
        `insert into ${half}_${n} (n, key, value) values (1, cast($1::text as ${type}), ${value})`,
        [key],
      )
}

function arraysOf(half: string, where = '1') {
  return any.rows(`
    select id, toJSONString(numbers) as numbers, numbers_is_null, toJSONString(words) as words, words_is_null
    from ${DATABASE}.current_${half}_array where ${where} order by id`)
}

test.each(['copied', 'streamed'])(
  'an array that is null, one that is empty and one of nulls are three (%s)',
  async (half) => {
    const is_null = (is: boolean) => ({ numbers_is_null: is, words_is_null: is })
    expect(await arraysOf(half)).toEqual([
      { id: 1, numbers: '[]', words: '[]', ...is_null(true) },
      { id: 2, numbers: '[]', words: '[]', ...is_null(false) },
      { id: 3, numbers: '[null]', words: '[null,"a"]', ...is_null(false) },
      { id: 4, numbers: '[1,null,2]', words: '["",null]', ...is_null(false) },
      // Two that have no place are null, and in quarantine as they were.
      { id: 5, numbers: '[]', words: '[]', ...is_null(true) },
    ])
    const kept = await any.rows<{ column: string; value: string }>(`
      select column, value from ${DATABASE}.cdc_quarantine final
      where source = 'public.${half}_array' and row_key = '["5"]' order by column`)
    expect(kept).toEqual([
      { column: 'numbers', value: '{{1,2},{3,4}}' },
      { column: 'words', value: '[0:0]={a}' },
    ])
  },
)

test('an array that becomes null, one that was not sent, and one of a column that came later', async () => {
  const table = 'streamed_array'
  await any.sql.unsafe(`update ${table} set numbers = null where id = 2`)
  await any.sql.unsafe(`alter table ${table} add column later int[]`)
  await any.sql.unsafe(`insert into ${table} (id, later) values (6, '{}'), (7, null)`)
  // Too large to be sent again with a change beside it.
  await any.sql.unsafe(`
    insert into ${table} (id, numbers, words)
    select 8, array_agg(n), (select array_agg(md5(m::text)) from generate_series(1, 3000) as m)
    from generate_series(1, 9000) as n`)
  await caughtUp(any, ingest)
  await any.sql.unsafe(`update ${table} set later = '{}' where id = 8`)
  await caughtUp(any, ingest)
  const rows = await any.rows(`
    select id, numbers_is_null, words_is_null, length(words) as words, later_is_null
    from ${DATABASE}.current_${table} where id in (1, 2, 6, 7, 8) order by id`)
  const row = (id: number, numbers: boolean, words: boolean, later: boolean, length = '0') => ({
    id,
    numbers_is_null: numbers,
    words_is_null: words,
    words: length,
    later_is_null: later,
  })
  expect(rows).toEqual([
    row(1, true, true, true),
    row(2, true, false, true),
    row(6, true, true, false),
    row(7, true, true, true),
    row(8, false, false, false, '3000'),
  ])
})

function valuesOf(table: string) {
  return any.rows<{ value: number }>(
    `select value from ${DATABASE}.current_${table} order by value`,
  )
}

test.each(TYPES.map((type, n) => [type, n] as const))(
  'keys of type %s that ClickHouse keeps alike are as many rows as in Postgres',
  async (type, n) => {
    const all = (KEYS[type] ?? []).map((_, value) => ({ value }))
    for (const half of ['copied', 'streamed']) {
      expect(await valuesOf(`${half}_${n}`), half).toEqual(all)
      // A large value is found by the very key, and a row goes that others are kept like.
      await any.sql.unsafe(`
        update ${half}_${n} set note = value || (
          select string_agg(md5(m::text), '') from generate_series(1, 300) as m)`)
      await caughtUp(any, ingest)
      await any.sql.unsafe(`update ${half}_${n} set value = value + 100`)
      await any.sql.unsafe(`delete from ${half}_${n} where value in (101, 102)`)
      await any.sql.unsafe(`update ${half}_${n} set n = 2 where value = 100`)
    }
    await caughtUp(any, ingest)
    for (const half of ['copied', 'streamed']) {
      const rows = await any.rows<{ value: number; n: number; note: string }>(
        `select value, n, left(note, 1) as note from ${DATABASE}.current_${half}_${n} order by value`,
      )
      const left = all.filter(({ value }) => value !== 1 && value !== 2)
      expect(rows, half).toEqual(
        left.map(({ value }) => ({
          value: value + 100,
          n: value === 0 ? 2 : 1,
          note: String(value),
        })),
      )
      await any.sql.unsafe(`truncate ${half}_${n}`)
      await caughtUp(any, ingest)
      expect(await valuesOf(`${half}_${n}`), half).toEqual([])
    }
  },
  120_000,
)
