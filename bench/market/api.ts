/** The public API as a shop's own systems would call it: one session, patient while the API is away. */
import { setTimeout } from 'node:timers/promises'

export type Answer = { status: number; body: unknown }
export type Api = {
  get(path: string): Promise<Answer>
  /** The same key asked twice is one deed, so a call whose answer was lost is safe to repeat. */
  post(path: string, body: object, key?: string): Promise<Answer>
  stop(): void
}

type Account = { url: string; login: string; password: string }

const REQUEST_MS_MAX = 15_000
const ATTEMPTS_MAX = 8
const BACK_OFF_MS = 250
const BACK_OFF_MS_MAX = 10_000

export class MarketStopped extends Error {}

export function openApi({ url, login, password }: Account): Api {
  const stopping = new AbortController()
  let token: Promise<string> | null = null
  return {
    get: (path) => ask('GET', path),
    post: (path, body, key) => ask('POST', path, body, key),
    stop: () => stopping.abort(),
  }

  async function ask(method: string, path: string, body?: object, key?: string): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      if (stopping.signal.aborted) throw new MarketStopped()
      const answer = await once(method, path, body, key)
      if (answer && !isWorthRepeating(answer.status)) return answer
      if (attempt >= ATTEMPTS_MAX) throw new Error(`${method} ${path} failed ${attempt} times`)
      await pause(Math.min(BACK_OFF_MS * 2 ** attempt, BACK_OFF_MS_MAX), stopping)
    }
  }

  /** Null when the API is away, or when the session had ended and a new one is needed. */
  async function once(
    method: string,
    path: string,
    body: object | undefined,
    key: string | undefined,
  ): Promise<Answer | null> {
    try {
      token ??= logIn()
      const session = token
      const answer = await call(method, path, body, {
        authorization: `Bearer ${await session}`,
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      })
      if (answer.status !== 401) return answer
      if (token === session) token = null
      return null
    } catch (error) {
      if (error instanceof WrongLogin) throw error
      token = null
      return null
    }
  }

  async function logIn(): Promise<string> {
    const { status, body } = await call('POST', '/sessions', { login, password }, {})
    if (status === 401) throw new WrongLogin(`${login} cannot log in at ${url}`)
    if (status !== 201 || !hasToken(body)) throw new Error(`log-in ended with ${status}`)
    return body.token
  }

  async function call(
    method: string,
    path: string,
    body: object | undefined,
    headers: Record<string, string>,
  ): Promise<Answer> {
    const response = await fetch(new URL(path, url), {
      method,
      headers: body ? { ...headers, 'content-type': 'application/json' } : headers,
      body: body ? JSON.stringify(body) : undefined,
      signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(REQUEST_MS_MAX)]),
    })
    const text = await response.text()
    return { status: response.status, body: text === '' ? null : JSON.parse(text) }
  }
}

async function pause(ms: number, { signal }: AbortController): Promise<void> {
  // Cut short by a stop, which the next turn of the loop notices.
  await setTimeout(ms, undefined, { signal }).catch(() => {})
}

export class WrongLogin extends Error {}

function isWorthRepeating(status: number): boolean {
  return status === 429 || status >= 500
}

function hasToken(body: unknown): body is { token: string } {
  return (
    typeof body === 'object' && body !== null && 'token' in body && typeof body.token === 'string'
  )
}
