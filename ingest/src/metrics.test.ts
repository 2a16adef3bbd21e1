import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { expect, test } from 'vitest'
import { metricsOf } from './metrics.ts'
import { createState, noteStreaming } from './state.ts'

const Dashboard = Type.Object({
  panels: Type.Array(
    Type.Object({
      title: Type.String(),
      targets: Type.Array(Type.Object({ expr: Type.String() })),
    }),
  ),
})

/** A state in which everything is known, so that no metric is left out. */
function known() {
  const state = createState()
  noteStreaming(state)
  state.watermark = { lsn: 1n, commitAt: 1n, appliedAt: 1n, topics: new Map() }
  const bytes = { retained_bytes: 1, safe_bytes: 2, spilled_bytes: 0 }
  state.slot = { active: true, wal_status: 'reserved', ...bytes, level: 'ok', dropped: null }
  const at = '2026-11-25T00:00:00Z'
  const cost = { rows: 1, postgres_ms: 1, clickhouse_ms: 1, share: 0.01 }
  const counts = { checks: 1, differences: 0, healed: 0, pending: 0 }
  state.audit = { equal: true, lsn: '1', as_of: at, ...counts, full_pass_at: at, cost }
  return metricsOf(state, true, [])
}

test('each query of the Grafana dashboard names metrics that exist', () => {
  const file = join(import.meta.dirname, '../../docs/grafana/ingest.json')
  const { panels } = Value.Parse(Dashboard, JSON.parse(readFileSync(file, 'utf8')))
  const names = new Set([...known().matchAll(/^(tributary_\w+?)[ {]/gm)].map(([, name]) => name))
  const queries = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))
  expect(queries.length).toBeGreaterThan(20)
  for (const query of queries) {
    const asked = query.match(/tributary_\w+/g) ?? []
    expect(asked.length, query).toBeGreaterThan(0)
    for (const name of asked) expect(names, query).toContain(name)
  }
})

test('each metric is exposed once, with its help and type before it', () => {
  const lines = known().trimEnd().split('\n')
  const types = lines.filter((line) => line.startsWith('# TYPE')).map((line) => line.split(' ')[2])
  expect(new Set(types).size).toBe(types.length)
  for (const line of lines.filter((one) => !one.startsWith('#'))) {
    const name = line.split(/[ {]/)[0]?.replace(/_(bucket|sum|count)$/, '')
    expect(types, line).toContain(name)
    expect(Number.isFinite(Number(line.split(' ').at(-1))), line).toBe(true)
  }
})

test('what is not known yet is not said', () => {
  const text = metricsOf(createState(), false, [])
  expect(text).not.toContain('audit_equal')
  expect(text).not.toContain('slot_retained_bytes')
  expect(text).toContain('tributary_ingest_up 0')
})
