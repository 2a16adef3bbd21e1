/** Runs what Cube wrote. Values travel as query parameters, results as text, so no digit passes through a double. */
import {
  ClickHouseError,
  ClickHouseLogLevel,
  createClient,
  type ClickHouseClient,
} from '@clickhouse/client'
import { Problem } from './problem.ts'

export type Rows = { rows: Record<string, unknown>[]; rowsRead: number }

export type Run = (sql: string, values: readonly unknown[]) => Promise<Rows>

/** Below ClickHouse's own max_concurrent_queries, so that ingest and people at a prompt still get through. */
const QUERIES_AT_ONCE_MAX = 8
const QUERIES_WAITING_MAX = 512
const QUERY_LIMITS = { seconds_max: 10 }
const REQUEST_TIMEOUT_MS = 15_000

/** Correctness does not depend on the user's profile; its limits still hold where they are tighter. */
const SETTINGS = {
  join_use_nulls: 1,
  output_format_json_quote_64bit_integers: 1,
  output_format_json_quote_decimals: 1,
  date_time_output_format: 'simple',
  max_result_rows: '50000',
  result_overflow_mode: 'throw',
  // A process that stops takes its queries with it.
  cancel_http_readonly_queries_on_client_close: 1,
} as const

const TOO_SLOW = new Set(['159'])
const TOO_LARGE = new Set(['158', '241', '307', '396'])
const BUSY = new Set(['202', '236', '394'])
/** Values that do not fit their column: text in a number filter, a date that is none. */
const BAD_VALUE = new Set(['6', '27', '38', '41', '43', '53', '69', '72', '386', '457'])

const DATABASE = 'analytics'

/** The address may name another database: tests have one each. */
export function connect(address: string): ClickHouseClient {
  const url = new URL(address)
  const database = url.pathname.slice(1) || DATABASE
  url.pathname = ''
  return createClient({
    url,
    database,
    application: 'tributary-semantic',
    max_open_connections: QUERIES_AT_ONCE_MAX,
    request_timeout: REQUEST_TIMEOUT_MS,
    keep_alive: { enabled: true, idle_socket_ttl: 2_000 },
    // What fails is thrown, and logged by whoever catches it.
    log: { level: ClickHouseLogLevel.OFF },
  })
}

export function createRun(client: ClickHouseClient, limits = QUERY_LIMITS): Run {
  const withTurn = createTurns(QUERIES_AT_ONCE_MAX, QUERIES_WAITING_MAX)

  async function run(sql: string, values: readonly unknown[]): Promise<Rows> {
    try {
      const result = await client.query({
        query: withParameters(sql),
        query_params: Object.fromEntries(
          values.map((value, index) => [`p${index}`, String(value)]),
        ),
        format: 'JSONCompact',
        clickhouse_settings: { ...SETTINGS, max_execution_time: limits.seconds_max },
      })
      const { meta = [], data, statistics } = await result.json<unknown[]>()
      const names = meta.map(({ name }) => name)
      return {
        rows: data.map((row) =>
          Object.fromEntries(names.map((name, index) => [name, textOf(row[index])])),
        ),
        rowsRead: statistics?.rows_read ?? 0,
      }
    } catch (error) {
      throw explain(error)
    }
  }

  return (sql, values) => withTurn(() => run(sql, values))
}

/** Cube leaves a question mark for each value, in order. The model has none of its own. */
export function withParameters(sql: string) {
  let index = 0
  return sql.replaceAll('?', () => `{p${index++}:String}`)
}

/** At most `running` at once and `waiting` in line; who comes later is told so at once. */
export function createTurns(runningMax: number, waitingMax: number) {
  const waiting: (() => void)[] = []
  let running = 0

  return async function withTurn<T>(work: () => Promise<T>): Promise<T> {
    if (running >= runningMax) {
      if (waiting.length >= waitingMax) {
        throw new Problem(503, 'BUSY', 'Too many questions at once. Try again in a moment.')
      }
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else {
      running += 1
    }
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }
}

function textOf(value: unknown) {
  return value === null || typeof value === 'string' ? value : JSON.stringify(value)
}

function explain(error: unknown): Problem {
  const cause = error
  if (error instanceof ClickHouseError) {
    if (TOO_SLOW.has(error.code)) {
      return new Problem(
        504,
        'QUERY_TOO_SLOW',
        'The question took too long. Ask for a shorter period or fewer groups.',
        { cause },
      )
    }
    if (TOO_LARGE.has(error.code)) {
      return new Problem(
        422,
        'QUERY_TOO_LARGE',
        'The question reads or returns too much. Ask for a shorter period or fewer groups.',
        { cause },
      )
    }
    if (BUSY.has(error.code)) {
      return new Problem(503, 'BUSY', 'Too many questions at once. Try again in a moment.', {
        cause,
      })
    }
    if (BAD_VALUE.has(error.code)) {
      return new Problem(400, 'INVALID_VALUE', 'A filter has a value that does not fit its field', {
        cause,
      })
    }
    return new Problem(
      500,
      'INTERNAL',
      'The analytics database refused the question. The log says why.',
      { cause },
    )
  }
  return new Problem(
    503,
    'ANALYTICS_UNAVAILABLE',
    'The analytics database is not reachable. Try again in a moment.',
    { cause },
  )
}
