import { SignJWT } from 'jose'
import { expect, test } from 'vitest'
import { scopeOf } from './access.ts'
import { claimsOf } from './auth.ts'
import { problemOf } from './problem.ts'

const SECRET = 'a secret that only tests know'
const ADMIN = { role: 'admin', distributor_id: null }

async function outcomeOf(header: string | undefined) {
  try {
    return scopeOf(await claimsOf(header, SECRET)).rows
  } catch (error) {
    const { status, code } = problemOf(error)
    return `${status} ${code}`
  }
}

type Options = { secret?: string; audience?: string; issuer?: string; expires?: string }

function sign(claims: Record<string, unknown>, options: Options = {}) {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('1')
    .setIssuer(options.issuer ?? 'tributary')
    .setAudience(options.audience ?? 'semantic')
    .setExpirationTime(options.expires ?? '1 minute')
    .sign(new TextEncoder().encode(options.secret ?? SECRET))
}

test('a token of core-api is taken as Bearer and, from clients of Cube, alone', async () => {
  const token = await sign(ADMIN)
  expect(await outcomeOf(`Bearer ${token}`)).toBe('all')
  expect(await outcomeOf(token)).toBe('all')
  expect(await outcomeOf(await sign({ role: 'distributor', distributor_id: '7' }))).toBe('7')
})

test('a token must be signed by core-api, for this, and lately', async () => {
  expect(await outcomeOf(undefined)).toBe('401 NO_TOKEN')
  expect(await outcomeOf('Bearer ')).toBe('401 NO_TOKEN')
  expect(await outcomeOf('Bearer nonsense')).toBe('401 INVALID_TOKEN')
  expect(await outcomeOf(await sign(ADMIN, { secret: 'another secret, not ours' }))).toBe(
    '401 INVALID_TOKEN',
  )
  expect(await outcomeOf(await sign(ADMIN, { audience: 'web' }))).toBe('401 INVALID_TOKEN')
  expect(await outcomeOf(await sign(ADMIN, { issuer: 'someone' }))).toBe('401 INVALID_TOKEN')
  expect(await outcomeOf(await sign(ADMIN, { expires: '-1 minute' }))).toBe('401 INVALID_TOKEN')
  expect(await outcomeOf(await sign({ role: 'admin' }))).toBe('401 INVALID_TOKEN')
})

test('a token without a signature is nobody', async () => {
  const none = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url')
  const [head, body] = (await sign(ADMIN)).split('.')
  expect(await outcomeOf(`${head}.${body}.`)).toBe('401 INVALID_TOKEN')
  expect(await outcomeOf(`${none}.${body}.`)).toBe('401 INVALID_TOKEN')
})

test('who is neither of the company nor one of its distributors is refused', async () => {
  expect(await outcomeOf(await sign({ role: 'guest', distributor_id: null }))).toBe('403 NO_SCOPE')
  expect(await outcomeOf(await sign({ role: 'distributor', distributor_id: null }))).toBe(
    '403 NO_SCOPE',
  )
  expect(await outcomeOf(await sign({ role: 'distributor', distributor_id: 'all' }))).toBe(
    '403 NO_SCOPE',
  )
})
