/**
 * Watches what the slot makes Postgres keep. It runs beside the stream, not in it: a slot is a danger to the
 * source exactly while nothing reads from it.
 */
import postgres from 'postgres'
import type { Logger } from 'pino'
import { dropSlot, slotName } from '../source/slot.ts'
import type { SlotState, State } from '../state.ts'

const LOOK_EVERY_MS = 10_000
const CONNECT_S_MAX = 10
const STATEMENT_MS_MAX = 10_000
/** Shares of what Postgres may keep at most (`max_slot_wal_keep_size`). */
const WARNING_SHARE = 0.5
const ALARM_SHARE = 0.8

export type Limits = {
  /** From here on it is worth a warning. */
  warnBytes: number
  /** From here on the slot is dropped, and everything copied anew when a person says so; 0 is never. */
  dropBytes: number
}

type Watch = {
  databaseUrl: string
  pipe: string
  limits: Limits
  state: State
  log: Logger
  everyMs?: number
}

export function watchRetention(watch: Watch): { stop(): Promise<void> } {
  const { databaseUrl, state, log, everyMs = LOOK_EVERY_MS } = watch
  const sql = postgres(databaseUrl, {
    max: 1,
    connect_timeout: CONNECT_S_MAX,
    // The driver asks for the types of arrays unattended: a connection lost meanwhile ends the process.
    fetch_types: false,
    connection: {
      application_name: 'tributary guard',
      statement_timeout: STATEMENT_MS_MAX,
    },
    onnotice: () => {},
  })
  let looking: Promise<void> | null = null

  function look() {
    // Postgres may be away for long; one question at a time waits for it.
    looking ??= lookOnce(sql, watch)
      .catch((error: unknown) => log.warn({ err: error }, 'the slot could not be looked at'))
      .finally(() => (looking = null))
  }

  state.slot = null
  look()
  const timer = setInterval(look, everyMs)
  return {
    async stop() {
      clearInterval(timer)
      await sql.end({ timeout: 0 })
      await looking
    },
  }
}

async function lookOnce(sql: postgres.Sql, { pipe, limits, state, log }: Watch) {
  const slot = slotName(pipe)
  const [row] = await sql<Row[]>`
    select
      slots.active,
      slots.wal_status,
      coalesce(pg_current_wal_lsn() - slots.restart_lsn, 0)::float8 as retained_bytes,
      slots.safe_wal_size::float8 as safe_bytes,
      coalesce(stats.spill_bytes, 0)::float8 as spilled_bytes
    from pg_replication_slots as slots
    left join pg_stat_replication_slots as stats using (slot_name)
    where slots.slot_name = ${slot} and slots.database = current_database()
  `
  const dropped = state.slot?.dropped ?? null
  if (!row) {
    state.slot = dropped ? { ...ABSENT, dropped } : null
    return
  }
  state.slot = { ...row, level: levelOf(row, limits), dropped: null }
  if (limits.dropBytes === 0 || row.retained_bytes < limits.dropBytes) return
  const reason =
    `slot ${slot} made Postgres keep ${row.retained_bytes} bytes of log, and ` +
    `WAL_DROP_BYTES says ${limits.dropBytes}: it was dropped so that the disk of the source does not fill`
  log.fatal({ slot, retained_bytes: row.retained_bytes }, reason)
  await dropSlot(sql, slot)
  state.slot = { ...ABSENT, dropped: reason }
}

type Row = Omit<SlotState, 'level' | 'dropped'>

const ABSENT = {
  active: false,
  wal_status: null,
  retained_bytes: 0,
  safe_bytes: null,
  spilled_bytes: 0,
  level: 'ok',
} as const

/** `safe_bytes` is what may still be written before Postgres gives the slot up; null where it never does. */
export function levelOf(row: Row, { warnBytes, dropBytes }: Limits): SlotState['level'] {
  const { wal_status, retained_bytes, safe_bytes } = row
  const limits = [safe_bytes === null ? 0 : retained_bytes + Math.max(safe_bytes, 0), dropBytes]
  const most = Math.min(...limits.filter((bytes) => bytes > 0), Infinity)
  if (wal_status === 'unreserved' || wal_status === 'lost') return 'alarm'
  if (retained_bytes >= most * ALARM_SHARE) return 'alarm'
  if (retained_bytes >= Math.min(warnBytes, most * WARNING_SHARE)) return 'warning'
  return 'ok'
}
