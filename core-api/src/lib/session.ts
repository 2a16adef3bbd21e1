/** Who is asking, and the database handle that sees only what they may see. */
import type { FastifyRequest } from 'fastify'
import type { Access, Role } from './roles.ts'
import type { Queryable, Sql } from './postgres.ts'
import { Refusal } from './refusal.ts'

export type User = {
  id: number
  login: string
  name: string
  role: Role
  distributor_id: number | null
  distributor_name: string | null
  locale: 'zh-CN' | 'en'
}

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

  let result: { value: T } | undefined
  await sql.begin('read only', async (transaction) => {
    await transaction`set local role tributary_portal`
    await transaction`select set_config('app.distributor_id', ${String(user.distributor_id)}, true)`
    result = { value: await read(transaction) }
  })
  if (result === undefined) throw new Error('a read ended without a result')
  return result.value
}
