/** Runs a statement of Cube's in place of its orchestrator, and notes what it cost or why it failed. */
import { NOTHING_SPENT, type Asking, type Run, type Spent } from './clickhouse.ts'
import { overDays, type Daily } from './daily.ts'
import { problemOf, type Problem } from './problem.ts'
import type { Shape } from './shape.ts'

/** `scope`: the rows. Whoever comes by SQL is told apart, because REST may not ask for what SQL needs. */
export type Scoped = { scope: string; isSql?: true }

/** What travels with one question through Cube and comes back with what it cost or why it failed. */
export type Context = {
  securityContext: Scoped
  requestId: string
  daily: Daily | null
  /** Nothing that is kept can answer it. */
  ofEntries: boolean
  shape?: Shape
  asking: Asking | undefined
  spent?: Spent
  rowsBeforeLimit: number
  failure?: Problem
  /** What was run for it, in order. */
  executed: Statement[]
}

export type Statement = { query: string; values: unknown[]; dataSource?: string }
export type SqlQuery = Statement & { context: Context }

const OF_ENTRIES = 'settings optimize_use_projections = 0'

/** The one call of Cube's orchestrator that answering needs. */
export async function execute(run: Run, { query, values: given, context, dataSource }: SqlQuery) {
  const lastRefreshTime = new Date()
  const values = context.shape?.values(given) ?? [...given]
  context.executed?.push({ query, values: [...given], ...(dataSource && { dataSource }) })
  try {
    const statement = context.daily
      ? overDays(context.daily, query, values)
      : { sql: context.ofEntries ? `${query}\n${OF_ENTRIES}` : query, values }
    const { rows, rowsBeforeLimit, spent } = await run(
      statement.sql,
      statement.values,
      context.asking,
    )
    // Who comes by SQL brings a context of Cube's own.
    const before = context.spent ?? NOTHING_SPENT
    context.spent = {
      rowsRead: before.rowsRead + spent.rowsRead,
      bytesRead: before.bytesRead + spent.bytesRead,
      waitMs: Math.max(before.waitMs, spent.waitMs),
    }
    context.rowsBeforeLimit = rowsBeforeLimit
    return { data: rows, lastRefreshTime, dataSource, dbType: 'clickhouse', external: false }
  } catch (error) {
    // Cube passes on an error's words only; the code and status come back by this way.
    context.failure = problemOf(error)
    throw error
  }
}
