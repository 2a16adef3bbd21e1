import type { Position } from './watermark.ts'

/** The part of Cube's query language that the screens use. */
export type CubeQuery = {
  measures?: string[]
  dimensions?: string[]
  timeDimensions?: {
    dimension: string
    dateRange?: [string, string]
    granularity?: 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month' | 'quarter' | 'year'
  }[]
  filters?: CubeFilter[]
  order?: Record<string, 'asc' | 'desc'>
  limit?: number
  offset?: number
  /** Says beside the rows how many there would be without the limit. */
  total?: boolean
  timezone?: string
}
export type CubeFilter =
  | { member: string; operator: CubeOperator; values?: string[] }
  | { and: CubeFilter[] }
  | { or: CubeFilter[] }
export type CubeOperator =
  | 'equals'
  | 'notEquals'
  | 'contains'
  | 'gt'
  | 'gte'
  | 'lt'
  | 'lte'
  | 'set'
  | 'notSet'
  | 'inDateRange'
  | 'beforeDate'
  | 'afterDate'

/** Every value is a string, money exact cents; null where there is nothing. */
export type Row = Record<string, string | null>
export type Cost = { ms: number; rows_read?: number; cached: boolean }
/** No watermark: nothing has come through the change stream yet. */
export type Answer = { rows: Row[]; total?: number; watermark: Position | null; cost: Cost }
export type Problem = {
  type?: string
  title: string
  status: number
  detail?: string
  code: string
  trace?: string
}
export type Result = { ok: true; answer: Answer } | { ok: false; problem: Problem }

/** One HTTP call for a whole page. */
const QUERIES_MAX = 64

/**
 * Asks the semantic layer all queries at once, answers in the same order. A failure is an answer
 * too: one tile's problem leaves its neighbours alone, and no server is every tile's problem.
 */
export async function loadBatch(fetch: typeof globalThis.fetch, queries: CubeQuery[]) {
  if (queries.length === 0) return []
  if (queries.length > QUERIES_MAX) throw new Error(`A batch holds at most ${QUERIES_MAX} queries`)

  try {
    const response = await fetch('/cube/batch', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ queries }),
    })
    // The shape is the semantic layer's contract; its own tests hold it to that.
    const body = await response.json()
    if (!response.ok) return queries.map((): Result => ({ ok: false, problem: toProblem(body) }))
    return queries.map((_, index): Result => toResult(body.results?.[index]))
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    const problem = { title: 'No answer', status: 503, detail, code: 'UNREACHABLE' }
    return queries.map((): Result => ({ ok: false, problem }))
  }
}

type RawResult = {
  data?: Row[]
  total?: number | string
  watermark?: Position | null
  cost?: Cost
  problem?: Partial<Problem>
}

function toResult(raw: RawResult | undefined): Result {
  if (!raw?.data) return { ok: false, problem: toProblem(raw?.problem) }
  const cost = raw.cost ?? { ms: 0, cached: false }
  const total = raw.total === undefined ? {} : { total: Number(raw.total) }
  return { ok: true, answer: { rows: raw.data, ...total, watermark: raw.watermark ?? null, cost } }
}

function toProblem(raw: Partial<Problem> | undefined): Problem {
  return {
    ...raw,
    title: raw?.title ?? 'No answer',
    status: raw?.status ?? 502,
    code: raw?.code ?? 'NO_ANSWER',
  }
}
