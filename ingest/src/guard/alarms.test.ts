import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createState, noteStreaming } from '../state.ts'
import { alarmsOf, ALARMS } from './alarms.ts'
import { isDiskFull } from './full.ts'

const LIMITS = { queueBytes: 1_000, auditEveryS: 30 }
const NOW = Date.parse('2026-11-25T12:00:00Z')

function streaming() {
  const state = createState()
  noteStreaming(state)
  const at = BigInt(NOW) * 1_000n
  state.watermark = { lsn: 1n, commitAt: at, appliedAt: at, topics: new Map() }
  return state
}

function names(state: ReturnType<typeof createState>, now = NOW) {
  return alarmsOf(state, now, LIMITS).map(({ name }) => name)
}

test('a stream that is well raises nothing', () => {
  expect(names(streaming())).toEqual([])
})

test('a watermark that stands still for more than a minute is stale', () => {
  expect(names(streaming(), NOW + 59_000)).toEqual([])
  expect(names(streaming(), NOW + 61_000)).toEqual(['stale'])
})

test('a full disk is not any lost stream, and ends by itself when something is written again', () => {
  const state = streaming()
  state.phase = 'waiting'
  state.reason = 'Cannot reserve 1 MiB'
  state.isSinkFull = true
  expect(names(state)).toEqual(['clickhouse-full'])
  noteStreaming(state)
  expect(names(state)).toEqual([])
})

test('a difference the audit found is an alarm until it finds none; an audit that stops is one too', () => {
  const state = streaming()
  const cost = { rows: 1, postgres_ms: 1, clickhouse_ms: 1, share: 0 }
  const as_of = new Date(NOW).toISOString()
  const report = { equal: false, lsn: '1', as_of, checks: 1, differences: 2, healed: 0, cost }
  state.audit = { ...report, full_pass_at: as_of, pending: 0 }
  expect(names(state)).toEqual(['audit-difference'])
  state.audit = { ...state.audit, equal: true, differences: 0 }
  expect(names(state)).toEqual([])
  const later = NOW + 601_000
  const at = BigInt(later) * 1_000n
  state.watermark = { lsn: 1n, commitAt: at, appliedAt: at, topics: new Map() }
  expect(names(state, later)).toEqual(['audit-late'])
})

test('ClickHouse says in several ways that its disk is full', () => {
  expect(isDiskFull(new Error('Code: 75. errno: 28, strerror: No space left on device'))).toBe(true)
  expect(isDiskFull(Object.assign(new Error('Cannot reserve'), { code: '243' }))).toBe(true)
  expect(isDiskFull(new Error('Connection refused'))).toBe(false)
})

test('each alarm has its page in the runbook', () => {
  const folder = join(import.meta.dirname, '../../../docs/runbook')
  for (const name of ALARMS) expect(existsSync(join(folder, `${name}.md`)), name).toBe(true)
})
