/** What a person should know of, each with its page in docs/runbook/. A function of the state, so it ends by itself. */
import type { State } from '../state.ts'

/** Older than this and what is shown as live is not. */
const WATERMARK_AGE_S_MAX = 60
/** A round is due every half minute; ten of them missed are not bad luck. */
const AUDIT_AGE_S_MAX = 600
const QUEUE_SHARE_MAX = 0.9

export const ALARMS = [
  'stream-lost',
  'resnapshot-required',
  'clickhouse-full',
  'stale',
  'back-pressure',
  'slot-retention',
  'slot-dropped',
  'audit-difference',
  'audit-late',
  'table-waits',
  'quarantine',
] as const
export type AlarmName = (typeof ALARMS)[number]

export type Alarm = { name: AlarmName; detail: string; runbook: string }

type Limits = { queueBytes: number; auditEveryS: number }

export function alarmsOf(state: State, now: number, limits: Limits): Alarm[] {
  const details: Record<AlarmName, string | null> = {
    'stream-lost':
      state.phase === 'waiting' && !state.isSinkFull ? (state.reason ?? 'reason unknown') : null,
    'resnapshot-required': state.phase === 'resnapshot_required' ? state.reason : null,
    'clickhouse-full': state.isSinkFull
      ? `ClickHouse has no space left; nothing is lost, and it goes on when there is: ${state.reason}`
      : null,
    stale: staleness(state, now),
    'back-pressure':
      state.queue.bytes >= limits.queueBytes * QUEUE_SHARE_MAX
        ? `${state.queue.bytes} bytes wait to be written; Postgres is read no faster than ClickHouse writes`
        : null,
    'slot-retention':
      state.slot && state.slot.level !== 'ok'
        ? `${state.slot.level}: the slot makes Postgres keep ${state.slot.retained_bytes} bytes of log`
        : null,
    'slot-dropped': state.slot?.dropped ?? null,
    'audit-difference':
      state.audit && !state.audit.equal
        ? `${state.audit.differences} rows differ as of ${state.audit.as_of}`
        : null,
    'audit-late': auditAge(state, now, limits.auditEveryS),
    'table-waits': waitingTables(state),
    quarantine:
      state.quarantined > 0
        ? `${state.quarantined} values have no place in ClickHouse and are kept beside it`
        : null,
  }
  return ALARMS.flatMap((name) => {
    const detail = details[name]
    return detail === null ? [] : [{ name, detail, runbook: `docs/runbook/${name}.md` }]
  })
}

function staleness({ phase, watermark }: State, now: number): string | null {
  if (phase !== 'streaming' || !watermark) return null
  const age = now / 1_000 - Number(watermark.commitAt) / 1e6
  return age > WATERMARK_AGE_S_MAX ? `what can be queried is ${Math.round(age)} s old` : null
}

function auditAge({ phase, audit }: State, now: number, everyS: number): string | null {
  if (everyS === 0 || phase !== 'streaming' || !audit) return null
  const age = (now - Date.parse(audit.as_of)) / 1_000
  const most = Math.max(AUDIT_AGE_S_MAX, everyS * 3)
  return age > most ? `the last audit is ${Math.round(age)} s old` : null
}

function waitingTables({ tables }: State): string | null {
  const waiting = [...tables.values()].filter(({ status }) => status !== 'live')
  if (waiting.length === 0) return null
  return waiting.map(({ source, status, reason }) => `${source} (${status}): ${reason}`).join('; ')
}
