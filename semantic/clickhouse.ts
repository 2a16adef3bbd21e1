/** Runs what Cube wrote. Values travel as query parameters, results as text, so no digit passes through a double. */
import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client'
import { refusalOf } from './refusal.ts'
import { createTurns } from './turns.ts'

export type Rows = {
  rows: Record<string, unknown>[]
  /** How many there would be without the limit. */
  rowsBeforeLimit: number
  spent: Spent
}

/** What a question cost. `waitMs` is the time before its turn came. */
export type Spent = { rowsRead: number; bytesRead: number; waitMs: number }

export const NOTHING_SPENT: Spent = { rowsRead: 0, bytesRead: 0, waitMs: 0 }

/** Who asks, so that turns are fair, and whether he is still there. */
export type Asking = { asker: string; signal?: AbortSignal | undefined }

export type Run = (sql: string, values: readonly unknown[], asking?: Asking) => Promise<Rows>

export type QueryLimits = {
  seconds: number
  rows_read: number
  rows_answered: number
  memory_bytes: number
  running: number
  waiting: number
}

/** Running is below ClickHouse's own max_concurrent_queries, so that ingest and people at a prompt get through. */
export const QUERY_LIMITS: QueryLimits = {
  seconds: 10,
  rows_read: 1_000_000_000,
  rows_answered: 50_000,
  memory_bytes: 1_000_000_000,
  running: 8,
  waiting: 512,
}

/** What the service itself asks (where the stream stands) never stands in line behind what people ask. */
export const OWN_LIMITS: QueryLimits = { ...QUERY_LIMITS, running: 4, waiting: 1_024 }

const REQUEST_TIMEOUT_MS = 15_000
const IDLE_SOCKET_MS = 2_000

/** Correctness does not depend on the user's profile; its limits still hold where they are tighter. */
const SETTINGS = {
  join_use_nulls: 1,
  output_format_json_quote_64bit_integers: 1,
  output_format_json_quote_decimals: 1,
  date_time_output_format: 'simple',
  result_overflow_mode: 'throw',
  read_overflow_mode: 'throw',
  exact_rows_before_limit: 1,
  // Who goes away, or is stopped with the process, takes his query with him; only where nothing can be written.
  readonly: '2',
  cancel_http_readonly_queries_on_client_close: 1,
} as const

const DATABASE = 'analytics'

/** The address may name another database: tests have one each. */
export function connect(address: string, sockets = QUERY_LIMITS.running): ClickHouseClient {
  const url = new URL(address)
  const database = url.pathname.slice(1) || DATABASE
  url.pathname = ''
  return createClient({
    url,
    database,
    application: 'tributary-semantic',
    max_open_connections: sockets,
    request_timeout: REQUEST_TIMEOUT_MS,
    keep_alive: { enabled: true, idle_socket_ttl: IDLE_SOCKET_MS },
    // What fails is thrown, and logged by whoever catches it.
    log: { level: ClickHouseLogLevel.OFF },
  })
}

export function createRun(client: ClickHouseClient, limits = QUERY_LIMITS): Run {
  const withTurn = createTurns(limits)

  async function run(
    sql: string,
    values: readonly unknown[],
    waitMs: number,
    signal: AbortSignal | undefined,
  ): Promise<Rows> {
    try {
      const result = await client.query({
        query: withParameters(sql),
        query_params: Object.fromEntries(
          values.map((value, index) => [`p${index}`, String(value)]),
        ),
        format: 'JSONCompact',
        clickhouse_settings: {
          ...SETTINGS,
          max_execution_time: limits.seconds,
          max_rows_to_read: String(limits.rows_read),
          max_result_rows: String(limits.rows_answered),
          max_memory_usage: String(limits.memory_bytes),
        },
        ...(signal && { abort_signal: signal }),
      })
      const { meta = [], data, statistics, ...counted } = await result.json<unknown[]>()
      const names = meta.map(({ name }) => name)
      return {
        rows: data.map((row) =>
          Object.fromEntries(names.map((name, index) => [name, textOf(row[index])])),
        ),
        rowsBeforeLimit: counted.rows_before_limit_at_least ?? data.length,
        spent: {
          rowsRead: statistics?.rows_read ?? 0,
          bytesRead: statistics?.bytes_read ?? 0,
          waitMs,
        },
      }
    } catch (error) {
      throw refusalOf(error, signal)
    }
  }

  return (sql, values, { asker, signal } = { asker: '' }) =>
    withTurn(asker, (waitMs) => run(sql, values, waitMs, signal), signal)
}

/** Cube leaves a question mark for each value, in order. The model has none of its own. */
export function withParameters(sql: string) {
  let index = 0
  return sql.replaceAll('?', () => `{p${index++}:String}`)
}

function textOf(value: unknown) {
  return value === null || typeof value === 'string' ? value : JSON.stringify(value)
}
