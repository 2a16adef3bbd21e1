import { linesOf } from './histogram.ts'
import type { State } from './state.ts'

/** The state as Prometheus reads it. */
export function metricsOf(state: State, isServing: boolean): string {
  const { counters, watermark } = state
  const age = watermark ? Date.now() / 1_000 - Number(watermark.commitAt) / 1e6 : null
  const lines = [
    ...metric('up', 'gauge', 'Whether the stream runs', isServing ? 1 : 0),
    ...metric('changes_total', 'counter', 'Row changes written', counters.changes),
    ...metric('batches_total', 'counter', 'Batches written', counters.batches),
    ...metric('inserts_total', 'counter', 'INSERTs, each one part', counters.inserts),
    ...metric('sessions_total', 'counter', 'Times the stream was begun', counters.sessions),
    ...metric('failures_total', 'counter', 'Times it was lost', counters.failures),
    ...metric('issues_total', 'counter', 'Values changed to fit', counters.issues),
    ...metric('queue_rows', 'gauge', 'Changes read and not written', state.queue.rows),
    ...metric('queue_bytes', 'gauge', 'Bytes read and not written', state.queue.bytes),
    ...metric('last_write_seconds', 'gauge', 'What the last batch took', state.lastWriteMs / 1_000),
    ...metric('resident_bytes', 'gauge', 'Memory of this process', process.memoryUsage.rss()),
  ]
  lines.push(
    `# HELP tributary_ingest_lag_seconds From commit until read, until its facts are queryable, until all is durable`,
    '# TYPE tributary_ingest_lag_seconds histogram',
    ...Object.entries(state.lag).flatMap(([stage, histogram]) =>
      linesOf('tributary_ingest_lag_seconds', `stage="${stage}"`, histogram),
    ),
  )
  if (age !== null)
    lines.push(...metric('watermark_age_seconds', 'gauge', 'Age of what is queryable', age))
  return `${lines.join('\n')}\n`
}

function metric(name: string, type: 'counter' | 'gauge', help: string, value: number): string[] {
  const full = `tributary_ingest_${name}`
  return [`# HELP ${full} ${help}`, `# TYPE ${full} ${type}`, `${full} ${value}`]
}
