import type { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import {
  ClickHouseError,
  ClickHouseLogLevel,
  createClient,
  type ClickHouseClient,
  type ClickHouseSettings,
} from '@clickhouse/client'
import type { Batch, TableRows } from '../batches.ts'
import { planOf, ROW_KEY } from '../copy-plan.ts'
import { DATE_MAX, DATE_MIN, TIME_MAX, TIME_MIN } from '../encode.ts'
import { identifier } from '../mirror/ddl.ts'
import { ownPlans } from '../own-columns.ts'
import { PRODUCT_DATABASE } from '../scope.ts'
import { insertColumns, keyColumns, type Target, type TargetColumn } from '../target.ts'
import { createPost } from './post.ts'

const INSERT_MS_MAX = 30_000
const SNAPSHOT_MS_MAX = 6 * 60 * 60 * 1_000
/** How long the inserts of a process that died may take to end before we give up for now. */
const ZOMBIES_MS_MAX = 20_000

/** Every insert is one durable block in one part, and the server's own defaults cannot change that. */
const INSERT_SETTINGS = {
  async_insert: 0,
  wait_end_of_query: 1,
  insert_deduplicate: 0,
  // Built when parts merge: a twelfth less work for each insert.
  materialize_statistics_on_insert: 0,
  input_format_parallel_parsing: 0,
  input_format_null_as_default: 1,
  date_time_input_format: 'basic',
  session_timezone: 'UTC',
} as const satisfies ClickHouseSettings

export type Sink = {
  client: ClickHouseClient
  pipe: string
  database: string
  /** One insert, whose rows are in the format it names. Resolves when they are on disk. */
  write(insert: string, rows: Buffer[]): Promise<void>
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
  optimize_on_insert: 0,
} as const satisfies ClickHouseSettings

/** Without a database it is the address's own, else the product's. */
type Connect = { url: string; pipe: string; database?: string }

export function connectSink({ url, pipe, database: asked }: Connect): Sink {
  const database = asked ?? PRODUCT_DATABASE
  const shared = {
    url: asked === undefined ? url : new URL('/', url),
    database,
    application: 'tributary-ingest',
    max_open_connections: 32,
    log: { level: ClickHouseLogLevel.OFF },
  }
  const client = createClient({ ...shared, request_timeout: INSERT_MS_MAX })
  const post = createPost({
    url: shared.url,
    database,
    maxConnections: shared.max_open_connections,
    timeoutMs: INSERT_MS_MAX,
  })
  const loader = createClient({ ...shared, request_timeout: SNAPSHOT_MS_MAX })

  async function write(query: string, rows: Buffer[]) {
    await post.send({ query, queryId: queryId(pipe), settings: INSERT_SETTINGS, rows })
  }

  async function insert({ target, text }: TableRows) {
    const columns = named(insertColumns(target)).join(', ')
    const query = `insert into ${identifier(target.name)} (${columns}) format TabSeparated`
    await write(query, text).catch((error: unknown) => {
      throw isUnreadable(error) ? new RowsRefused(target, error) : error
    })
  }

  return {
    client,
    pipe,
    database,
    write,
    async writeFacts({ facts }) {
      await allSettled(facts.map(insert))
    },
    async writeMirrors({ fences, mirrors }) {
      for (const { target, version } of fences) await empty(client, pipe, target, version)
      await allSettled(mirrors.map(insert))
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
      post.close()
      await Promise.all([client.close(), loader.close()])
    },
  }
}

/** What ClickHouse says of rows that are not what their table has: sent again, they are refused again. */
const UNREADABLE = new Set(['6', '26', '27', '33', '38', '41', '69', '72', '117', '376', '467'])

export class RowsRefused extends Error {
  readonly target: Target
  constructor(target: Target, cause: Error) {
    super(`${target.name} cannot take its rows: ${cause.message.split('\n')[0]}`, { cause })
    this.name = 'RowsRefused'
    this.target = target
  }
}

function isUnreadable(error: unknown): error is Error {
  return error instanceof ClickHouseError && UNREADABLE.has(error.code)
}

/** Waits for all, then fails as the first that failed: an insert still under way could land later. */
async function allSettled(inserts: Promise<void>[]): Promise<void> {
  const outcomes = await Promise.allSettled(inserts)
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
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
  const key = keyColumns(target)
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
    // A table this process made has each such value in quarantine already.
    if (target.source) return
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
      issue('values were outside what ClickHouse can hold, or at its limit', row.clamped)
  }
}

/** The version is said once, not on each of millions of rows. */
function loadStatement(target: Target, columns: TargetColumn[], version: bigint): string {
  const names = named(columns.map((column) => column.name))
  const plans = columns.map(planOf)
  const types = plans.map(({ inputType }, index) => `${names[index]} ${inputType}`)
  const values = plans.map(({ clickhouse }) => clickhouse)
  const own = ownPlans(target, columns)
  types.push(...own.map(({ name, inputType }) => `${name} ${inputType}`))
  const row = [...own.map(({ name }) => name), ...(target.hasRowKey ? ['_row'] : [])]
  if (target.hasRowKey) types.push(`_row ${ROW_KEY.inputType}`)
  const isMirror = target.kind === 'mirror'
  return `
    insert into \`${target.name}\` (${[...names, ...row].join(', ')}, _version${isMirror ? ', _deleted' : ''})
    select ${[...values, ...row].join(', ')}, toUInt128('${version}')${isMirror ? ', 0' : ''}
    from input('${types.join(', ').replaceAll('\\', '\\\\').replaceAll("'", "\\'")}')
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
