/** Who is asking, and the database handle that sees only what they may see. */
import type { FastifyRequest } from 'fastify'
import type { Access, Role } from './roles.ts'
import { readOnly, type Queryable, type Sql } from './postgres.ts'
import { Refusal } from './refusal.ts'

export type User = {
  id: number
  login: string
  name: string
  role: Role
  distributor_id: number | null
  distributor_name: string | null
  locale: 'zh-CN' | 'en'
  /** The administrator who looks on as this distributor; he reads and changes nothing. */
  viewed_by: Viewer | null
}

export type Viewer = { id: number; login: string; name: string }

export type Session = { token_hash: Buffer; user: User }

declare module 'fastify' {
  interface FastifyInstance {
    sql: Sql
  }
  interface FastifyRequest {
    session: Session | null
  }
  interface FastifyContextConfig {
    roles?: Access
    /** A write by its verb that changes nothing of the company: allowed while viewing as another. */
    isAllowedInViewAs?: boolean
  }
}

export function sessionOf(request: FastifyRequest): Session {
  if (request.session === null) throw unauthenticated()
  return request.session
}

export function userOf(request: FastifyRequest): User {
  return sessionOf(request).user
}

export function unauthenticated(): Refusal {
  return new Refusal(
    401,
    'UNAUTHENTICATED',
    'Log in first',
    'The session token is missing, unknown or expired',
  )
}

/**
 * Reads as the user. A distributor's queries run under the portal role with his id set, so row
 * security answers for his subtree alone even where a query forgot to ask.
 */
export async function readAs<T>(
  sql: Sql,
  user: User,
  read: (queryable: Queryable) => Promise<T>,
): Promise<T> {
  if (user.role !== 'distributor') return read(sql)

  return readOnly(sql, async (transaction) => {
    await Promise.all([
      transaction`set local role tributary_portal`,
      transaction`select set_config('app.distributor_id', ${String(user.distributor_id)}, true)`,
    ])
    return read(transaction)
  })
}
