import { jwtVerify } from 'jose'
import { expect, test } from 'vitest'
import { codeOf, TOKEN_SECRET, withApp, type World } from '../../test/app.ts'
import { unique } from '../../test/unique.ts'
import { hashToken } from '../plugins/auth.ts'
import { hashPassword } from './password.ts'
import * as queries from './queries.ts'
import { extendedExpiry } from './service.ts'

const HOUR_MS = 3_600_000

async function ann({ database, given }: World) {
  const login = unique('Ann')
  const distributorId = await given.distributor()
  const passwordHash = await hashPassword('correct horse')
  const user = { login, name: 'Ann', role: 'distributor' as const, passwordHash, distributorId }
  const id = await queries.insertUser(database.core, user)
  return { id, login, distributorId }
}

test('logging in gives a token that works until logging out', () =>
  withApp(async (world) => {
    const { id, login, distributorId } = await ann(world)
    const payload = { login: login.toUpperCase(), password: 'correct horse' }
    const answer = await world.ask({ method: 'POST', url: '/sessions', payload })
    expect(answer).toMatchObject({
      status: 201,
      body: { user: { id, login, role: 'distributor', distributor_id: distributorId } },
    })
    const { token, user } = Object(answer.body)
    const headers = { authorization: `Bearer ${token}` }
    expect((await world.ask({ method: 'GET', url: '/me', headers })).body).toEqual(user)

    const out = await world.ask({ method: 'DELETE', url: '/sessions/current', headers })
    expect(out).toMatchObject({ status: 204, body: null })
    expect((await world.ask({ method: 'GET', url: '/me', headers })).status).toBe(401)
  }))

test('the database holds neither the token nor the password', () =>
  withApp(async (world) => {
    const { id, login } = await ann(world)
    const payload = { login, password: 'correct horse' }
    const { body } = await world.ask({ method: 'POST', url: '/sessions', payload })
    const rows = await world.database.owner`
      select token_hash, password_hash from session join app_user on app_user.id = user_id where user_id = ${id ?? 0}
    `
    expect(rows[0]?.['token_hash']).toEqual(hashToken(Object(body).token))
    expect(rows[0]?.['password_hash']).not.toContain('horse')
  }))

test('a wrong password and an unknown login get the same answer', () =>
  withApp(async (world) => {
    const { login } = await ann(world)
    const attempt = (payload: object) => world.ask({ method: 'POST', url: '/sessions', payload })
    const wrong = await attempt({ login, password: 'wrong' })
    const unknown = await attempt({ login: unique('nobody'), password: 'wrong' })
    expect(wrong).toMatchObject({ status: 401, body: { code: 'INVALID_CREDENTIALS' } })
    expect(unknown.body).toEqual(wrong.body)
  }))

test('after ten wrong passwords even the right one must wait, and is told how long', () =>
  withApp(async (world) => {
    const { login } = await ann(world)
    const attempt = (password: string) =>
      world.ask({ method: 'POST', url: '/sessions', payload: { login, password } })
    await Promise.all(Array.from({ length: 10 }, () => attempt('wrong')))
    const answer = await attempt('correct horse')
    expect(answer.status).toBe(429)
    expect(codeOf(answer)).toBe('TOO_MANY_ATTEMPTS')
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(200)
  }))

test('an expired session opens nothing, and is swept away', () =>
  withApp(async ({ database, ...world }) => {
    const ask = await world.logIn('analyst')
    const me = Object((await ask({ method: 'GET', url: '/me' })).body)
    await database.owner`update session set expires_at = now() where user_id = ${me.id}`
    expect((await ask({ method: 'GET', url: '/me' })).status).toBe(401)
    await queries.deleteExpiredSessions(database.core, 1_000)
    expect(await database.owner`select 1 from session where user_id = ${me.id}`).toHaveLength(0)
  }))

test('a session in use is extended in its second half, but not beyond a week', () => {
  const at = (hours: number) => new Date(hours * HOUR_MS).toISOString()
  const session = (expires: number) => ({ created_at: at(0), expires_at: at(expires) })
  expect(extendedExpiry(session(12), 5 * HOUR_MS)).toBeUndefined()
  expect(extendedExpiry(session(12), 7 * HOUR_MS)).toEqual(new Date(19 * HOUR_MS))
  expect(extendedExpiry(session(166), 165 * HOUR_MS)).toEqual(new Date(168 * HOUR_MS))
  expect(extendedExpiry(session(168), 167 * HOUR_MS)).toBeUndefined()
})

test('the token for semantic carries the role and the distributor, for two minutes', () =>
  withApp(async (world) => {
    const distributorId = await world.given.distributor()
    const ask = await world.as('distributor', distributorId)
    const me = Object((await ask({ method: 'GET', url: '/me' })).body)
    const answer = await ask({ method: 'POST', url: '/analytics-tokens' })
    expect(answer.status).toBe(201)
    const { payload } = await jwtVerify(
      Object(answer.body).token,
      new TextEncoder().encode(TOKEN_SECRET),
      { issuer: 'tributary', audience: 'semantic', algorithms: ['HS256'] },
    )
    expect(payload).toMatchObject({
      sub: String(me.id),
      role: 'distributor',
      distributor_id: String(distributorId),
    })
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(120)

    const staff = await world.as('executive')
    const other = await staff({ method: 'POST', url: '/analytics-tokens' })
    const [, claims] = String(Object(other.body).token).split('.')
    const decoded = JSON.parse(Buffer.from(claims ?? '', 'base64url').toString())
    expect(decoded).toMatchObject({ role: 'executive', distributor_id: null })
  }))
