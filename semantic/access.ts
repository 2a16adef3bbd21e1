/** Who may see what. core-api decides who someone is and signs it; here it becomes the rows he sees. */
import { Problem } from './problem.ts'

export type Claims = { sub: string; role: string; distributor_id: string | null }

/** What the model's row filters read: the whole company, or the subtree of one distributor. */
export type Scope = { role: string; rows: string }

export const ALL_ROWS = 'all'

const COMPANY_ROLES = new Set(['admin', 'executive', 'analyst', 'operations', 'warehouse'])

const DISTRIBUTOR_ID = /^[1-9]\d{0,17}$/

/** Fails closed: who is neither of the company nor a distributor with an id sees an error, not zeros. */
export function scopeOf(claims: Claims): Scope {
  if (COMPANY_ROLES.has(claims.role)) return { role: claims.role, rows: ALL_ROWS }
  if (
    claims.role === 'distributor' &&
    claims.distributor_id !== null &&
    DISTRIBUTOR_ID.test(claims.distributor_id)
  ) {
    return { role: claims.role, rows: claims.distributor_id }
  }
  throw new Problem(403, 'NO_SCOPE', 'This log-in is not bound to any part of the company')
}

export type Shut = { forbidden_to: readonly string[] }

/** To whom the model's `meta` of a view or of a member shuts it. */
export function shutOf(meta: Record<string, unknown> = {}): Shut {
  return { forbidden_to: Array.isArray(meta.forbidden_to) ? meta.forbidden_to : [] }
}

export function isForbidden(view: Shut, scope: Scope) {
  return view.forbidden_to.includes(scope.role)
}
