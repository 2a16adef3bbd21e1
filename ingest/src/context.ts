import type { Logger } from 'pino'
import type postgres from 'postgres'
import type { Config } from './config.ts'
import type { Descriptions } from './mirror/descriptions.ts'
import type { TableEntry } from './mirror/registry.ts'
import type { Issues } from './quarantine.ts'
import type { Scope } from './scope.ts'
import type { Sink } from './sink/clickhouse.ts'
import type { openReplicationConnection } from './source/replication.ts'
import type { State } from './state.ts'
import type { Target } from './target.ts'

export type Session = {
  config: Config
  scope: Scope
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
  /** Where tables are written to, by `schema.table`. */
  targets: Map<string, Target>
  /** Under which `schema.table` a table of the source is kept: by its oid, which a rename leaves as it is. */
  homes: Map<number, string>
  /** What is known of them, by `schema.table`. */
  entries: Map<string, TableEntry>
  descriptions: Descriptions
  issues: Issues
  /** Aborts, with the reason, when the session cannot go on. */
  lost: AbortController
}

export function sourceName({ schema, name }: { schema: string; name: string }): string {
  return `${schema}.${name}`
}
