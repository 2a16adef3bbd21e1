import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import { connectSink } from '../sink/clickhouse.ts'
import type { Scope } from '../scope.ts'
import type { State } from '../state.ts'
import { startAuditor } from './auditor.ts'

type Streaming = { config: Config; scope: Scope; state: State; log: Logger }

/** The audit of a running stream, on connections of its own: it reports what differs and changes nothing. */
export function auditStream({ config, scope, state, log }: Streaming): { stop(): Promise<void> } {
  if (config.AUDIT_EVERY_S === 0) return { stop: async () => {} }
  const sink = connectSink({
    url: config.CLICKHOUSE_URL,
    pipe: config.PIPE,
    ...(scope.tables && { database: scope.database }),
  })
  const auditor = startAuditor({
    databases: { databaseUrl: config.DATABASE_URL, sink },
    log: log.child({ part: 'audit' }),
    isHealing: false,
    everyMs: config.AUDIT_EVERY_S * 1_000,
    isStreaming: () => state.phase === 'streaming',
    publish(report) {
      state.audit = report
    },
  })
  return {
    async stop() {
      await auditor.stop()
      await sink.close()
    },
  }
}
