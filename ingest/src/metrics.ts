import { ALARMS, type Alarm } from './guard/alarms.ts'
import { linesOf } from './histogram.ts'
import type { State } from './state.ts'

type Kind = 'gauge' | 'counter'
/** Null where it is not known yet: such a metric is left out. */
type Metric = [name: string, kind: Kind, help: string, value: number | null]

/** The state as Prometheus reads it. */
export function metricsOf(state: State, isServing: boolean, alarms: Alarm[]): string {
  const lines = [
    ...[...streamOf(state, isServing), ...slotOf(state), ...auditOf(state)].flatMap(linesOfMetric),
    ...header(
      'lag_seconds',
      'histogram',
      'From commit to read, to facts queryable, to all durable',
    ),
    ...Object.entries(state.lag).flatMap(([stage, histogram]) =>
      linesOf('tributary_ingest_lag_seconds', `stage="${stage}"`, histogram),
    ),
    ...header('alarm', 'gauge', 'What a person should know of: docs/runbook/'),
    ...ALARMS.map((name) => {
      const isRaised = alarms.some((alarm) => alarm.name === name)
      return `tributary_ingest_alarm{name="${name}"} ${Number(isRaised)}`
    }),
  ]
  return `${lines.join('\n')}\n`
}

function streamOf(state: State, isServing: boolean) {
  const { counters, watermark, queue, lastWriteMs, quarantined } = state
  const waiting = [...state.tables.values()].filter(({ status }) => status !== 'live').length
  const ageOf = (micros: bigint) => Date.now() / 1_000 - Number(micros) / 1e6
  const age = watermark && ageOf(watermark.commitAt)
  const checkpointAge = watermark && ageOf(watermark.appliedAt)
  const metrics: Metric[] = [
    ['up', 'gauge', 'Whether the stream runs', isServing ? 1 : 0],
    ['changes_total', 'counter', 'Row changes written', counters.changes],
    ['batches_total', 'counter', 'Batches written', counters.batches],
    ['inserts_total', 'counter', 'INSERTs, each one part', counters.inserts],
    ['sessions_total', 'counter', 'Times the stream was begun', counters.sessions],
    ['failures_total', 'counter', 'Times it was lost', counters.failures],
    ['issues_total', 'counter', 'Values that had no place as they were', counters.issues],
    ['quarantined', 'gauge', 'Values kept beside their table', quarantined],
    ['tables_waiting', 'gauge', 'Tables that wait for a copy', waiting],
    ['queue_rows', 'gauge', 'Changes read and not written', queue.rows],
    ['queue_bytes', 'gauge', 'Bytes read and not written', queue.bytes],
    ['last_write_seconds', 'gauge', 'What the last facts took', lastWriteMs / 1_000],
    ['resident_bytes', 'gauge', 'Memory of this process', process.memoryUsage.rss()],
    ['watermark_age_seconds', 'gauge', 'Age of what is queryable', age],
    ['checkpoint_age_seconds', 'gauge', 'Since a checkpoint was last written', checkpointAge],
  ]
  return metrics
}

function slotOf({ slot }: State) {
  const metrics: Metric[] = [
    [
      'slot_retained_bytes',
      'gauge',
      'Log Postgres keeps for the slot',
      slot && slot.retained_bytes,
    ],
    ['slot_safe_bytes', 'gauge', 'Log until the slot is lost', slot && slot.safe_bytes],
    ['slot_spilled_bytes', 'gauge', 'Spilled by Postgres', slot && slot.spilled_bytes],
  ]
  return metrics
}

function auditOf({ audit }: State) {
  const age = audit && (Date.now() - Date.parse(audit.as_of)) / 1_000
  const metrics: Metric[] = [
    ['audit_equal', 'gauge', 'Whether ClickHouse equals Postgres', audit && Number(audit.equal)],
    ['audit_differences', 'gauge', 'Rows that differ', audit && audit.differences],
    ['audit_age_seconds', 'gauge', 'Since the moment of the last audit', age],
    ['audit_share', 'gauge', 'Time in the engines over time', audit && audit.cost.share],
  ]
  return metrics
}

function linesOfMetric([name, kind, help, value]: Metric): string[] {
  return value === null ? [] : [...header(name, kind, help), `tributary_ingest_${name} ${value}`]
}

function header(name: string, kind: Kind | 'histogram', help: string): string[] {
  const full = `tributary_ingest_${name}`
  return [`# HELP ${full} ${help}`, `# TYPE ${full} ${kind}`]
}
