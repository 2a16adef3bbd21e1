/** Where the log stood after a command: whoever has seen that much of the change stream has seen the command. */
import Type from 'typebox'
import type { Sql } from './postgres.ts'

/** A position of the log, as the watermark writes it. */
export const Lsn = Type.String({ pattern: '^[0-9]+$' })

/** Asked after the commit, so it is at or behind the end of it, and never before. */
export async function positionAfter(sql: Sql): Promise<string> {
  const [{ lsn }] = await sql<[{ lsn: string }]>`
    select (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::text as lsn
  `
  return lsn
}
