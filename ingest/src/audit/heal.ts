/**
 * Puts damaged rows right, from the snapshot they were found in.
 *
 * The stream has one writer, and healing is a second; it is safe beside it because the two never write the same
 * thing. The stream only adds versions of the moment and later. Healing only touches versions before it, and what
 * it writes bears (epoch, L, 0) + 1: newer than what was wrong, older than anything the stream will bring, and
 * behind the checkpoint, so that no high-water mark moves past a row still to come.
 */
import { Readable } from 'node:stream'
import type { ClickHouseClient } from '@clickhouse/client'
import { versionOf, type Change } from '../change.ts'
import { insertColumns, ownColumns, positionsOf } from '../target.ts'
import { blocksOf, createLines } from '../lines.ts'
import { rowOf } from '../row.ts'
import { addRows } from '../to-row.ts'
import { quoteClickHouse } from './canonical.ts'
import type { Moment } from './moment.ts'
import { readOriginals, type RowDamage } from './rows.ts'
import { carriedColumns, keysParameter, type AuditedTable } from './tables.ts'

/** Keys in one statement, well within what an address line may hold. */
const KEYS_MAX = 5_000

const WRITE_SETTINGS = {
  async_insert: 0,
  wait_end_of_query: 1,
  // A row that was written before and lost since has the same block again: it must not be taken for a repeat.
  insert_deduplicate: 0,
  input_format_null_as_default: 1,
  date_time_input_format: 'basic',
  session_timezone: 'UTC',
} as const

export function healedVersion({ epoch, lsn }: Moment): bigint {
  return versionOf(epoch, lsn, 0) + 1n
}

/** Returns how many rows it put right. */
export async function heal(
  client: ClickHouseClient,
  moment: Moment,
  table: AuditedTable,
  damages: RowDamage[],
): Promise<number> {
  for (let start = 0; start < damages.length; start += KEYS_MAX) {
    const some = damages.slice(start, start + KEYS_MAX)
    const gone = some.filter((one) => one.damage === 'extra').map((one) => one.key)
    const wrong = some
      .filter((one) => one.damage === 'doubled' || one.damage === 'differs')
      .map((one) => one.key)
    const lost = some.filter((one) => one.damage === 'missing').map((one) => one.key)
    if (table.target.kind === 'fact') {
      await deleteRows(client, moment, table, [...gone, ...wrong])
    } else {
      await buryKeys(client, moment, table, gone)
    }
    await insertOriginals(client, moment, table, [...wrong, ...lost])
  }
  return damages.length
}

/** A version nobody has written yet hides every row that comes, so it goes whatever it holds. */
export async function deleteAhead(
  client: ClickHouseClient,
  table: AuditedTable,
  limit: bigint,
): Promise<void> {
  await client.command({
    query: `alter table ${quoteClickHouse(table.target.name)} delete where _version >= {limit: UInt128}`,
    query_params: { limit: limit.toString() },
    clickhouse_settings: { mutations_sync: '1' },
  })
}

async function deleteRows(
  client: ClickHouseClient,
  { bound }: Moment,
  table: AuditedTable,
  keys: string[],
) {
  if (keys.length === 0) return
  await client.command({
    query: `
      alter table ${quoteClickHouse(table.target.name)}
      delete where ${table.key.clickhouse} in {keys: Array(${table.key.clickhouseType})}
        and _version < {bound: UInt128}`,
    query_params: { keys: keysParameter(table, keys), bound: bound.toString() },
    clickhouse_settings: { mutations_sync: '1' },
  })
}

/** A mirror forgets a key by a newer row that says so; the row's other columns are what they were. */
async function buryKeys(
  client: ClickHouseClient,
  moment: Moment,
  table: AuditedTable,
  keys: string[],
) {
  if (keys.length === 0) return
  const { target } = table
  const names = [...target.columns.map((column) => column.name), ...ownColumns(target)]
  const columns = names.map(quoteClickHouse).join(', ')
  await client.command({
    query: `
      insert into ${quoteClickHouse(table.target.name)} (${columns}, _version, _deleted)
      select ${columns}, {version: UInt128}, 1
      from ${quoteClickHouse(table.target.name)} final
      where ${table.key.clickhouse} in {keys: Array(${table.key.clickhouseType})} and _version < {bound: UInt128}`,
    query_params: {
      keys: keysParameter(table, keys),
      version: healedVersion(moment).toString(),
      bound: moment.bound.toString(),
    },
    clickhouse_settings: WRITE_SETTINGS,
  })
}

async function insertOriginals(
  client: ClickHouseClient,
  moment: Moment,
  table: AuditedTable,
  keys: string[],
) {
  if (keys.length === 0) return
  const { target } = table
  const rows = await readOriginals(moment, table, keys)
  const carried = carriedColumns(table).map((column) => column.name)
  const source = { schema: table.schema, name: table.name, columns: carried }
  const positions = positionsOf(target, source)
  const version = healedVersion(moment).toString()
  const lines = createLines()
  for (const row of rows) {
    const change: Change = { kind: 'insert', table: source, seq: 0, row: rowOf(row) }
    addRows(lines, change, { target, positions }, version)
  }
  const [first, ...rest] = insertColumns(target)
  if (rows.length === 0 || first === undefined) return
  await client.insert({
    table: target.name,
    columns: [quoteClickHouse(first), ...rest.map(quoteClickHouse)],
    values: Readable.from(blocksOf(lines), { objectMode: false }),
    format: 'TabSeparated',
    clickhouse_settings: WRITE_SETTINGS,
  })
}
