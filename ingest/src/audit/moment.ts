/**
 * One moment both databases can be read at.
 *
 * A logical slot's exported snapshot sees exactly the transactions whose commit record lies before the slot's
 * consistent point L: the snapshot is built from the log, in the log's order, which is what versions are made of.
 * An ordinary snapshot beside `pg_current_wal_lsn()` is not exact: a transaction becomes visible a little after
 * its commit record is written. The slot is temporary and gone as soon as the snapshot is taken over.
 */
import type postgres from 'postgres'
import { versionOf } from '../change.ts'
import { readCheckpoint } from '../sink/checkpoint.ts'
import type { Sink } from '../sink/clickhouse.ts'
import { HEARTBEAT_PREFIX } from '../source/assemble.ts'
import { formatLsn, parseLsn } from '../source/lsn.ts'
import { openReplicationConnection } from '../source/replication.ts'
import { openReader, readOnly } from './reader.ts'

/** Postgres waits for every transaction that was open; one that stays open must not hold the audit for ever. */
const SLOT_MS_MAX = 30_000
/** How long ClickHouse may take to come as far as the snapshot. */
const CATCH_UP_MS_MAX = 60_000
const CATCH_UP_POLL_MS = 20

export type Databases = { databaseUrl: string; sink: Sink }

export type Moment = {
  lsn: bigint
  epoch: number
  /** A time of which it is true that everything committed by then is in the snapshot. */
  asOf: Date
  /** Rows of the snapshot have versions below this one; whatever came later has it or more. */
  bound: bigint
  sql: postgres.TransactionSql
  /** What comparing at this moment has cost, to be told. */
  spent: Spent
}

export type Spent = { postgres_ms: number; clickhouse_ms: number; rows: number }

/** There is nothing to compare at present, which is no difference: the reason says what to do. */
export class NotComparable extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'NotComparable'
  }
}

/** Reads both sides as of one moment. `work` may ask ClickHouse: it has everything up to the moment. */
export async function atMoment<T>(
  { databaseUrl, sink }: Databases,
  work: (moment: Moment) => Promise<T>,
): Promise<T> {
  const spent = { postgres_ms: 0, clickhouse_ms: 0, rows: 0 }
  const replication = openReplicationConnection(databaseUrl)
  try {
    return await readOnly(databaseUrl, async (sql) => {
      const { lsn, snapshot, asOf } = await exportSnapshot(databaseUrl, replication)
      await sql.unsafe(`set transaction snapshot '${snapshot}'`)
      // Ends the slot: the snapshot lives on in this transaction.
      await replication.end({ timeout: 0 })

      await nudge(databaseUrl)
      const epoch = await caughtUp(sink, lsn)
      const done = await work({ lsn, epoch, asOf, bound: versionOf(epoch, lsn, 1), sql, spent })
      await stillIn(sink, epoch)
      return done
    })
  } finally {
    await replication.end({ timeout: 0 })
  }
}

async function exportSnapshot(databaseUrl: string, replication: postgres.Sql) {
  const slot = `tributary_audit_${crypto.randomUUID().replaceAll('-', '').slice(0, 16)}`
  const asOf = new Date()
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    void giveUp(databaseUrl, slot)
  }, SLOT_MS_MAX)
  try {
    const [row] = await replication
      .unsafe<{ consistent_point: string; snapshot_name: string }[]>(
        `CREATE_REPLICATION_SLOT "${slot}" TEMPORARY LOGICAL pgoutput EXPORT_SNAPSHOT`,
      )
      .simple()
    if (!row) throw new Error(`Postgres did not create replication slot ${slot}`)
    return { lsn: parseLsn(row.consistent_point), snapshot: row.snapshot_name, asOf }
  } catch (error) {
    const late = `a transaction was open for ${SLOT_MS_MAX / 1_000} s: pg_stat_activity says whose`
    const cause = isLate ? late : error instanceof Error ? error.message : String(error)
    throw new NotComparable(`Postgres gave no snapshot to compare at: ${cause}`)
  } finally {
    clearTimeout(timer)
  }
}

/** A backend that waits does not notice that its client has gone, so it is told. */
async function giveUp(databaseUrl: string, slot: string) {
  const sql = openReader(databaseUrl)
  try {
    await sql`
      select pg_terminate_backend(active_pid)
      from pg_replication_slots
      where slot_name = ${slot} and active_pid is not null
    `
  } finally {
    await sql.end({ timeout: 0 })
  }
}

/** A mark in the log behind the snapshot, or an idle stream would have nothing to come as far by. */
async function nudge(databaseUrl: string) {
  const sql = openReader(databaseUrl)
  try {
    await sql`
      select pg_logical_emit_message(
        false, ${HEARTBEAT_PREFIX}, (extract(epoch from clock_timestamp()) * 1000000)::bigint::text
      )
    `
  } finally {
    await sql.end({ timeout: 0 })
  }
}

async function caughtUp(sink: Sink, lsn: bigint): Promise<number> {
  const deadline = Date.now() + CATCH_UP_MS_MAX
  for (;;) {
    const checkpoint = await readCheckpoint(sink)
    if (checkpoint && checkpoint.lsn >= lsn) return checkpoint.epoch
    if (Date.now() >= deadline) {
      const at = checkpoint ? formatLsn(checkpoint.lsn) : 'nothing'
      throw new NotComparable(
        `ClickHouse has ${at} and Postgres ${formatLsn(lsn)}: is ingest running? Its /status says what it waits for`,
      )
    }
    await new Promise((resolve) => setTimeout(resolve, CATCH_UP_POLL_MS))
  }
}

/** A new snapshot replaces every table and makes what was read of them meaningless. */
export async function stillIn(sink: Sink, epoch: number): Promise<void> {
  const checkpoint = await readCheckpoint(sink)
  if (checkpoint?.epoch !== epoch) {
    throw new NotComparable('the analytics were loaded anew while they were compared: try again')
  }
}
