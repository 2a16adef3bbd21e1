import type { Sql } from '../lib/postgres.ts'
import * as queries from './queries.ts'
import type { FunnelEvents } from './schema.ts'

/** A step told twice counts once; returns how many were new. */
export function recordEvents(sql: Sql, events: FunnelEvents['events']): Promise<number> {
  return queries.insertEvents(sql, events)
}
