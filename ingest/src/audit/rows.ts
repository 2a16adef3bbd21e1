/** Which rows of a range differ, and in what: read only where a range's digests do. */
import type { ClickHouseClient } from '@clickhouse/client'
import { columnText, quoteClickHouse, quotePostgres, readable, rowHash } from './canonical.ts'
import { damagesOf, type Damage } from './compare.ts'
import { QUERY_SETTINGS, sourceName, spanCondition, withoutCondition } from './digest.ts'
import type { Moment } from './moment.ts'
import { carriedColumns, keysParameter, spanOf, type AuditedTable } from './tables.ts'

export type Cell = { column: string; postgres: string | null; clickhouse: string | null }
export type RowDamage = { table: string; key: string; damage: Damage; cells: Cell[] }

/** How many rows are shown cell by cell; the rest are counted, and healed all the same. */
export const SHOWN_ROWS_MAX = 20

/** Every damaged key of a range. */
export async function findDamage(
  client: ClickHouseClient,
  moment: Moment,
  table: AuditedTable,
  range: bigint,
): Promise<RowDamage[]> {
  const span = spanOf(range, range)
  const result = await client.query({
    query: table.target.kind === 'fact' ? factRows(table) : mirrorRows(table),
    query_params: {
      from: span.from.toString(),
      to: span.to.toString(),
      bound: moment.bound.toString(),
    },
    clickhouse_settings: QUERY_SETTINGS,
    format: 'JSONCompactEachRow',
  })
  const rows = await result.json<[key: string, count: string, hash: string, is_changed: 0 | 1]>()
  const changed = rows.filter((row) => row[3] === 1).map((row) => row[0])
  const copies = rows.filter((row) => row[3] === 0 && row[1] !== '0')

  const originals = await moment.sql.unsafe<{ key: string; hash: string }[]>(
    `select ${table.key.postgres}::text as key, (${rowHash(table.columns).postgres})::text as hash
     from ${sourceName(table)}
     where ${spanCondition(table).postgres} and ${withoutCondition(table)}`,
    [span.from.toString(), span.to.toString(), JSON.stringify(changed)],
  )
  const damages = damagesOf({
    postgres: new Map(originals.map((row) => [row.key, BigInt(row.hash)])),
    clickhouse: new Map(
      copies.map(([key, count, hash]) => [key, { count: Number(count), hash: BigInt(hash) }]),
    ),
  })
  return damages.map((one) => ({ ...one, table: table.target.name, cells: [] }))
}

function factRows(table: AuditedTable): string {
  return `
    select toString(${table.key.clickhouse}) as key, toString(count()),
      toString(any(${rowHash(table.columns).clickhouse})), 0
    from ${quoteClickHouse(table.target.name)}
    where ${spanCondition(table).clickhouse} and _version < {bound: UInt128}
    group by key`
}

function mirrorRows(table: AuditedTable): string {
  return `
    select toString(${table.key.clickhouse}) as key, toString(argMax(_deleted, _version) = 0),
      toString(argMax(${rowHash(table.columns).clickhouse}, _version)), max(_version) >= {bound: UInt128}
    from ${quoteClickHouse(table.target.name)}
    where ${spanCondition(table).clickhouse}
    group by key`
}

/** Adds to damaged rows what each side has, as people read it: of a row both have, only what differs. */
export async function showCells(
  client: ClickHouseClient,
  moment: Moment,
  table: AuditedTable,
  damages: RowDamage[],
): Promise<RowDamage[]> {
  const shown = damages.slice(0, SHOWN_ROWS_MAX)
  if (shown.length === 0) return []
  const keys = shown.map((one) => one.key)
  const [originals, copies] = await Promise.all([
    postgresTexts(moment, table, keys),
    clickhouseTexts(client, moment, table, keys),
  ])
  return shown.map((one) => ({
    ...one,
    cells: cellsOf(table, originals.get(one.key), copies.get(one.key)),
  }))
}

function cellsOf(
  table: AuditedTable,
  original: string[] | undefined,
  copy: string[] | undefined,
): Cell[] {
  return table.columns.flatMap((column, index) => {
    const [one, other] = [original?.[index], copy?.[index]]
    if (one === other) return []
    const read = (text: string | undefined) => (text === undefined ? null : readable(column, text))
    return [{ column: column.name, postgres: read(one), clickhouse: read(other) }]
  })
}

async function postgresTexts({ sql }: Moment, table: AuditedTable, keys: string[]) {
  const texts = table.columns.map((column) => columnText(column).postgres)
  const rows = await sql.unsafe<{ key: string; texts: string[] }[]>(
    `select ${table.key.postgres}::text as key, to_json(array[${texts.join(', ')}]) as texts
     from ${sourceName(table)}
     where ${table.key.postgres} = any (
       array(select jsonb_array_elements_text($1::text::jsonb)::${table.key.postgresType})
     )`,
    [JSON.stringify(keys)],
  )
  return new Map(rows.map((row) => [row.key, row.texts]))
}

async function clickhouseTexts(
  client: ClickHouseClient,
  { bound }: Moment,
  table: AuditedTable,
  keys: string[],
) {
  const texts = table.columns.map((column) => columnText(column).clickhouse)
  const result = await client.query({
    query: `
      select toString(${table.key.clickhouse}) as key, argMax([${texts.join(', ')}], _version)
      from ${quoteClickHouse(table.target.name)}
      where ${table.key.clickhouse} in {keys: Array(${table.key.clickhouseType})} and _version < {bound: UInt128}
      group by key
      ${table.target.kind === 'mirror' ? 'having argMax(_deleted, _version) = 0' : ''}`,
    query_params: { keys: keysParameter(table, keys), bound: bound.toString() },
    clickhouse_settings: QUERY_SETTINGS,
    format: 'JSONCompactEachRow',
  })
  return new Map(await result.json<[key: string, texts: string[]]>())
}

/** Rows of Postgres as the stream would bring them: each value in its type's own text. */
export async function readOriginals(
  { sql }: Moment,
  table: AuditedTable,
  keys: string[],
): Promise<(string | null)[][]> {
  const columns = carriedColumns(table).map((column) => quotePostgres(column.name))
  const rows: (Buffer | null)[][] = await sql
    .unsafe(
      `select ${columns.join(', ')}
       from ${sourceName(table)}
       where ${table.key.postgres} = any (
         array(select jsonb_array_elements_text($1::text::jsonb)::${table.key.postgresType})
       )`,
      [JSON.stringify(keys)],
    )
    .raw()
  return rows.map((row) => row.map((cell) => (cell === null ? null : cell.toString('utf8'))))
}
