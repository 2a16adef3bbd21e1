/**
 * Postgres as of one position of the log, beside a ClickHouse that has come as far. A temporary logical slot exports a
 * snapshot of exactly the transactions whose commit lies before its consistent point.
 */
import postgres, { type TransactionSql } from 'postgres'
import type { Clock } from './clock.ts'
import type { Checkpoint } from '../watermark.ts'

const CATCH_UP_MS_MAX = 60_000
const CATCH_UP_POLL_MS = 20
const STATEMENT_MS_MAX = 10 * 60 * 1_000
const SLOT_MS_MAX = 30_000

export class NotComparable extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'NotComparable'
  }
}

export type Moment = { lsn: bigint; asOf: Date; epoch: string; sql: TransactionSql; clock: Clock }

type Sides = { databaseUrl: string; checkpoint: () => Promise<Checkpoint | null> }

export async function atMoment<T>(
  { databaseUrl, checkpoint }: Sides,
  work: (moment: Moment) => Promise<T>,
): Promise<T> {
  const reader = open(databaseUrl, {
    statement_timeout: STATEMENT_MS_MAX,
    // Stopped by hand, its transaction must not go on alone: whoever wants a slot waits for it.
    client_connection_check_interval: 1_000,
  })
  const slot = open(databaseUrl, { replication: 'database' })
  try {
    // Not read only: the oracle's relations are temporary, and gone with the session.
    const { done } = await reader.begin('isolation level repeatable read', async (sql) => {
      const { lsn, snapshot, asOf } = await exportSnapshot(slot)
      await sql.unsafe(`set transaction snapshot '${snapshot}'`)
      await slot.end({ timeout: 0 })
      await nudge(databaseUrl)
      const epoch = await caughtUp(checkpoint, lsn)
      const [clock] = await sql<Clock[]>`
        select floor(extract(epoch from clock_timestamp()))::int as second
      `
      if (clock === undefined) throw new Error('Postgres has no clock')
      return { done: await work({ lsn, asOf, epoch, sql, clock }) }
    })
    return done
  } finally {
    await Promise.all([reader.end({ timeout: 0 }), slot.end({ timeout: 0 })])
  }
}

/** Rows of the moment have versions below this: the epoch, the position and the ordinal, as ingest packs them. */
export function boundOf({ epoch, lsn }: Moment) {
  return (BigInt(epoch) << 112n) | (lsn << 48n) | (1n << 16n)
}

function open(databaseUrl: string, connection: Record<string, string | number>) {
  return postgres(databaseUrl, {
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    fetch_types: false,
    connection: { application_name: 'tributary measures', TimeZone: 'UTC', ...connection },
    onnotice: () => {},
  })
}

async function exportSnapshot(slot: postgres.Sql) {
  const name = `tributary_measures_${crypto.randomUUID().replaceAll('-', '').slice(0, 16)}`
  const asOf = new Date()
  let timer: NodeJS.Timeout | undefined
  try {
    const created = slot
      .unsafe<{ consistent_point: string; snapshot_name: string }[]>(
        `CREATE_REPLICATION_SLOT "${name}" TEMPORARY LOGICAL pgoutput EXPORT_SNAPSHOT`,
      )
      .simple()
    const tooLong = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`a transaction has been open for ${SLOT_MS_MAX / 1_000} s`))
      }, SLOT_MS_MAX)
    })
    const [row] = await Promise.race([created, tooLong])
    if (row === undefined) throw new Error(`there is no slot ${name}`)
    return { lsn: parseLsn(row.consistent_point), snapshot: row.snapshot_name, asOf }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new NotComparable(`Postgres gave no snapshot to compare at: ${reason}`)
  } finally {
    clearTimeout(timer)
  }
}

/** A mark in the log behind the snapshot, or an idle stream would have nothing to come as far by. */
async function nudge(databaseUrl: string) {
  const sql = open(databaseUrl, {})
  try {
    await sql`
      select pg_logical_emit_message(
        false, 'tributary_hb', (extract(epoch from clock_timestamp()) * 1000000)::bigint::text
      )
    `
  } finally {
    await sql.end({ timeout: 0 })
  }
}

async function caughtUp(checkpoint: Sides['checkpoint'], lsn: bigint) {
  const deadline = Date.now() + CATCH_UP_MS_MAX
  for (;;) {
    const now = await checkpoint()
    if (now && BigInt(now.lsn) >= lsn) return now.epoch
    if (Date.now() >= deadline) {
      throw new NotComparable(
        `ClickHouse has ${now?.lsn ?? 'nothing'} and Postgres ${lsn}: is ingest running? Its /status says what it waits for`,
      )
    }
    await new Promise((resolve) => setTimeout(resolve, CATCH_UP_POLL_MS))
  }
}

/** `16/B374D848`: two halves of 32 bits, in hexadecimal. */
function parseLsn(text: string): bigint {
  const [high = '', low = ''] = text.split('/')
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`)
}
