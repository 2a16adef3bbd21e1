/** An administrator looks on as a distributor: briefly, read-only, with a reason, and written down. */
import { randomBytes } from 'node:crypto'
import { type Sql, violates } from '../lib/postgres.ts'
import { unknownReference } from '../lib/refusal.ts'
import { type Session, unauthenticated } from '../lib/session.ts'
import { hashToken } from '../plugins/auth.ts'
import * as queries from './queries.ts'
import type { StartViewAs } from './schema.ts'
import { findSession } from './service.ts'

const VIEW_AS_MINUTES = 30
const TOKEN_BYTES = 32

export async function startViewAs(sql: Sql, via: Session, wanted: StartViewAs) {
  const token = randomBytes(TOKEN_BYTES).toString('base64url')
  const tokenHash = hashToken(token)
  try {
    await queries.insertViewAs(sql, {
      tokenHash,
      viaTokenHash: via.token_hash,
      distributorId: wanted.distributor_id,
      reason: wanted.reason,
      minutes: VIEW_AS_MINUTES,
    })
  } catch (error) {
    if (!violates(error, 'session_view_as_distributor_id_fkey')) throw error
    throw unknownReference([{ field: 'distributor_id', message: 'does not exist' }])
  }
  const row = await queries.findLiveSession(sql, tokenHash)
  const session = row === undefined ? undefined : await findSession(sql, tokenHash)
  // The session it would have come from ended in between.
  if (row === undefined || session === undefined) throw unauthenticated()
  return { token, expires_at: row.expires_at, user: session.user }
}
