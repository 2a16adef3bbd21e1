/** What an error of ClickHouse means for whoever asked, and what he can do about it. */
import { ClickHouseError } from '@clickhouse/client'
import { Problem } from './problem.ts'
import { gone, RETRY_AFTER_S } from './turns.ts'

type Refusal = { codes: string[]; status: number; code: string; detail: string }

const REFUSALS: Refusal[] = [
  {
    codes: ['159', '160'],
    status: 504,
    code: 'QUERY_TOO_SLOW',
    detail: 'The question took too long. Ask for a shorter period or fewer groups.',
  },
  {
    codes: ['158', '307'],
    status: 422,
    code: 'QUERY_READS_TOO_MUCH',
    detail: 'The question reads too much. Ask for a shorter period or add a filter.',
  },
  {
    codes: ['396'],
    status: 422,
    code: 'QUERY_RETURNS_TOO_MUCH',
    detail: 'The answer has too many rows. Ask for fewer groups, or page with limit and offset.',
  },
  {
    codes: ['241'],
    status: 422,
    code: 'QUERY_NEEDS_TOO_MUCH_MEMORY',
    detail: 'The question has too many groups to hold at once. Group by less or add a filter.',
  },
  {
    codes: ['202', '236', '394'],
    status: 503,
    code: 'BUSY',
    detail: 'Too many questions at once. Try again in a moment.',
  },
  {
    // Values that do not fit their column: text in a number filter, a date that is none.
    codes: ['6', '27', '38', '41', '43', '53', '69', '72', '386', '457'],
    status: 400,
    code: 'INVALID_VALUE',
    detail: 'A filter has a value that does not fit its field',
  },
]

export function refusalOf(cause: unknown, signal?: AbortSignal): Problem {
  if (cause instanceof Problem) return cause
  if (signal?.aborted) return gone()
  if (!(cause instanceof ClickHouseError)) {
    return new Problem(
      503,
      'ANALYTICS_UNAVAILABLE',
      'The analytics database is not reachable. Try again in a moment.',
      { cause, retry_after_s: RETRY_AFTER_S },
    )
  }
  const refusal = REFUSALS.find(({ codes }) => codes.includes(cause.code))
  if (refusal === undefined) {
    return new Problem(
      500,
      'INTERNAL',
      'The analytics database refused the question. The log says why.',
      { cause },
    )
  }
  const { status, code, detail } = refusal
  return new Problem(status, code, detail, {
    cause,
    ...(status === 503 && { retry_after_s: RETRY_AFTER_S }),
  })
}
