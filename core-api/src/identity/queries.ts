import type { Role } from '../lib/roles.ts'
import type { Queryable } from '../lib/postgres.ts'
import type { SessionRow, UserRow } from './schema.ts'

export async function findUserByLogin(sql: Queryable, login: string) {
  const [user] = await sql<[UserRow?]>`
    select app_user.id, login, app_user.name, role, distributor_id, locale, password_hash,
      distributor.name as distributor_name
    from app_user
    left join distributor on distributor.id = app_user.distributor_id
    where login = ${login} and disabled_at is null
  `
  return user
}

export async function insertSession(
  sql: Queryable,
  { tokenHash, userId, expiresAt }: { tokenHash: Buffer; userId: number; expiresAt: Date },
) {
  await sql`
    insert into session (token_hash, user_id, expires_at)
    values (${tokenHash}, ${userId}, ${expiresAt})
  `
}

/** Ends no later than the session it comes from; the database writes it into the audit log. */
export async function insertViewAs(
  sql: Queryable,
  wanted: {
    tokenHash: Buffer
    viaTokenHash: Buffer
    distributorId: number
    reason: string
    minutes: number
  },
) {
  await sql`
    insert into session (token_hash, user_id, expires_at, view_as_distributor_id, view_as_reason, via_token_hash)
    select ${wanted.tokenHash}, user_id, least(expires_at, now() + make_interval(mins => ${wanted.minutes})),
      ${wanted.distributorId}, ${wanted.reason}, token_hash
    from session
    where token_hash = ${wanted.viaTokenHash}
  `
}

export async function findLiveSession(sql: Queryable, tokenHash: Buffer) {
  const [row] = await sql<[SessionRow?]>`
    select app_user.id, login, app_user.name, role, distributor_id, locale,
      distributor.name as distributor_name, view_as_distributor_id, viewed.name as view_as_distributor_name,
      session.created_at, session.expires_at
    from session
    join app_user on app_user.id = session.user_id
    left join distributor on distributor.id = app_user.distributor_id
    left join distributor as viewed on viewed.id = view_as_distributor_id
    where token_hash = ${tokenHash} and session.expires_at > now() and disabled_at is null
      and (view_as_distributor_id is null or role = 'admin')
  `
  return row
}

export async function extendSession(sql: Queryable, tokenHash: Buffer, expiresAt: Date) {
  await sql`
    update session
    set expires_at = ${expiresAt}
    where token_hash = ${tokenHash}
  `
}

export async function deleteSession(sql: Queryable, tokenHash: Buffer) {
  await sql`
    delete from session
    where token_hash = ${tokenHash}
  `
}

export async function deleteExpiredSessions(sql: Queryable, limit: number) {
  const { count } = await sql`
    delete from session
    where token_hash in (select token_hash from session where expires_at <= now() limit ${limit})
  `
  return count
}

export async function insertUser(
  sql: Queryable,
  user: {
    login: string
    name: string
    role: Role
    passwordHash: string
    distributorId: number | null
  },
) {
  const [row] = await sql<[{ id: number }?]>`
    insert into app_user (login, name, role, password_hash, distributor_id)
    values (${user.login}, ${user.name}, ${user.role}, ${user.passwordHash}, ${user.distributorId})
    on conflict (login) do nothing
    returning id
  `
  return row?.id
}
