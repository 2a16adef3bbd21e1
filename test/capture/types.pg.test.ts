/** Every type there and back: what Postgres holds, as it came by the copy and as it came by the stream. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Any, caughtUp, DATABASE, type Ingest, startAny } from './any.ts'
import { COLUMNS, NAMES, ROW, type Row } from './values.ts'

const RUNS = 120
const SEED = 20_261_125

let any: Any
let ingest: Ingest

beforeAll(async () => {
  any = await startAny()
  await any.sql.unsafe(`
    create type mood as enum ('sad', 'ok', 'very happy');
    create domain price as numeric(12,2) check (value >= 0);
    create table copied (n int primary key, ${Object.entries(COLUMNS)
      .map(([name, type]) => `"${name}" ${type}`)
      .join(', ')});
    create table streamed (like copied including all);
  `)
})
afterAll(() => any.stop())

/** As text all the way, so that the driver has no say in what a value is. */
async function write(table: string, rows: (Partial<Row> | { label: null })[]) {
  for (const [n, row] of rows.entries()) {
    const columns = typedEntries(row)
    const casts = columns.map(([name], index) => `cast($${index + 1}::text as ${COLUMNS[name]})`)
    await any.sql.unsafe(
      `insert into ${table} (n, ${columns.map(([name]) => `"${name}"`).join(', ')})
       values (${[n, ...casts].join(', ')})`,
      columns.map(([, value]) => value),
    )
  }
}

function typedEntries(row: Partial<Row> | { label: null }) {
  const values = new Map<string, string | null>(Object.entries(row))
  return NAMES.flatMap((name) => {
    const value = values.get(name)
    return value === undefined ? [] : [[name, value] as const]
  })
}

/** One text for a value on both sides. Bytes as hex digits, numbers without the zeros at their end. */
const ARRAYS = new Set(['numbers', 'words', 'amounts', 'moments', 'blobs'])

function postgresText([name, type]: [string, string]): string {
  const column = `"${name}"`
  if (/^(numeric|price)/.test(type) && !ARRAYS.has(name)) return `trim_scale(${column})::text`
  if (name === 'digits') return `encode(${column}, 'hex')`
  if (name === 'single' || name === 'double')
    return `case when ${column} = 'NaN' then 'nan' else encode(float${name === 'single' ? 4 : 8}send(${column}), 'hex') end`
  if (name === 'moment') return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')`
  if (name === 'wall') return `to_char(${column}, 'YYYY-MM-DD HH24:MI:SS.US')`
  if (ARRAYS.has(name)) return `case when ${column} is not null then ${itemsText(name, column)} end`
  if (name === 'truth') return `${column}::text`
  return `case when ${column} is not null then concat(${column}) end`
}

function itemsText(name: string, column: string): string {
  if (name === 'blobs')
    return `(select coalesce(json_agg(encode(item, 'hex') order by place), '[]') from unnest(${column}) with ordinality as items (item, place))::text`
  if (name === 'moments')
    return `(select coalesce(json_agg(to_char(item at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') order by place), '[]') from unnest(${column}) with ordinality as items (item, place))::text`
  if (name === 'amounts')
    return `(select coalesce(json_agg(trim_scale(item)::text order by place), '[]') from unnest(${column}) with ordinality as items (item, place))::text`
  return `to_json(${column}::text[])::text`
}

function clickhouseText([name]: [string, string]): string {
  const column = `\`${name}\``
  if (name === 'digits') return `lower(hex(${column}))`
  if (name === 'single' || name === 'double')
    return `multiIf(isNull(${column}), null, isNaN(${column}), 'nan', lower(hex(reverse(reinterpretAsFixedString(assumeNotNull(${column}))))))`
  if (ARRAYS.has(name)) {
    const item = name === 'blobs' ? 'lower(hex(item))' : 'toString(item)'
    return `if(\`${name}_is_null\`, null, toJSONString(arrayMap(item -> ${item}, ${column})))`
  }
  return `toString(${column})`
}

async function sides(table: string) {
  const columns = Object.entries(COLUMNS)
  const ours = await any.sql.begin(async (sql) => {
    await sql`set local intervalstyle = 'iso_8601'`
    await sql`set local timezone = 'UTC'`
    return sql.unsafe<Record<string, string | null>[]>(
      `select n, ${columns.map((column) => `${postgresText(column)} as "${column[0]}"`).join(', ')} from ${table} order by n`,
    )
  })
  const theirs = await any.rows<Record<string, string | null>>(
    `select n, ${columns.map((column) => `${clickhouseText(column)} as \`t_${column[0]}\``).join(', ')} from ${DATABASE}.current_${table} order by n`,
  )
  const plain = (row: Record<string, unknown>, prefix: string) =>
    Object.fromEntries(
      columns.map(([name]) => {
        const value = row[`${prefix}${name}`]
        return [name, ARRAYS.has(name) && typeof value === 'string' ? JSON.parse(value) : value]
      }),
    )
  return { ours: ours.map((row) => plain(row, '')), theirs: theirs.map((row) => plain(row, 't_')) }
}

test(`${RUNS} rows of every type are the same by the copy and by the stream (seed ${SEED})`, async () => {
  const rows = fc.sample(fc.record(ROW), { numRuns: RUNS, seed: SEED })
  const nulls = { label: null }
  await write('copied', [...rows, nulls])
  ingest = await any.startIngest()
  await caughtUp(any, ingest)
  await write('streamed', [...rows, nulls])
  await caughtUp(any, ingest)
  for (const table of ['copied', 'streamed']) {
    const { ours, theirs } = await sides(table)
    expect(theirs).toHaveLength(RUNS + 1)
    for (const [n, row] of ours.entries()) expect({ n, ...theirs[n] }).toEqual({ n, ...row })
  }
  expect((await ingest.status()).quarantined).toBe(0)
}, 120_000)

/** A value as Postgres itself writes it. */
async function written(column: keyof typeof COLUMNS, value: string): Promise<string> {
  const [row] = await any.sql.begin(async (sql) => {
    await sql`set local timezone = 'UTC'`
    return sql.unsafe<{ text: string }[]>(
      `select cast($1::text as ${COLUMNS[column]})::text as text`,
      [value],
    )
  })
  return row?.text ?? ''
}

const MISFITS: [column: keyof typeof COLUMNS, value: string, kept: string | null][] = [
  ['amount', 'NaN', null],
  ['exact', 'Infinity', null],
  ['exact', `1${'0'.repeat(60)}`, null],
  ['exact', `0.${'0'.repeat(50)}1`, null],
  ['moment', 'infinity', '2299-12-31 23:59:59.999999'],
  ['moment', '-infinity', '1900-01-01 00:00:00.000000'],
  ['wall', '0044-03-15 12:00:00 BC', '1900-01-01 00:00:00.000000'],
  ['day', '4714-11-24 BC', '1900-01-01'],
  ['day', '5874897-12-31', '2299-12-31'],
  ['numbers', '{{1,2},{3,4}}', '[]'],
  ['numbers', '[0:1]={1,2}', '[]'],
]

test('what ClickHouse has no place for is kept in quarantine with its row, and the rest of the row flows', async () => {
  await any.sql`truncate copied, streamed`
  await caughtUp(any, ingest)
  const before = (await ingest.status()).quarantined
  const given = (table: string) =>
    write(
      table,
      MISFITS.map(([column, value]) => ({ label: 'flows', [column]: value })),
    )
  await given('streamed')
  await caughtUp(any, ingest)
  await ingest.stop()
  await given('copied')
  ingest = await any.startIngest('--resnapshot')
  await caughtUp(any, ingest)
  for (const table of ['streamed', 'copied']) {
    const rows = await any.rows<{ row_key: string; column: string; value: string }>(
      `select row_key, column, value from ${DATABASE}.cdc_quarantine final where source = 'public.${table}'`,
    )
    for (const [n, [column, value, kept]] of MISFITS.entries()) {
      const found = rows.filter((row) => row.row_key === `["${n}"]` && row.column === column)
      expect(
        found.map((row) => row.value),
        `${table}.${column}`,
      ).toContain(await written(column, value))
      const [row] = await any.rows<{ kept: string | null; label: string }>(
        `select toString(\`${column}\`) as kept, label from ${DATABASE}.current_${table} where n = ${n}`,
      )
      expect(row).toEqual({ kept, label: 'flows' })
    }
  }
  expect((await ingest.status()).quarantined - before).toBeGreaterThanOrEqual(MISFITS.length * 2)
}, 120_000)
