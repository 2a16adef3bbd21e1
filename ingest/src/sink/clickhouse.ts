import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import {
  ClickHouseLogLevel,
  createClient,
  type ClickHouseClient,
  type ClickHouseSettings,
} from '@clickhouse/client'
import type { Batch, TableRows } from '../batches.ts'
import { DATE_MAX, DATE_MIN, TIME_MAX, TIME_MIN } from '../encode.ts'
import {
  insertColumns,
  targetsOf,
  type ColumnRow,
  type Target,
  type TargetColumn,
} from '../target.ts'

export const DATABASE = 'analytics'

const INSERT_MS_MAX = 30_000
const SNAPSHOT_MS_MAX = 6 * 60 * 60 * 1_000
/** How long the inserts of a process that died may take to end before we give up for now. */
const ZOMBIES_MS_MAX = 20_000

/** Every insert is one durable block in one part, and the server's own defaults cannot change that. */
const INSERT_SETTINGS = {
  async_insert: 0,
  wait_end_of_query: 1,
  insert_deduplicate: 1,
  deduplicate_blocks_in_dependent_materialized_views: 1,
  input_format_parallel_parsing: 0,
  input_format_null_as_default: 1,
  date_time_input_format: 'basic',
  session_timezone: 'UTC',
} as const satisfies ClickHouseSettings

export type Sink = {
  client: ClickHouseClient
  pipe: string
  /** Tables at the same time, each one block. Resolves when all of it is on disk. */
  writeFacts(batch: Batch): Promise<void>
  writeMirrors(batch: Batch): Promise<void>
  /** Streams a table's rows, all of one version. Not atomic: for tables that are filled from the start. */
  load(rows: Load): Promise<void>
  close(): Promise<void>
}

export type Load = { target: Target; columns: TargetColumn[]; version: bigint; body: Readable }

/** Rows of a snapshot have each key once, and are many: what helps small inserts only costs here. */
const LOAD_SETTINGS = {
  ...INSERT_SETTINGS,
  insert_deduplicate: 0,
  optimize_on_insert: 0,
  input_format_parallel_parsing: 1,
} as const satisfies ClickHouseSettings

export function connectSink({ url, pipe }: { url: string; pipe: string }): Sink {
  const shared = {
    url,
    database: DATABASE,
    application: 'tributary-ingest',
    max_open_connections: 32,
    log: { level: ClickHouseLogLevel.OFF },
  }
  const client = createClient({ ...shared, request_timeout: INSERT_MS_MAX })
  const loader = createClient({ ...shared, request_timeout: SNAPSHOT_MS_MAX })

  async function insert({ target, text, first, last }: TableRows, epoch: number) {
    await client.insert({
      table: target.name,
      columns: named(insertColumns(target)),
      values: Readable.from(text, { objectMode: false }),
      format: 'TabSeparated',
      query_id: queryId(pipe),
      clickhouse_settings: {
        ...INSERT_SETTINGS,
        insert_deduplication_token: `${pipe}:${epoch}:${target.name}:${first}-${last}`,
      },
    })
  }

  return {
    client,
    pipe,
    async writeFacts({ epoch, facts }) {
      await allSettled(facts.map((rows) => insert(rows, epoch)))
    },
    async writeMirrors({ epoch, fences, mirrors }) {
      for (const { target, version } of fences) await empty(client, pipe, target, version)
      await allSettled(mirrors.map((rows) => insert(rows, epoch)))
    },
    async load({ target, columns, version, body }) {
      const result = await loader.exec({
        query: loadStatement(target, columns, version),
        values: body,
        query_id: queryId(pipe),
        clickhouse_settings: LOAD_SETTINGS,
      })
      result.stream.resume()
      await finished(result.stream)
    },
    async close() {
      await Promise.all([client.close(), loader.close()])
    },
  }
}

/** Waits for all, then fails as the first that failed: an insert still under way could land later. */
async function allSettled(inserts: Promise<void>[]): Promise<void> {
  const outcomes = await Promise.allSettled(inserts)
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
}

export async function readTargets(
  sink: Sink,
  onIssue: (table: string, column: string, reason: string) => void,
): Promise<Map<string, Target>> {
  const result = await sink.client.query({
    query: `
      select table, name, type, default_kind, is_in_sorting_key
      from system.columns
      where database = {database: String}
        and table in (
          select name from system.tables
          where database = {database: String} and engine like '%MergeTree'
        )
      order by table, position`,
    query_params: { database: DATABASE },
    format: 'JSONEachRow',
  })
  return targetsOf(await result.json<ColumnRow>(), onIssue)
}

/** The version up to which each fact table is complete. */
export async function readHighWater(
  sink: Sink,
  targets: Iterable<Target>,
): Promise<Map<string, bigint>> {
  const facts = [...targets].filter((target) => target.kind === 'fact')
  const marks = await Promise.all(
    facts.map(async (target) => {
      const result = await sink.client.query({
        query: `select toString(max(_version)) as version from {table: Identifier}`,
        query_params: { table: target.name },
        format: 'JSONEachRow',
      })
      const [row] = await result.json<{ version: string }>()
      return [target.name, BigInt(row?.version ?? '0')] as const
    }),
  )
  return new Map(marks)
}

/**
 * Ends what an earlier process of this pipe is still having done. It may have died after its last block
 * was sent and before it was written, and a high-water mark read in between would be too low.
 */
export async function endEarlierInserts(sink: Sink): Promise<void> {
  await sink.client.command({
    query: `kill query where startsWith(query_id, {prefix: String}) and query_id <> queryID() sync`,
    query_params: { prefix: queryPrefix(sink.pipe) },
    clickhouse_settings: { max_execution_time: ZOMBIES_MS_MAX / 1_000 },
  })
}

/**
 * A truncate of the source, as rows: each key that is older than it is marked deleted with its version.
 * Replayed, it writes the same marks again, and rows that came after it stay.
 */
async function empty(client: ClickHouseClient, pipe: string, target: Target, version: bigint) {
  const key = target.key.map((index) => target.columns[index]?.name ?? '')
  await client.command({
    query: `
      insert into {table: Identifier} (${named(key).join(', ')}, _version, _deleted)
      select ${named(key).join(', ')}, {version: UInt128}, 1
      from {table: Identifier} final
      where _version < {version: UInt128}`,
    query_params: { table: target.name, version: version.toString() },
    query_id: queryId(pipe),
    clickhouse_settings: { async_insert: 0, insert_deduplicate: 0 },
  })
}

export async function truncate(sink: Sink, target: Target): Promise<void> {
  await sink.client.command({
    query: 'truncate table {table: Identifier}',
    query_params: { table: target.name },
    clickhouse_settings: { max_table_size_to_drop: '0' },
  })
}

/** A snapshot's rows pass unread, so values that were moved into range are counted where they arrived. */
export async function reportClamped(sink: Sink, target: Target): Promise<void> {
  for (const { name, type, issue } of target.columns) {
    const limits = type.includes('DateTime64') ? [TIME_MIN, TIME_MAX] : [DATE_MIN, DATE_MAX]
    if (!/DateTime64|Date32/.test(type)) continue
    const result = await sink.client.query({
      query: `
        select toString(count()) as clamped
        from {table: Identifier}
        where toString({column: Identifier}) in ({limits: Array(String)})`,
      query_params: { table: target.name, column: name, limits },
      format: 'JSONEachRow',
    })
    const [row] = await result.json<{ clamped: string }>()
    if (row && row.clamped !== '0')
      issue(`${row.clamped} values were outside what ClickHouse can hold, or at its limit`)
  }
}

/** The version is said once, not on each of millions of rows. */
function loadStatement(target: Target, columns: TargetColumn[], version: bigint): string {
  const names = named(columns.map((column) => column.name))
  const types = columns.map((column, index) => `${names[index]} ${column.type}`).join(', ')
  const isMirror = target.kind === 'mirror'
  return `
    insert into \`${target.name}\` (${names.join(', ')}, _version${isMirror ? ', _deleted' : ''})
    select ${names.join(', ')}, toUInt128('${version}')${isMirror ? ', 0' : ''}
    from input('${types.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}')
    format TabSeparated`
}

function named(columns: string[]): [string, ...string[]] {
  const [first, ...rest] = columns.map((column) => `\`${column.replaceAll('`', '``')}\``)
  if (first === undefined) throw new Error('A table without columns cannot be written')
  return [first, ...rest]
}

function queryPrefix(pipe: string): string {
  return `tributary-ingest-${pipe}-`
}

function queryId(pipe: string): string {
  return `${queryPrefix(pipe)}${crypto.randomUUID()}`
}
