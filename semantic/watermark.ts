/** How new the data is: what the change stream had written, durably, when the question was asked. */
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import type { Run } from './clickhouse.ts'
import { createRounds } from './rounds.ts'

export type Watermark = { lsn: string; commit_at: string }

export type Checkpoint = Watermark & {
  epoch: string
  /** The commit that last touched each topic. */
  topics: Record<string, string>
}

const Row = Type.Object({
  epoch: Type.String(),
  lsn: Type.String(),
  commit_at: Type.String(),
  topics: Type.String(),
})
const Topics = Type.Record(Type.String(), Type.String())

/**
 * Written by one pipe again and again, so the newest row counts. Null before the first batch. Every question pays for
 * this read, so its columns are asked as they are (large numbers come quoted and the moment as UTC), and a plan for a
 * handful of rows is not thought over.
 */
export async function readCheckpoint(run: Run, pipe: string): Promise<Checkpoint | null> {
  const { rows } = await run(
    `
      select epoch, commit_lsn as lsn, commit_at, topics
      from cdc_checkpoint
      where pipe = ?
      order by epoch desc, commit_lsn desc, applied_at desc
      limit 1
      settings max_threads = 1, query_plan_enable_optimizations = 0
    `,
    [pipe],
  )
  const [row] = rows
  if (row === undefined) return null
  if (!Value.Check(Row, row)) throw new Error('The checkpoint has a shape that is not known')
  const topics: unknown = JSON.parse(row.topics)
  if (!Value.Check(Topics, topics)) throw new Error('The topics of the checkpoint are not known')
  return {
    epoch: row.epoch,
    lsn: row.lsn,
    commit_at: `${row.commit_at.replace(' ', 'T')}Z`,
    topics,
  }
}

/**
 * Shares reads between callers, but never one that began before the caller asked: that one may have missed what
 * the caller was just told of.
 */
export function shareFresh<T>(read: () => Promise<T>): () => Promise<T> {
  const rounds = createRounds<T>()
  return () => rounds('', read)
}
