/** Values that ClickHouse has no place for: kept beside their table, so that the rest of the row flows. */
import type { Change } from './change.ts'
import { valuesOf } from './row.ts'
import type { Sink } from './sink/clickhouse.ts'
import { sourceOf } from './sink/targets.ts'
import type { State } from './state.ts'
import type { OnIssue, Target } from './target.ts'

/** Of a longer value the beginning is kept; it says which value it is. */
const VALUE_LENGTH_MAX = 100_000
const LSN_SHIFT = 48n
const LSN_MASK = (1n << 64n) - 1n

export type Misfit = { column: string; reason: string; value: string }
export type Quarantined = Misfit & { target: Target; version: bigint; key: string }

export type Issues = {
  onIssue: OnIssue
  /** What has come since the last call. */
  take(): Misfit[]
}

/** Encoders report here; whoever asked them knows which row it was. */
export function createIssues(state: State): Issues {
  let waiting: Misfit[] = []
  return {
    onIssue(_table, column, reason, text) {
      state.counters.issues += 1
      waiting.push({ column, reason, value: text })
    },
    take() {
      if (waiting.length === 0) return waiting
      const taken = waiting
      waiting = []
      return taken
    },
  }
}

export async function quarantine(sink: Sink, values: Quarantined[]): Promise<void> {
  if (values.length === 0) return
  await sink.client.insert({
    table: 'cdc_quarantine',
    values: values.map(({ target, version, key, column, value, reason }) => ({
      pipe: sink.pipe,
      source: sourceOf(target),
      version: version.toString(),
      lsn: ((version >> LSN_SHIFT) & LSN_MASK).toString(),
      row_key: key,
      column,
      value: value.slice(0, VALUE_LENGTH_MAX),
      reason,
    })),
    format: 'JSONEachRow',
    clickhouse_settings: { async_insert: 0, wait_end_of_query: 1 },
  })
}

export async function countQuarantined(sink: Sink): Promise<number> {
  const result = await sink.client.query({
    query:
      'select toFloat64(count()) as count from cdc_quarantine final where pipe = {pipe: String}',
    query_params: { pipe: sink.pipe },
    format: 'JSONEachRow',
  })
  const [row] = await result.json<{ count: number }>()
  return row?.count ?? 0
}

/** The key of a row as a person finds it by: the texts of its columns. */
export function keyOf(change: Change, target: Target, positions: number[]): string {
  if (change.kind === 'truncate') return ''
  const row = valuesOf(change.kind === 'delete' ? change.before : change.row)
  return JSON.stringify(target.key.map((index) => row[positions[index] ?? -1] ?? null))
}
