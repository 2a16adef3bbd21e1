import Type from 'typebox'
import { Value } from 'typebox/value'
import { openApi, type Instance, type User } from '#lib/api/client.ts'
import { createCache } from './cache.ts'
import { config } from './config.ts'

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
  /** The stable code of its problem document; null when it sent none. */
  readonly code: string | null
  /** The fields it found wrong; the page has the words for them. */
  readonly fields: string[]
  readonly retry_after_seconds: number | null

  constructor(response: Response, code: string | null = null, fields: string[] = []) {
    super(`core-api answered ${response.status} ${code ?? ''}`)
    this.status = response.status
    this.code = code
    this.fields = fields
    const after = Number(response.headers.get('retry-after'))
    this.retry_after_seconds = after > 0 ? after : null
  }
}

/** Core-api as one reader sees it; without a session as everybody does. */
export function core(session?: string) {
  return openApi(config.CORE_API_URL, session)
}

/** Nothing that core-api is asked may hold a page for longer. */
export function patience() {
  return AbortSignal.timeout(TIMEOUT_MS)
}

/** The body, or the refusal as an error. */
export function bodyOf<Body>(answer: { data?: Body; error?: unknown; response: Response }): Body {
  if (answer.data !== undefined) return answer.data
  const { error, response } = answer
  const said = Value.Check(Refusal, error) ? error : null
  throw new CoreError(
    response,
    said?.code ?? null,
    said?.errors?.map(({ field }) => field),
  )
}

const Refusal = Type.Object({
  code: Type.String(),
  errors: Type.Optional(Type.Array(Type.Object({ field: Type.String() }))),
})

export async function logIn(login: string, password: string, address: string) {
  const answer = await core().POST('/sessions', {
    body: { login, password },
    headers: { 'x-forwarded-for': address },
    signal: patience(),
  })
  return bodyOf(answer)
}

export async function logOut(session: string): Promise<void> {
  users.forget(session)
  tokens.forget(session)
  await core(session).DELETE('/sessions/current', { signal: patience() })
}

/** Who a session belongs to; null when it has ended. Throws when core-api cannot be asked. */
export function userOf(session: string): Promise<User | null> {
  return users.get(session, async () => {
    const answer = await core(session).GET('/me', { signal: patience() })
    const until = Date.now() + USER_TTL_MS
    return { value: answer.response.status === 401 ? null : bodyOf(answer), until }
  })
}

/** What the semantic layer wants to see: a signed note of who asks, good for two minutes. */
export function analyticsToken(session: string): Promise<string> {
  return tokens.get(session, async () => {
    const answer = await core(session).POST('/analytics-tokens', { signal: patience() })
    const { token, expires_at } = bodyOf(answer)
    return { value: token, until: Date.parse(expires_at) - TOKEN_MARGIN_MS }
  })
}

/** Its name, currency and time zone, and what a demo says about its own data. */
export function instance(): Promise<Instance> {
  return instances.get('instance', async () => {
    const answer = await core().GET('/instance', { signal: patience() })
    return { value: bodyOf(answer), until: Date.now() + INSTANCE_TTL_MS }
  })
}
