import { randomBytes } from 'node:crypto'
import { SignJWT } from 'jose'
import type { Sql } from '../lib/postgres.ts'
import { Refusal } from '../lib/refusal.ts'
import type { Session } from '../lib/session.ts'
import { hashToken } from '../plugins/auth.ts'
import type { Attempts } from './attempts.ts'
import { hashPassword, isPassword } from './password.ts'
import * as queries from './queries.ts'
import type { Account, Credentials, SessionRow, User } from './schema.ts'

const SESSION_MS = 12 * 3_600_000
/** However busy, a session ends: a stolen token is not good for ever. */
const SESSION_TOTAL_MS_MAX = 7 * 24 * 3_600_000
const TOKEN_BYTES = 32
const ANALYTICS_SECONDS = 120

/** An unknown login costs the same time as a wrong password, so the answer tells neither apart. */
const HASH_OF_NOBODY = await hashPassword(randomBytes(TOKEN_BYTES).toString('base64url'))

export async function logIn(sql: Sql, attempts: Attempts, { login, password }: Credentials) {
  const seconds = attempts.secondsToWait(login)
  if (seconds > 0) {
    throw new Refusal(
      429,
      'TOO_MANY_ATTEMPTS',
      'Too many failed log-ins',
      `Too many failed log-ins; try again in ${seconds} seconds`,
      { retryAfterSeconds: seconds },
    )
  }
  // Counted before it is known: many guesses at once must not all pass while none has failed yet.
  attempts.failed(login)
  const row = await queries.findUserByLogin(sql, login)
  const isRight = await isPassword(password, row?.password_hash ?? HASH_OF_NOBODY)
  if (row === undefined || !isRight) {
    throw new Refusal(401, 'INVALID_CREDENTIALS', 'The login or the password is wrong')
  }
  attempts.succeeded(login)

  const token = randomBytes(TOKEN_BYTES).toString('base64url')
  const expiresAt = new Date(Date.now() + SESSION_MS)
  await queries.insertSession(sql, { tokenHash: hashToken(token), userId: row.id, expiresAt })
  return { token, expires_at: expiresAt.toISOString(), user: toUser(row) }
}

export async function findSession(sql: Sql, tokenHash: Buffer): Promise<Session | undefined> {
  const row = await queries.findLiveSession(sql, tokenHash)
  if (row === undefined) return undefined

  const isViewAs = row.view_as_distributor_id !== null
  // Looking on as another is for a moment; however busy, it ends when it was said to end.
  const expiresAt = isViewAs ? undefined : extendedExpiry(row, Date.now())
  if (expiresAt !== undefined) await queries.extendSession(sql, tokenHash, expiresAt)
  return { token_hash: tokenHash, user: isViewAs ? toViewed(row) : toUser(row) }
}

/** A session in use is extended once per half of its life, not by every request. */
export function extendedExpiry(
  { created_at, expires_at }: Pick<SessionRow, 'created_at' | 'expires_at'>,
  now: number,
): Date | undefined {
  if (Date.parse(expires_at) - now > SESSION_MS / 2) return undefined
  const wanted = Math.min(now + SESSION_MS, Date.parse(created_at) + SESSION_TOTAL_MS_MAX)
  return wanted > Date.parse(expires_at) ? new Date(wanted) : undefined
}

/**
 * What semantic needs to know about the asker, good for two minutes. Who looks on as another is named as the
 * actor, as RFC 8693 has it; what he sees follows from the one he looks on as.
 */
export async function issueAnalyticsToken(secret: string, user: User) {
  const issuedAt = Math.floor(Date.now() / 1000)
  const expiresAt = issuedAt + ANALYTICS_SECONDS
  const distributorId = user.distributor_id === null ? null : String(user.distributor_id)
  const viewer = user.viewed_by === null ? {} : { act: { sub: String(user.viewed_by.id) } }
  const token = await new SignJWT({ role: user.role, distributor_id: distributorId, ...viewer })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(user.viewed_by === null ? String(user.id) : `distributor:${distributorId}`)
    .setIssuer('tributary')
    .setAudience('semantic')
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt)
    .sign(new TextEncoder().encode(secret))
  return { token, expires_at: new Date(expiresAt * 1000).toISOString() }
}

function toUser({ id, login, name, role, distributor_id, distributor_name, locale }: Account) {
  return { id, login, name, role, distributor_id, distributor_name, locale, viewed_by: null }
}

/** In all that decides what he sees he is the distributor; his own name stays with him. */
export function toViewed(
  row: Pick<SessionRow, 'view_as_distributor_id' | 'view_as_distributor_name'> & Account,
): User {
  const { id, login, name, locale } = row
  return {
    ...{ id, login, name, locale },
    role: 'distributor',
    distributor_id: row.view_as_distributor_id,
    distributor_name: row.view_as_distributor_name,
    viewed_by: { id, login, name },
  }
}
