/** What Postgres refuses, said in the words of the API; undefined for what only a bug can cause. */
import { isConnectionLost, PostgresError } from './postgres.ts'
import { Refusal, unknownReference } from './refusal.ts'

const TOO_SLOW = new Set(['57014', '55P03', '40001', '40P01', '25P03'])
const RETRY_SECONDS = 2

export function fromDatabase(error: Error & { code?: string }): Refusal | undefined {
  const code = error.code ?? ''
  if (isConnectionLost(error)) {
    return new Refusal(
      503,
      'DEPENDENCY_DOWN',
      'The database is not reachable right now',
      'Try again; a write with the same Idempotency-Key happens once',
      { retryAfterSeconds: RETRY_SECONDS },
    )
  }
  if (!(error instanceof PostgresError)) return undefined

  if (TOO_SLOW.has(code)) return busy()
  if (code === '23503') {
    const field = referencingColumn(error.table_name, error.constraint_name)
    return unknownReference([{ field, message: 'does not exist' }])
  }
  if (code === '22003') {
    return new Refusal(422, 'AMOUNT_TOO_LARGE', 'An amount or quantity is beyond what can be kept')
  }
  if (code.startsWith('22')) {
    return new Refusal(400, 'VALIDATION', 'The request is not valid', 'A value cannot be stored')
  }
  return undefined
}

export function busy(): Refusal {
  return new Refusal(
    503,
    'BUSY',
    'Too much is going on at once',
    'Try again in a moment; a write with the same Idempotency-Key happens once',
    { retryAfterSeconds: RETRY_SECONDS },
  )
}

/** Foreign keys are named `<table>_<column>_fkey`. */
function referencingColumn(table = '', constraint = ''): string {
  const match = new RegExp(`^${table}_(\\w+)_fkey$`).exec(constraint)
  return match?.[1] ?? constraint
}
