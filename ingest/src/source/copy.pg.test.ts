import { randomBytes } from 'node:crypto'
import { text } from 'node:stream/consumers'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { targetsOf } from '../target.ts'
import { copyTables, type SourceTable } from './copy.ts'

const TABLE = `copy_${randomBytes(4).toString('hex')}`
const ROWS = 60_000
const COPIES = 3
const COLUMNS = [
  ['id', 'Int64'],
  ['label', 'Nullable(String)'],
  ['is_open', 'Bool'],
  ['path', 'Array(Int64)'],
  ['at', "Nullable(DateTime64(6, 'UTC'))"],
  ['day', 'Date32'],
  ['_version', 'UInt128'],
] as const
const url = inject('databaseUrl')
const sql = postgres(url, { max: 2, onnotice: () => {} })

beforeAll(async () => {
  await sql`
    create table ${sql(TABLE)} (
      id bigint primary key, label text, is_open boolean not null, path bigint[] not null,
      at timestamptz, day date not null, unknown_to_the_target text
    )
  `
  await sql`
    insert into ${sql(TABLE)}
    values (1, ${'tab\t line\n back\\ 茶'}, true, '{1,2}', '2026-11-24 21:40:00.5+08', '2026-11-24'),
      (2, null, false, '{}', null, 'infinity'),
      (3, ${'x'.repeat(2_000_000)}, false, '{3}', '-infinity', '0044-03-15 BC')
  `
  await sql`
    insert into ${sql(TABLE)} (id, label, is_open, path, day)
    select n, 'row ' || n, true, '{}', '2026-11-24' from generate_series(4, ${ROWS}::int) as n
  `
})
afterAll(async () => {
  await sql`drop table ${sql(TABLE)}`
  await sql.end()
})

/** What loads are given for the table, three times over, as of one snapshot. */
async function copied(databaseUrl: string): Promise<string[][]> {
  const rows = COLUMNS.map(([name, type]) => ({
    table: TABLE,
    name,
    type,
    default_kind: '',
    is_in_sorting_key: 0,
  }))
  const target = targetsOf(rows, () => {}).get(TABLE)
  if (!target) throw new Error('no target')
  const source: SourceTable = {
    schema: 'public',
    name: TABLE,
    columns: new Set(['id', 'label', 'is_open', 'path', 'at', 'day', 'unknown_to_the_target']),
    pages: 0,
  }
  const bodies: string[] = []
  await sql.begin('isolation level repeatable read', async (exporting) => {
    const [row] = await exporting<{ snapshot: string }[]>`select pg_export_snapshot() as snapshot`
    // Comes after the snapshot, so it must not be in the copy.
    await sql`update ${sql(TABLE)} set label = 'too late' where id = 4`
    await copyTables({
      databaseUrl,
      snapshot: row?.snapshot ?? '',
      // More than there are connections, so that one of them takes a second table.
      parts: Array.from({ length: COPIES }, () => ({
        source,
        target,
        firstPage: 0,
        lastPage: null,
      })),
      signal: new AbortController().signal,
      load: async (_part, _columns, rows) => void bodies.push(await text(rows)),
      onCopied: async () => {},
      onFailed: async () => 'fail',
    })
  })
  await sql`update ${sql(TABLE)} set label = 'row 4' where id = 4`
  return bodies.map((body) => body.split('\n').slice(0, -1))
}

test('a table is copied as of the snapshot, in the text ClickHouse reads, whatever a row’s length', async () => {
  const [lines = [], ...others] = await copied(url)
  expect(lines).toHaveLength(ROWS)
  expect(lines.slice(0, 2)).toEqual([
    '1\ttab\\t line\\n back\\\\ 茶\tt\t[1,2]\t2026-11-24 13:40:00.5\t2026-11-24',
    '2\t\\N\tf\t[]\t\\N\t2299-12-31',
  ])
  expect(lines[2]).toBe(`3\t${'x'.repeat(2_000_000)}\tf\t[3]\t1900-01-01 00:00:00\t1900-01-01`)
  expect(lines[3]).toBe('4\trow 4\tt\t[]\t\\N\t2026-11-24')
  expect(lines[ROWS - 1]).toBe(`${ROWS}\trow ${ROWS}\tt\t[]\t\\N\t2026-11-24`)
  expect(others).toEqual(Array.from({ length: COPIES - 1 }, () => lines))
})

test('where TLS is asked for, rows come through the driver and not beside it: the copy is the same', async () => {
  const plain = await copied(url)
  expect(await copied(`${url}?sslmode=prefer`)).toEqual(plain)
})
