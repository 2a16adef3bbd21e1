/** All questions of a dashboard in one call: one watermark for all, an answer or a reason for each, in order. */
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import type { Scope } from './access.ts'
import type { Answers, Cost } from './answer.ts'
import type { Asking } from './clickhouse.ts'
import { documentOf, Problem, problemOf, type ProblemDocument } from './problem.ts'
import { parseQuery } from './query.ts'
import type { Checkpoint, Watermark } from './watermark.ts'

export const BATCH_QUERIES_MAX = 64

export type BatchResult =
  | { data: unknown; annotation: unknown; total?: unknown; watermark: Watermark | null; cost: Cost }
  | { problem: ProblemDocument }

const Body = Type.Object({ queries: Type.Array(Type.Unknown(), { maxItems: BATCH_QUERIES_MAX }) })

export function parseBatch(input: unknown): unknown[] {
  if (!Value.Check(Body, input)) {
    throw new Problem(
      400,
      'INVALID_BATCH',
      `A batch is {queries: […]} of at most ${BATCH_QUERIES_MAX}`,
    )
  }
  return input.queries
}

/** One question that fails does not take the others with it. */
export function answerBatch(
  answers: Pick<Answers, 'answer'>,
  scope: Scope,
  checkpoint: Checkpoint | null,
  queries: unknown[],
  asking: Asking,
  log: { error(details: object, message: string): void },
): Promise<BatchResult[]> {
  return Promise.all(
    queries.map(async (input): Promise<BatchResult> => {
      try {
        const { loaded, watermark, cost } = await answers.answer(
          parseQuery(input),
          scope,
          checkpoint,
          asking,
        )
        return { ...merge(loaded.results), watermark, cost }
      } catch (error) {
        const problem = problemOf(error)
        if (problem.status >= 500) log.error({ err: error, cause: problem.cause }, problem.message)
        return { problem: documentOf(problem) }
      }
    }),
  )
}

/** A comparison of periods has a result for each; its rows say which in `compareDateRange`. */
function merge(results: { data: unknown; annotation: unknown }[]) {
  const [first, ...others] = results
  if (first === undefined) return { data: [], annotation: {} }
  const total = 'total' in first && first.total !== null ? { total: first.total } : {}
  if (others.length === 0) return { data: first.data, annotation: first.annotation, ...total }
  return { data: results.flatMap(({ data }) => data), annotation: first.annotation }
}
