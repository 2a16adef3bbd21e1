import type postgres from 'postgres'
import { formatLsn, parseLsn } from './lsn.ts'
import type { openReplicationConnection } from './replication.ts'

/** Whose log a checkpoint counts in. The same numbers mean nothing on another server or timeline. */
export type Identity = {
  system_identifier: string
  timeline: number
  slot: string
  consistent_point: string
}

/** The past that is missing cannot be streamed: only a new snapshot helps, and a person decides on it. */
export class ResnapshotRequired extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'ResnapshotRequired'
  }
}

/** Another process streams this pipe. Two writers would write every fact twice. */
export class PipeTaken extends Error {
  constructor(pipe: string) {
    super(`another ingest process holds pipe ${pipe}: stop it, or set PIPE to another name`)
    this.name = 'PipeTaken'
  }
}

type ReplicationConnection = ReturnType<typeof openReplicationConnection>
export type Server = { system_identifier: string; timeline: number }

const LOCK_CLASS = 7_243_002
const LOCK_TRIES_MAX = 20
const LOCK_RETRY_MS = 250
const RELEASE_TRIES_MAX = 20
const RELEASE_RETRY_MS = 100

export function slotName(pipe: string): string {
  return `tributary_${pipe}`
}

/** Takes the pipe for this session; a predecessor that was just killed may hold it for a moment more. */
export async function lockPipe(sql: postgres.Sql, pipe: string): Promise<void> {
  for (let tries = 1; tries <= LOCK_TRIES_MAX; tries += 1) {
    const [row] = await sql<{ taken: boolean }[]>`
      select pg_try_advisory_lock(${LOCK_CLASS}::int, hashtext(${pipe})) as taken
    `
    if (row?.taken) return
    await new Promise((resolve) => setTimeout(resolve, LOCK_RETRY_MS))
  }
  throw new PipeTaken(pipe)
}

export async function identifyServer(connection: ReplicationConnection): Promise<Server> {
  const [row] = await connection
    .unsafe<{ systemid: string; timeline: string }[]>('IDENTIFY_SYSTEM')
    .simple()
  if (!row) throw new Error('Postgres did not identify itself')
  return { system_identifier: row.systemid, timeline: Number(row.timeline) }
}

/** Refuses to go on where changes may be missing between the checkpoint and what the slot still has. */
export async function checkSlot(
  sql: postgres.Sql,
  { identity, lsn, server }: { identity: Identity; lsn: bigint; server: Server },
): Promise<void> {
  const { slot } = identity
  if (server.system_identifier !== identity.system_identifier) {
    throw new ResnapshotRequired(
      'this is another Postgres server than the one the checkpoint was made from',
    )
  }
  if (server.timeline !== identity.timeline) {
    throw new ResnapshotRequired(
      `Postgres is on timeline ${server.timeline}, the checkpoint on ${identity.timeline}`,
    )
  }
  const [row] = await sql<
    { wal_status: string | null; confirmed: string | null; flushed: string }[]
  >`
    select wal_status, confirmed_flush_lsn::text as confirmed, pg_current_wal_flush_lsn()::text as flushed
    from pg_replication_slots
    where slot_name = ${slot} and plugin = 'pgoutput' and database = current_database()
  `
  if (!row) throw new ResnapshotRequired(`replication slot ${slot} is gone`)
  if (row.wal_status === 'lost' || row.confirmed === null) {
    throw new ResnapshotRequired(
      `replication slot ${slot} has lost changes: Postgres removed its log`,
    )
  }
  if (parseLsn(row.confirmed) > lsn) {
    throw new ResnapshotRequired(
      `replication slot ${slot} starts at ${row.confirmed}, after the checkpoint ${formatLsn(lsn)}`,
    )
  }
  if (parseLsn(row.flushed) < lsn) {
    throw new ResnapshotRequired(
      `Postgres has gone back: its log ends at ${row.flushed}, before the checkpoint ${formatLsn(lsn)}`,
    )
  }
}

/** A connection the network lost can leave its sender behind. The lock is ours, so the slot is too. */
export async function releaseSlot(sql: postgres.Sql, slot: string): Promise<void> {
  for (let tries = 1; tries <= RELEASE_TRIES_MAX; tries += 1) {
    const [row] = await sql<{ active_pid: number | null }[]>`
      select active_pid from pg_replication_slots where slot_name = ${slot}
    `
    if (!row || row.active_pid === null) return
    if (tries > 1) await sql`select pg_terminate_backend(${row.active_pid})`
    await new Promise((resolve) => setTimeout(resolve, RELEASE_RETRY_MS))
  }
  throw new Error(`replication slot ${slot} is held by another session`)
}

export async function dropSlot(sql: postgres.Sql, slot: string): Promise<void> {
  await releaseSlot(sql, slot)
  await sql`select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = ${slot}`
}

/** A new slot and the snapshot that goes with it, which lives until the connection's next command. */
export async function createSlot(connection: ReplicationConnection, slot: string) {
  const [row] = await connection
    .unsafe<{ consistent_point: string; snapshot_name: string }[]>(
      `CREATE_REPLICATION_SLOT "${slot}" LOGICAL pgoutput EXPORT_SNAPSHOT`,
    )
    .simple()
  if (!row) throw new Error(`Postgres did not create replication slot ${slot}`)
  return { consistentPoint: parseLsn(row.consistent_point), snapshot: row.snapshot_name }
}
