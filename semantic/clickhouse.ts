/** Runs what Cube wrote. Values travel as query parameters, results as text, so no digit passes through a double. */
import { refusalOf } from './refusal.ts'
import { createTurns } from './turns.ts'
import type { Wire } from './wire.ts'

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

/** Correctness does not depend on the user's profile; its limits still hold where they are tighter. */
const SETTINGS = {
  join_use_nulls: 1,
  output_format_json_quote_64bit_integers: 1,
  output_format_json_quote_decimals: 1,
  date_time_output_format: 'simple',
  result_overflow_mode: 'throw',
  read_overflow_mode: 'throw',
  exact_rows_before_limit: 1,
  // Threads that lay out a few rows take longer to start than the rows do.
  output_format_parallel_formatting: 0,
  // Who goes away, or is stopped with the process, takes his query with him; only where nothing can be written.
  readonly: '2',
  cancel_http_readonly_queries_on_client_close: 1,
} as const

export function createRun(wire: Wire, limits = QUERY_LIMITS): Run {
  const withTurn = createTurns(limits)
  const settings = {
    ...SETTINGS,
    max_execution_time: limits.seconds,
    max_rows_to_read: String(limits.rows_read),
    max_result_rows: String(limits.rows_answered),
    max_memory_usage: String(limits.memory_bytes),
  }

  async function run(
    sql: string,
    values: readonly unknown[],
    waitMs: number,
    signal: AbortSignal | undefined,
  ): Promise<Rows> {
    try {
      const { meta, data, statistics, ...counted } = await wire.ask({
        sql: withParameters(sql),
        values: values.map(String),
        settings,
        signal,
      })
      const names = meta.map(({ name }) => name)
      return {
        rows: data.map((row) =>
          Object.fromEntries(names.map((name, index) => [name, textOf(row[index])])),
        ),
        rowsBeforeLimit: counted.rows_before_limit_at_least ?? data.length,
        spent: { rowsRead: statistics.rows_read, bytesRead: statistics.bytes_read, waitMs },
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
