import { log } from './log.ts'
import { problem } from './problem.ts'

/** What a browser may say to a service behind us, and what it may hear back. */
const REQUEST_HEADERS = ['accept', 'accept-language', 'content-type', 'idempotency-key']
const RESPONSE_HEADERS = ['content-type', 'retry-after', 'etag', 'location']
const TIMEOUT_MS = 30_000

/** Hands a request on as it is, with a token in place of the cookie; bodies stream both ways. */
export async function forward(request: Request, url: string, token: string): Promise<Response> {
  const headers = new Headers({ authorization: `Bearer ${token}` })
  for (const name of REQUEST_HEADERS) {
    const value = request.headers.get(name)
    if (value !== null) headers.set(name, value)
  }

  const init: RequestInit & { duplex: 'half' } = {
    method: request.method,
    headers,
    body: request.body,
    // Without it fetch refuses to send a body that is still arriving.
    duplex: 'half',
    redirect: 'manual',
    signal: AbortSignal.any([request.signal, AbortSignal.timeout(TIMEOUT_MS)]),
  }
  try {
    const answer = await fetch(url, init)
    const kept = new Headers({ 'cache-control': 'no-store' })
    for (const name of RESPONSE_HEADERS) {
      const value = answer.headers.get(name)
      if (value !== null) kept.set(name, value)
    }
    return new Response(answer.body, { status: answer.status, headers: kept })
  } catch (error) {
    if (request.signal.aborted) return problem(499, 'CLIENT_GONE', 'The caller went away')
    log('warn', 'a service behind did not answer', { url, error: String(error) })
    return problem(503, 'SERVICE_DOWN', 'A service behind this page did not answer')
  }
}
