import { request } from 'node:http'
import { SignJWT } from 'jose'
import { afterEach, expect, test } from 'vitest'
import type { Answers } from './answer.ts'
import { createApp } from './app.ts'
import { createCache } from './cache.ts'
import { Problem } from './problem.ts'

const SECRET = 'a secret that only tests know'
const QUERY = { query: { measures: ['sales.units'] } }

let app: ReturnType<typeof createApp>
afterEach(() => app.close())

function appWith(answer: Answers['answer']) {
  app = createApp({
    answers: {
      answer,
      views: () => [],
      cache: createCache(() => 0),
      counts: { answered: 0, cached: 0, daily: 0, refused: 0 },
    },
    checkpoint: async () => null,
    ping: async () => {},
    secret: SECRET,
    logLevel: 'silent',
  })
  return app
}

function token() {
  return new SignJWT({ role: 'admin', distributor_id: null })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('1')
    .setIssuer('tributary')
    .setAudience('semantic')
    .setExpirationTime('2 minutes')
    .sign(new TextEncoder().encode(SECRET))
}

test('who comes when the line is full is told when to come again', async () => {
  appWith(async () => {
    throw new Problem(503, 'BUSY', 'Too many questions at once.', { retry_after_s: 1 })
  })
  const headers = { authorization: await token() }
  const url = '/cubejs-api/v1/load'
  const alone = await app.inject({ method: 'POST', url, headers, payload: QUERY })
  expect(alone.statusCode).toBe(503)
  expect(alone.headers['retry-after']).toBe('1')
  expect(alone.json()).toMatchObject({ code: 'BUSY', retry_after_s: 1 })
  const payload = { queries: [QUERY.query] }
  const together = await app.inject({ method: 'POST', url: '/batch', headers, payload })
  expect(together.json().results[0].problem).toMatchObject({ code: 'BUSY', retry_after_s: 1 })
})

test.each([
  ['/cubejs-api/v1/load', QUERY],
  ['/batch', { queries: [QUERY.query] }],
])('a client of %s that goes away gives up its question', async (path, body) => {
  const left = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  appWith(async (_query, _scope, _checkpoint, asking) => {
    asking?.signal?.addEventListener('abort', () => left.resolve())
    begun.resolve()
    await left.promise
    throw new Problem(499, 'CLIENT_GONE', 'gone')
  })
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  const asked = request(new URL(path, address), {
    method: 'POST',
    headers: { authorization: await token(), 'content-type': 'application/json' },
  })
  asked.on('error', () => {})
  asked.end(JSON.stringify(body))
  await begun.promise
  asked.destroy()
  await expect(left.promise).resolves.toBeUndefined()
})
