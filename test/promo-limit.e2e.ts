import { randomUUID } from 'node:crypto'
import { expect, inject, test } from 'vitest'

/** What core-api allows of one link in a minute (core-api/src/promo/limits.ts). */
const LINK_VISITS_MAX = 600
const LIMIT_SECONDS = 60
const VISITS_AT_ONCE = 20

const stack = inject('stack')

test('a link that is followed too often answers 429 and when to come again, and no other link does', async () => {
  const [busy, quiet] = ['2345678', '8765432']
  const status = async (code: string) => {
    const response = await fetch(`${stack.web_url}/r/${code}`, { redirect: 'manual' })
    await response.arrayBuffer()
    return { status: response.status, retryAfter: response.headers.get('retry-after') }
  }
  expect(await status(busy)).toEqual({ status: 404, retryAfter: null })
  // From as many addresses as it takes, so that only the link's own limit is reached.
  for (let visits = 0; visits < LINK_VISITS_MAX; visits += VISITS_AT_ONCE) {
    const address = `10.0.0.${visits / VISITS_AT_ONCE}`
    const post = async () =>
      fetch(`${stack.core_api_url}/promo-visits`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
        body: JSON.stringify({ code: busy, visit_id: randomUUID() }),
      }).then((response) => response.arrayBuffer())
    await Promise.all(Array.from({ length: VISITS_AT_ONCE }, post))
  }
  const refused = await status(busy)
  expect(refused.status).toBe(429)
  expect(Number(refused.retryAfter)).toBeGreaterThan(0)
  expect(Number(refused.retryAfter)).toBeLessThanOrEqual(LIMIT_SECONDS)
  expect(await status(quiet)).toEqual({ status: 404, retryAfter: null })
})
