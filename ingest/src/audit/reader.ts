/** Connections that only read, in the text the change stream has: ISO dates in UTC. */
import postgres from 'postgres'

const STATEMENT_MS_MAX = 10 * 60 * 1_000

export function openReader(databaseUrl: string, onClose: () => void = () => {}) {
  return postgres(databaseUrl, {
    max: 1,
    // The driver asks for the types of arrays unattended: a connection lost meanwhile ends the process.
    fetch_types: false,
    idle_timeout: 0,
    max_lifetime: null,
    connection: {
      application_name: 'tributary audit',
      TimeZone: 'UTC',
      DateStyle: 'ISO, YMD',
      IntervalStyle: 'iso_8601',
      statement_timeout: STATEMENT_MS_MAX,
    },
    onnotice: () => {},
    onclose: onClose,
  })
}

/**
 * One transaction that sees one snapshot. The driver rolls back also on a connection that is gone already, and
 * that write ends the whole process (porsager/postgres#1154, #1208). So it is not told of a failure that comes
 * after the connection was lost: `begin` fails by itself then, and Postgres rolls back by itself.
 */
export async function readOnly<T>(
  databaseUrl: string,
  work: (sql: postgres.TransactionSql) => Promise<T>,
): Promise<T> {
  let isClosed = false
  const reader = openReader(databaseUrl, () => (isClosed = true))
  // The driver types a result by unwrapping arrays of promises; a box passes through as it is.
  let result: { value: T } | undefined
  try {
    await reader.begin('isolation level repeatable read read only', async (sql) => {
      const value = await work(sql).catch((error: unknown) =>
        isClosed ? new Promise<never>(() => {}) : Promise.reject(error),
      )
      result = { value }
    })
  } finally {
    await reader.end({ timeout: 0 })
  }
  if (result === undefined) throw new Error('a transaction ended without a result')
  return result.value
}
