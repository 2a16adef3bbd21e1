import { afterAll, beforeAll, expect, test } from 'vitest'
import fc from 'fast-check'
import { encoderOf } from '../encode.ts'
import { columnText, readable, rowHash, rowText, type Column } from './canonical.ts'
import { openReader } from './reader.ts'
import { createWorld, type World } from './test/world.ts'

/** Every kind of column there is: what Postgres calls it, what ClickHouse does, and values that are hard to write. */
const KINDS = [
  ['bigint', 'Int64', ['0', '-1', '9223372036854775807', '-9223372036854775808']],
  ['integer', 'Int32', ['0', '2147483647', '-2147483648']],
  ['smallint', 'Int16', ['32767', '-32768']],
  ['boolean', 'Bool', ['t', 'f']],
  [
    'text',
    'String',
    [
      '',
      '~',
      '1:a',
      '|',
      'a|b',
      'tab\there',
      'line\nbreak\r',
      'back\\slash',
      '茶 👩‍🚀',
      `quo'te"`,
      '\\N',
    ],
  ],
  ['text', 'LowCardinality(String)', ['', 'open', '茶']],
  ['citext', 'String', ['MiXed', 'mixed']],
  ['char(4)', 'String', ['ab  ', 'abcd']],
  ['ltree', 'String', ['', '1', '1.2.3']],
  ['jsonb', 'String', ['{"a": [1, 2.50, "x\\"y"], "b": null}', '[]', '"~"']],
  [
    'uuid',
    'UUID',
    ['00000000-0000-0000-0000-000000000001', 'ffffffff-ffff-4fff-bfff-ffffffffffff'],
  ],
  [
    'tstzrange',
    'String',
    ['empty', '["2026-01-01 00:00:00+00",)', '(-infinity,"2026-11-24 10:00:00.5+00"]'],
  ],
  ['bigint[]', 'Array(Int64)', ['{}', '{1}', '{1,-2,9223372036854775807}']],
  [
    'date',
    'Date32',
    [
      '1970-01-01',
      '1900-01-01',
      '2299-12-31',
      '2026-11-24',
      'infinity',
      '-infinity',
      '0044-03-15 BC',
    ],
  ],
  [
    'timestamptz',
    "DateTime64(6, 'UTC')",
    [
      '1970-01-01 00:00:00+00',
      '1969-12-31 23:59:59.999999+00',
      '2026-11-24 13:40:00.5+00',
      '2026-11-24 13:40:00.000001+00',
      'infinity',
      '-infinity',
      '10000-01-01 00:00:00+00',
      '1900-01-01 00:00:00+00',
      '2299-12-31 23:59:59.999999+00',
    ],
  ],
  [
    'numeric(38,10)',
    'Decimal(38, 10)',
    ['0', '1.5', '-1.0000000001', '9999999999999999999999999999.9999999999', 'NaN'],
  ],
  [
    'double precision',
    'Float64',
    ['0', '-0', '0.1', '1e+300', '5e-324', '123456789.125', 'NaN', 'Infinity', '-Infinity'],
  ],
  ['real', 'Float32', ['0', '0.1', '1e+30', 'NaN', '-Infinity']],
] as const

const COLUMNS = KINDS.flatMap(([source, target, values], index) => [
  { name: `c${index}`, source, type: target, values: [...values, null], isNullable: false },
  {
    name: `n${index}`,
    source,
    type: nullable(target),
    values: [...values, null],
    isNullable: true,
  },
]).filter((column) => !column.type.startsWith('Nullable(Array'))

let world: World

beforeAll(async () => {
  world = await createWorld()
  const source = COLUMNS.map((column) => `${column.name} ${column.source}`).join(', ')
  const target = COLUMNS.map((column) => `${column.name} ${column.type}`).join(', ')
  await world.sql.unsafe(`create table every_type (id bigint primary key, ${source})`)
  await world.clickhouse.command({
    query: `create table every_type (id Int64, ${target}) engine = MergeTree order by id`,
  })
})

afterAll(() => world.drop())

function nullable(type: string): string {
  if (type.startsWith('LowCardinality('))
    return type.replace('(', '(Nullable(').replace(/\)$/, '))')
  return `Nullable(${type})`
}

/** Writes rows to Postgres, and what Postgres then says to ClickHouse, as the stream does. */
async function write(rows: (string | null)[][]) {
  await world.sql.unsafe('truncate every_type')
  await world.clickhouse.command({ query: 'truncate table every_type' })
  const names = ['id', ...COLUMNS.map((column) => column.name)].join(', ')
  const casts = COLUMNS.map((column, index) => `(row ->> ${index})::${column.source}`).join(', ')
  await world.sql.unsafe(
    `insert into every_type (${names})
     select n, ${casts} from jsonb_array_elements($1::text::jsonb) with ordinality as given (row, n)`,
    [JSON.stringify(rows)],
  )
  const reader = openReader(world.databases.databaseUrl)
  const wire = await reader.unsafe(`select ${names} from every_type order by id`).raw()
  await reader.end()
  const lines = wire.map((cells: (Buffer | null)[]) =>
    cells
      .map((cell, index) => {
        const type = COLUMNS[index - 1]?.type ?? 'Int64'
        return cell === null ? '\\N' : encoderOf(type)(cell.toString('utf8'), () => {})
      })
      .join('\t'),
  )
  await world.clickhouse.command({
    query: `insert into every_type (${names}) format TabSeparated\n${lines.join('\n')}\n`,
    clickhouse_settings: { date_time_input_format: 'basic', session_timezone: 'UTC' },
  })
}

async function both(
  of: (column: Column[]) => { postgres: string; clickhouse: string },
  columns: Column[],
) {
  const { postgres, clickhouse } = of(columns)
  const reader = openReader(world.databases.databaseUrl)
  const originals = await reader.unsafe<{ text: string }[]>(
    `select (${postgres})::text as text from every_type order by id`,
  )
  await reader.end()
  const result = await world.clickhouse.query({
    query: `select toString(${clickhouse}) from every_type order by id`,
    format: 'JSONCompactEachRow',
  })
  const copies = await result.json<[string]>()
  return { postgres: originals.map((row) => row.text), clickhouse: copies.map(([text]) => text) }
}

test('each type has one text on both sides, hard values and nulls included', async () => {
  const most = Math.max(...COLUMNS.map((column) => column.values.length))
  await write(
    Array.from({ length: most }, (_, row) =>
      COLUMNS.map((column) => column.values[row % column.values.length] ?? null),
    ),
  )
  for (const column of COLUMNS) {
    const texts = await both(([one]) => columnText(one ?? column), [column])
    expect(texts.clickhouse, `${column.source} as ${column.type}`).toEqual(texts.postgres)
    // Values stay apart, null too, but for those ClickHouse cannot hold.
    if (!column.isNullable || /Date|Decimal/.test(column.type)) continue
    expect(new Set(texts.postgres).size, column.source).toBe(column.values.length)
  }
  const hashes = await both(rowHash, COLUMNS)
  expect(hashes.clickhouse).toEqual(hashes.postgres)
})

test('whatever is in a row, both sides hash it the same, and rows that differ differ', async () => {
  // Postgres keeps no zero byte and JSON no lone surrogate.
  const text = fc
    .string({ unit: 'binary', maxLength: 12 })
    .map((value) => value.replaceAll('\0', ''))
  const anyValue = (column: (typeof COLUMNS)[number]) =>
    column.source === 'text' && !column.isNullable
      ? text
      : fc.constantFrom<string | null>(...column.values)
  const row = fc.tuple(...COLUMNS.map(anyValue))
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(row, { minLength: 5, maxLength: 40, selector: (one) => JSON.stringify(one) }),
      async (rows) => {
        await write(rows)
        const hashes = await both(rowHash, COLUMNS)
        expect(hashes.clickhouse).toEqual(hashes.postgres)
        const texts = await both(rowText, COLUMNS)
        expect(new Set(hashes.postgres).size).toBe(new Set(texts.postgres).size)
      },
    ),
    { numRuns: 8 },
  )
})

test('a value is shown as people read it', () => {
  expect(readable({ name: 'at', type: "Nullable(DateTime64(6, 'UTC'))" }, '1764000000123456')).toBe(
    '2025-11-24T16:00:00.123456Z',
  )
  expect(readable({ name: 'at', type: "DateTime64(6, 'UTC')" }, '-1')).toBe(
    '1969-12-31T23:59:59.999999Z',
  )
  expect(readable({ name: 'name', type: 'Nullable(String)' }, '3:a:b')).toBe('"a:b"')
  expect(readable({ name: 'name', type: 'Nullable(String)' }, '~')).toBe('null')
})
