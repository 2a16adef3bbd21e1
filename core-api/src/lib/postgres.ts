/**
 * The driver is set once, so that a row is the API's object: ids and counts are numbers (and throw
 * beyond 2^53), amounts stay strings of minor units, moments are ISO strings.
 */
import postgres from 'postgres'

export type Sql = postgres.Sql
/** A pool or a transaction: a query does not care which. */
export type Queryable = postgres.ISql

const POOL_CONNECTIONS_MAX = 16
const CONNECT_SECONDS_MAX = 4
const STATEMENT_MS_MAX = 12_000
const LOCK_WAIT_MS_MAX = 8_000
const IDLE_IN_TRANSACTION_MS_MAX = 20_000
const CLOSE_SECONDS_MAX = 0.5
const ATTEMPTS_MAX = 5

const INT8 = 20
const INT8_ARRAY = 1016
const TEXT_ARRAY = 1009

export function connect(url: string): Sql {
  return postgres(url, {
    max: POOL_CONNECTIONS_MAX,
    connect_timeout: CONNECT_SECONDS_MAX,
    backoff: (attempt) => Math.min(0.1 * 2 ** attempt, 1),
    onnotice: () => {},
    // The driver asks for the types of arrays unattended: a connection lost meanwhile ends the process.
    fetch_types: false,
    connection: {
      application_name: 'core-api',
      TimeZone: 'UTC',
      statement_timeout: STATEMENT_MS_MAX,
      lock_timeout: LOCK_WAIT_MS_MAX,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS_MAX,
    },
    types: {
      wide: { to: INT8, from: [INT8], parse: (text: string) => text, serialize: String },
      moment: { to: 1184, from: [1184], parse: toIso, serialize: fromMoment },
      ids: { to: INT8_ARRAY, from: [INT8_ARRAY], parse: toIds, serialize: toArray },
      texts: { to: TEXT_ARRAY, from: [], parse: String, serialize: toArray },
      day: { to: 1082, from: [1082], parse: (text: string) => text, serialize: String },
    },
    transform: { value: { from: fromColumn } },
  })
}

export async function disconnect(sql: Sql): Promise<void> {
  await sql.end({ timeout: CLOSE_SECONDS_MAX })
}

/**
 * Runs `work` in a transaction and again when the database asks for it (deadlock, serialization) or
 * when `isWorthRetrying` says so. Nothing outside the transaction may have been done by `work`.
 */
export async function transact<T>(
  sql: Sql,
  work: (transaction: Queryable) => Promise<T>,
  isWorthRetrying: (error: unknown) => boolean = () => false,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await inTransaction(sql, 'read write', work)
    } catch (error) {
      const isRetried = isConflict(error) || isWorthRetrying(error)
      if (!isRetried || attempt >= ATTEMPTS_MAX) throw error
    }
  }
}

export async function readOnly<T>(sql: Sql, work: (transaction: Queryable) => Promise<T>) {
  return inTransaction(sql, 'read only', work)
}

/**
 * The driver rolls back also on a connection that is already gone, and that write ends the process
 * (porsager/postgres#1154, #1208). So it is not told of such a failure: `begin` fails by itself when its
 * connection closes, and Postgres rolls back by itself.
 */
async function inTransaction<T>(
  sql: Sql,
  mode: 'read write' | 'read only',
  work: (transaction: Queryable) => Promise<T>,
): Promise<T> {
  // The driver types a result by unwrapping arrays of promises; a box passes through as it is.
  let result: { value: T } | undefined
  await sql.begin(mode, async (transaction) => {
    const value = await work(transaction).catch((error: unknown) =>
      isConnectionLost(error) ? new Promise<never>(() => {}) : Promise.reject(error),
    )
    result = { value }
  })
  if (result === undefined) throw new Error('a transaction ended without a result')
  return result.value
}

const LOST = new Set([
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EPIPE',
  'ERR_STREAM_DESTROYED',
  'ETIMEDOUT',
  // Postgres says good-bye: shut down by an admin, crashed, starting up, too many connections.
  '57P01',
  '57P02',
  '57P03',
  '53300',
])

/** The server is away, or has just said good-bye. */
export function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false
  const code = String(error.code)
  return LOST.has(code) || code.startsWith('08')
}

export function violates(error: unknown, constraint: string): boolean {
  return error instanceof postgres.PostgresError && error.constraint_name === constraint
}

export const { PostgresError } = postgres

function isConflict(error: unknown): boolean {
  return error instanceof PostgresError && (error.code === '40P01' || error.code === '40001')
}

function fromColumn(value: unknown, column: { name: string; type: number }): unknown {
  if (value === null) return null
  if (column.type === INT8 && !column.name.endsWith('_cents')) return toSafeInteger(value)
  return value
}

function toSafeInteger(text: unknown): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number)) throw new RangeError(`${String(text)} is beyond 2^53`)
  return number
}

/** An array of numbers has no quotes, no escapes and no nulls. */
function toIds(text: string): number[] {
  return text === '{}' ? [] : text.slice(1, -1).split(',').map(toSafeInteger)
}

function toArray(items: (string | number | null)[]): string {
  return `{${items.map(toElement).join(',')}}`
}

function toElement(item: string | number | null): string {
  if (item === null) return 'null'
  return `"${String(item).replaceAll(/["\\]/g, '\\$&')}"`
}

function toIso(text: string): string {
  return new Date(text).toISOString()
}

function fromMoment(moment: unknown): string {
  return moment instanceof Date ? moment.toISOString() : String(moment)
}
