/** What one round of the audit looks at, and what it leaves for the next. */
import { findAhead } from './ahead.ts'
import { compareSpan, SPAN_RANGES_MAX, type Suspect } from './audit.ts'
import type { Databases, Moment } from './moment.ts'
import { pendingRanges, type Seen } from './pending.ts'
import { spansOf, spansOfRanges } from './spans.ts'
import { rangeOf, type AuditedTable, type Span } from './tables.ts'

/** What a round may spend on changed ranges; the rest waits for the next one, and the report says how many. */
const CHANGED_MS_MAX = 5_000
/** What a round may spend on ranges whose turn it is: more until all had one. */
const TURN_MS_MAX = 250
const FIRST_TURN_MS_MAX = 1_000
/** Ranges in one turn's query: 16,384 ids. */
const TURN_RANGES = 4

export type Progress = Seen & {
  pending: Map<string, Set<bigint>>
  /** Where rows were wrong when last seen; looked at in each round until they are right. */
  broken: Suspect[]
  turn: { table: number; from: bigint | undefined }
  fullPassAt: Date | null
}

type Look = (table: AuditedTable, span: Span) => Promise<void>

export function createProgress(): Progress {
  return {
    bound: null,
    tops: new Map(),
    pending: new Map(),
    broken: [],
    turn: { table: 0, from: undefined },
    fullPassAt: null,
  }
}

export async function lookAround(
  databases: Databases,
  moment: Moment,
  tables: AuditedTable[],
  progress: Progress,
) {
  // What was wrong is looked at again, right by now or not; what a failed round found is not forgotten.
  const suspects = [...progress.broken]
  progress.broken = suspects
  let checks = 0
  async function look(table: AuditedTable, span: Span) {
    const compared = await compareSpan(databases, moment, table, span)
    checks += compared.checks
    suspects.push(...compared.suspects)
  }

  const { client } = databases.sink
  const ahead = await findAhead(client, moment, tables)
  for (const table of tables) {
    const waiting = progress.pending.get(table.target.name) ?? new Set()
    for (const range of await pendingRanges(client, moment, table, progress)) waiting.add(range)
    progress.pending.set(table.target.name, waiting)
  }
  progress.bound = moment.bound
  await lookAtChanged(tables, progress, look)
  await takeTurns(databases, moment, tables, progress, look)
  const { lsn, asOf, spent } = moment
  return { lsn, asOf, spent, checks, suspects, ahead }
}

async function lookAtChanged(tables: AuditedTable[], { pending }: Progress, look: Look) {
  const isOver = limit(CHANGED_MS_MAX)
  for (const table of tables) {
    const waiting = pending.get(table.target.name) ?? new Set()
    for (const span of spansOfRanges(table, waiting, SPAN_RANGES_MAX)) {
      if (isOver()) return
      await look(table, span)
      const last = rangeOf(span.to - 1n)
      for (let range = rangeOf(span.from); range <= last; range += 1n) waiting.delete(range)
    }
  }
}

/** Goes on where the last round left off, from table to table and round again. */
async function takeTurns(
  { sink }: Databases,
  moment: Moment,
  tables: AuditedTable[],
  progress: Progress,
  look: Look,
) {
  const isOver = limit(progress.fullPassAt ? TURN_MS_MAX : FIRST_TURN_MS_MAX)
  for (let steps = 0; steps < tables.length && !isOver(); steps += 1) {
    const { turn } = progress
    const table = tables[turn.table]
    if (!table) {
      progress.turn = { table: 0, from: undefined }
      continue
    }
    for await (const span of spansOf(sink.client, moment, table, TURN_RANGES, turn.from)) {
      await look(table, span)
      turn.from = span.to
      if (isOver()) return
    }
    const next = (turn.table + 1) % tables.length
    progress.turn = { table: next, from: undefined }
    if (next === 0) progress.fullPassAt = new Date()
  }
}

function limit(ms: number): () => boolean {
  const startedAt = performance.now()
  return () => performance.now() - startedAt > ms
}
