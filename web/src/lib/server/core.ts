import { config } from './config.ts'
import { createCache } from './cache.ts'

export type Role = 'admin' | 'executive' | 'analyst' | 'operations' | 'warehouse' | 'distributor'
export type User = {
  id: number
  login: string
  name: string
  role: Role
  distributor_id: number | null
  distributor_name: string | null
  locale: string
}
export type Instance = {
  name: string
  currency: string
  minor_digits: number
  time_zone: string
  demo: { days_moved?: number; live_rate?: number } | null
}
export type Session = { token: string; expires_at: string; user: User }

const TIMEOUT_MS = 10_000
const SESSIONS_MAX = 10_000
/** A disabled account keeps reading for at most this long. */
const USER_TTL_MS = 5_000
const INSTANCE_TTL_MS = 30_000
/** A token is renewed this long before it ends, so that none ends on its way. */
const TOKEN_MARGIN_MS = 20_000

const users = createCache<User | null>(SESSIONS_MAX)
const tokens = createCache<string>(SESSIONS_MAX)
const instances = createCache<Instance>(1)

/** Core-api answered, but not with what was asked for. */
export class CoreError extends Error {
  readonly status: number
  readonly retry_after_seconds: number | null

  constructor(response: Response) {
    super(`core-api answered ${response.status}`)
    this.status = response.status
    const after = Number(response.headers.get('retry-after'))
    this.retry_after_seconds = after > 0 ? after : null
  }
}

export async function logIn(login: string, password: string, address: string): Promise<Session> {
  return await ask<Session>('/sessions', undefined, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
    body: JSON.stringify({ login, password }),
  })
}

export async function logOut(session: string): Promise<void> {
  users.forget(session)
  tokens.forget(session)
  await call('/sessions/current', { method: 'DELETE', headers: bearer(session) })
}

/** Who a session belongs to; null when it has ended. Throws when core-api cannot be asked. */
export function userOf(session: string): Promise<User | null> {
  return users.get(session, async () => {
    const response = await call('/me', { headers: bearer(session) })
    const until = Date.now() + USER_TTL_MS
    if (response.status === 401) return { value: null, until }
    if (!response.ok) throw new CoreError(response)
    return { value: await response.json(), until }
  })
}

/** What the semantic layer wants to see: a signed note of who asks, good for two minutes. */
export function analyticsToken(session: string): Promise<string> {
  return tokens.get(session, async () => {
    const { token, expires_at } = await ask<{ token: string; expires_at: string }>(
      '/analytics-tokens',
      session,
      { method: 'POST' },
    )
    return { value: token, until: Date.parse(expires_at) - TOKEN_MARGIN_MS }
  })
}

/** Its name, currency and time zone, and what a demo says about its own data. */
export function instance(): Promise<Instance> {
  return instances.get('instance', async () => {
    return { value: await ask<Instance>('/instance'), until: Date.now() + INSTANCE_TTL_MS }
  })
}

/** Any answer of core-api to a reader's question; its shape is the caller's to know. */
export async function ask<Answer>(path: string, session?: string, init: RequestInit = {}) {
  const response = await call(path, { ...init, headers: { ...init.headers, ...bearer(session) } })
  if (!response.ok) throw new CoreError(response)
  const answer: Answer = await response.json()
  return answer
}

function bearer(session: string | undefined): Record<string, string> {
  return session === undefined ? {} : { authorization: `Bearer ${session}` }
}

function call(path: string, init: RequestInit) {
  return fetch(config.CORE_API_URL + path, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) })
}
