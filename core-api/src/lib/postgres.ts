/**
 * The driver is set once, so that a row is the API's object: ids and counts are numbers (and throw
 * beyond 2^53), amounts stay strings of minor units, moments are ISO strings.
 */
import postgres from 'postgres'

export type Sql = postgres.Sql
/** A pool or a transaction: a query does not care which. */
export type Queryable = postgres.ISql
export type Transaction = postgres.TransactionSql

const POOL_CONNECTIONS_MAX = 16
const CONNECT_SECONDS_MAX = 4
const STATEMENT_MS_MAX = 12_000
const LOCK_WAIT_MS_MAX = 8_000
const IDLE_IN_TRANSACTION_MS_MAX = 20_000
const CLOSE_SECONDS_MAX = 0.5
const ATTEMPTS_MAX = 5

const INT8 = 20
const INT8_ARRAY = 1016

export function connect(url: string): Sql {
  return postgres(url, {
    max: POOL_CONNECTIONS_MAX,
    connect_timeout: CONNECT_SECONDS_MAX,
    backoff: (attempt) => Math.min(0.1 * 2 ** attempt, 1),
    onnotice: () => {},
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
  work: (transaction: Transaction) => Promise<T>,
  isWorthRetrying: (error: unknown) => boolean = () => false,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      // The driver types a result by unwrapping arrays of promises; one value passes through as it is.
      let result: { value: T } | undefined
      await sql.begin(async (transaction) => {
        result = { value: await work(transaction) }
      })
      if (result === undefined) throw new Error('a transaction ended without a result')
      return result.value
    } catch (error) {
      const isRetried = isConflict(error) || isWorthRetrying(error)
      if (!isRetried || attempt >= ATTEMPTS_MAX) throw error
    }
  }
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
  if (column.type === INT8_ARRAY && Array.isArray(value)) return value.map(toSafeInteger)
  return value
}

function toSafeInteger(text: unknown): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number)) throw new RangeError(`${String(text)} is beyond 2^53`)
  return number
}

function toIso(text: string): string {
  return new Date(text).toISOString()
}

function fromMoment(moment: unknown): string {
  return moment instanceof Date ? moment.toISOString() : String(moment)
}
