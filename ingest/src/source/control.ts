import postgres from 'postgres'
import { HEARTBEAT_PREFIX } from './assemble.ts'

const HEARTBEAT_EVERY_MS = 1_000
/** Without an answer for this long the lock may be another's; Postgres drops it a little later than this. */
const LEASE_MS = 15_000
const CONNECT_S_MAX = 10
/** The stream waits while it asks, so nothing it asks may wait for somebody's lock. */
const LOCK_MS_MAX = 2_000

/** The session that holds the pipe's lock. When it ends, for whatever reason, the pipe is no longer ours. */
export function openControlConnection(databaseUrl: string, onLost: (error: Error) => void) {
  return postgres(databaseUrl, {
    max: 1,
    connect_timeout: CONNECT_S_MAX,
    // The driver asks for the types of arrays unattended: a connection lost meanwhile ends the process.
    fetch_types: false,
    idle_timeout: 0,
    max_lifetime: null,
    connection: {
      application_name: 'tributary ingest',
      lock_timeout: LOCK_MS_MAX,
      tcp_keepalives_idle: 10,
      tcp_keepalives_interval: 5,
      tcp_keepalives_count: 3,
    },
    onnotice: () => {},
    onclose: () => onLost(new Error('Postgres closed the session that holds the pipe')),
  })
}

export type Heartbeat = {
  /** Throws when the lock can no longer be taken for granted. */
  assertHeld(): void
  stop(): void
}

/**
 * Writes a mark into the log each second: an idle database still has a fresh watermark and does not hold
 * back its log, and a session that has stopped answering is noticed.
 */
export function startHeartbeat(sql: postgres.Sql, onLost: (error: Error) => void): Heartbeat {
  let answeredAt = Date.now()
  let isAsking = false

  function assertHeld() {
    if (Date.now() - answeredAt > LEASE_MS)
      throw new Error('the session that holds the pipe does not answer')
  }

  async function beat() {
    try {
      assertHeld()
      if (isAsking) return
      isAsking = true
      await sql`
        select pg_logical_emit_message(
          false, ${HEARTBEAT_PREFIX}, (extract(epoch from clock_timestamp()) * 1000000)::bigint::text
        )
      `
      answeredAt = Date.now()
      isAsking = false
    } catch (error) {
      onLost(error instanceof Error ? error : new Error(String(error)))
    }
  }

  const timer = setInterval(() => void beat(), HEARTBEAT_EVERY_MS)
  void beat()
  return { assertHeld, stop: () => clearInterval(timer) }
}
