import type { Logger } from 'pino'
import type postgres from 'postgres'
import type { Table } from './change.ts'
import type { Config } from './config.ts'
import type { Sink } from './sink/clickhouse.ts'
import type { openReplicationConnection } from './source/replication.ts'
import type { State } from './state.ts'
import type { Target } from './target.ts'

/** The publication `sql/postgres` makes: what of the core is carried at all. */
export const PUBLICATION = 'tributary'
const SCHEMA = 'public'

export type Session = {
  config: Config
  state: State
  log: Logger
  /** Asks the session to end after the batch at hand. */
  stop: AbortSignal
  /** Begins again from a snapshot, whatever is there. */
  isFresh: boolean
}

/** What the parts of a session share. */
export type Context = Session & {
  sink: Sink
  control: postgres.Sql
  stream: ReturnType<typeof openReplicationConnection>
  targets: Map<string, Target>
  /** Aborts, with the reason, when the session cannot go on. */
  lost: AbortController
}

/** The ClickHouse table of the same name. A published table without one is left out, with a warning. */
export function targetOf(
  { targets, log }: Context,
  table: Pick<Table, 'schema' | 'name'>,
): Target | null {
  const target = table.schema === SCHEMA ? targets.get(table.name) : undefined
  if (!target)
    log.warn({ schema: table.schema, table: table.name }, 'ClickHouse has no such table: left out')
  return target ?? null
}
