/** A snapshot of now with its exact place in the log, for tables that are copied beside a running stream. */
import { leaveOn } from './leave.ts'
import { openReplicationConnection } from './replication.ts'
import { parseLsn } from './lsn.ts'

/**
 * Only a slot tells which commits a snapshot has; this one goes with its connection, whatever ends it. Postgres makes it when
 * every transaction that is open now has ended, which may be long: the signal ends the wait.
 */
export async function borrowSnapshot(databaseUrl: string, pipe: string, signal: AbortSignal) {
  const connection = openReplicationConnection(databaseUrl)
  const stay = leaveOn(signal, connection)
  const slot = `tributary_${pipe}_${process.pid}_${crypto.randomUUID().slice(0, 8)}`.slice(0, 63)
  try {
    const [row] = await connection
      .unsafe<{ consistent_point: string; snapshot_name: string }[]>(
        `CREATE_REPLICATION_SLOT "${slot}" TEMPORARY LOGICAL pgoutput EXPORT_SNAPSHOT`,
      )
      .simple()
    if (!row) throw new Error('Postgres did not export a snapshot')
    return {
      lsn: parseLsn(row.consistent_point),
      snapshot: row.snapshot_name,
      release: () => connection.end({ timeout: 0 }),
    }
  } catch (error) {
    await connection.end({ timeout: 0 })
    throw error
  } finally {
    stay()
  }
}
