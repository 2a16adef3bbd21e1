import { randomBytes } from 'node:crypto'
import { jwtVerify } from 'jose'
import { expect, test } from 'vitest'
import { codeOf, TOKEN_SECRET, withApp, type Ask, type World } from '../../test/app.ts'
import { deleteExpiredSessions } from './queries.ts'

type Told = { action: string; reason: string; subject_id: number; actor_id: number }

/** A reason of its own, by which the test finds its lines in the log. */
function someReason() {
  return `ticket ${randomBytes(4).toString('hex')}`
}

async function lookOn(world: World, admin: Ask, distributor_id: number, reason = someReason()) {
  const payload = { distributor_id, reason }
  const { status, body } = await admin({ method: 'POST', url: '/view-as', payload })
  if (status !== 201) throw new Error(JSON.stringify(body))
  const { token }: { token: string } = Object(body)
  const headers = { authorization: `Bearer ${token}` }
  const ask: Ask = (call) => world.ask({ ...call, headers: { ...call.headers, ...headers } })
  return { ask, token, reason }
}

async function toldOf(world: World, reason: string): Promise<Told[]> {
  const admin = await world.as('admin')
  const { body } = await admin({ method: 'GET', url: '/audit-events?action=view_as&limit=500' })
  return Object(body).items.filter((event: Told) => event.reason === reason)
}

async function company(world: World) {
  const { given } = world
  const root = await given.distributor()
  const left = await given.distributor({ parent_id: root })
  const right = await given.distributor({ parent_id: root })
  const sku = await given.sku({ in_stock: 50 })
  await given.rule(1, 1_000, { sku_id: sku.id })
  await given.rule(2, 500, { sku_id: sku.id })
  const channel_id = await given.channel()
  const desk = await world.as('operations')
  for (const distributor_id of [root, left, right]) {
    const customer_id = await given.customer(distributor_id)
    const payload = { channel_id, customer_id, lines: [{ sku_id: sku.id, quantity: 1 }] }
    const { body } = await desk({ method: 'POST', url: '/orders', payload })
    await desk({ method: 'POST', url: `/orders/${Object(body).id}/pay` })
    const seller = await world.as('distributor', distributor_id)
    const link = { channel_id, name: 'Poster' }
    await seller({ method: 'POST', url: '/promo-links', payload: link })
    const admin = await world.as('admin')
    const goal = { measure: 'sales.revenue_cents', period: 'month', on: '2026-11-10', target: '9' }
    await admin({ method: 'POST', url: '/goals', payload: { ...goal, distributor_id } })
  }
  return { root, left, right, channel_id, sku }
}

/** Everything a distributor may read, by its address. */
const READ = [
  '/orders',
  '/customers',
  '/distributors',
  '/promo-links',
  '/goals',
  '/products',
  '/channels',
  '/commissions/explanation',
  '/commissions/explanation?state=pending',
]

test('what an administrator sees while viewing as a distributor is what that distributor sees', () =>
  withApp(async (world) => {
    const { root, left, right } = await company(world)
    const admin = await world.as('admin')
    for (const distributor of [root, left, right]) {
      const self = await world.as('distributor', distributor)
      const { ask } = await lookOn(world, admin, distributor)
      for (const url of READ) {
        const [own, seen] = [await self({ method: 'GET', url }), await ask({ method: 'GET', url })]
        expect([url, own.status]).toEqual([url, 200])
        expect([url, seen.body]).toEqual([url, own.body])
      }
      const others = [root, left, right].filter((one) => one !== distributor)
      for (const other of others) {
        const url = `/commissions/explanation?distributor_id=${other}`
        expect((await ask({ method: 'GET', url })).status).toBe(404)
      }
    }
  }))

test('the analytics token carries both identities', () =>
  withApp(async (world) => {
    const { left } = await company(world)
    const admin = await world.as('admin')
    const { ask } = await lookOn(world, admin, left)
    const { id } = Object((await admin({ method: 'GET', url: '/me' })).body)
    const { body } = await ask({ method: 'POST', url: '/analytics-tokens' })
    const secret = new TextEncoder().encode(TOKEN_SECRET)
    const { payload } = await jwtVerify(Object(body).token, secret)
    expect(payload).toMatchObject({
      sub: `distributor:${left}`,
      role: 'distributor',
      distributor_id: String(left),
      act: { sub: String(id) },
    })
    expect((await ask({ method: 'GET', url: '/me' })).body).toMatchObject({
      role: 'distributor',
      distributor_id: left,
      viewed_by: { id },
    })
  }))

test('nothing can be changed while viewing as another, and the refusal says so', () =>
  withApp(async (world) => {
    const { left, channel_id, sku } = await company(world)
    const { ask } = await lookOn(world, await world.as('admin'), left)
    const lines = [{ sku_id: sku.id, quantity: 1 }]
    for (const [method, url, payload] of [
      ['POST', '/orders', { channel_id, lines }],
      ['POST', '/promo-links', { channel_id, name: 'x' }],
      ['PATCH', '/promo-links/1', { is_disabled: true }],
      ['PATCH', `/distributors/${left}`, { status: 'suspended' }],
      ['POST', '/view-as', { distributor_id: left, reason: 'once more' }],
      ['PATCH', `/channel-shops/${channel_id}`, { url: 'https://evil.test/' }],
    ] as const) {
      const answer = await ask({ method, url, payload })
      expect([url, answer.status, codeOf(answer)]).toEqual([url, 403, 'VIEW_AS_READ_ONLY'])
    }
  }))

test('start, reason and end are in the log, whether he ends it, logs out or lets it run out', () =>
  withApp(async (world) => {
    const { left } = await company(world)
    const admin = await world.logIn('admin')
    const { id } = Object((await admin({ method: 'GET', url: '/me' })).body)
    const ended = await lookOn(world, admin, left)
    const expired = await lookOn(world, admin, left)
    const loggedOut = await lookOn(world, admin, left)

    await ended.ask({ method: 'DELETE', url: '/sessions/current' })
    await world.database.owner`
      update session
      set expires_at = now() - interval '1 minute'
      where view_as_reason = ${expired.reason}
    `
    expect((await expired.ask({ method: 'GET', url: '/me' })).status).toBe(401)
    await deleteExpiredSessions(world.database.core, 1_000)
    await admin({ method: 'DELETE', url: '/sessions/current' })

    for (const [session, end] of [
      [ended, 'view_as.ended'],
      [expired, 'view_as.expired'],
      [loggedOut, 'view_as.ended'],
    ] as const) {
      expect((await session.ask({ method: 'GET', url: '/me' })).status).toBe(401)
      expect(await toldOf(world, session.reason)).toMatchObject([
        { action: end, subject_id: left, actor_id: id },
        { action: 'view_as.started', subject_id: left, actor_id: id },
      ])
    }
  }))

test('only an administrator may, with a reason, as a distributor there is', () =>
  withApp(async (world) => {
    const { left } = await company(world)
    const payload = { distributor_id: left, reason: 'because' }
    for (const role of ['executive', 'analyst', 'operations', 'warehouse'] as const) {
      const ask = await world.as(role)
      expect((await ask({ method: 'POST', url: '/view-as', payload })).status).toBe(403)
    }
    const admin = await world.as('admin')
    for (const [bad, status] of [
      [{ distributor_id: left }, 400],
      [{ distributor_id: left, reason: '' }, 400],
      [{ distributor_id: 999_999, reason: 'because' }, 422],
    ] as const) {
      const answer = await admin({ method: 'POST', url: '/view-as', payload: bad })
      expect([bad, answer.status]).toEqual([bad, status])
    }
  }))

test('it ends when he is no longer an administrator, or when his account is disabled', () =>
  withApp(async (world) => {
    const { left } = await company(world)
    for (const change of [{ role: 'analyst' }, { disabled_at: new Date() }]) {
      const admin = await world.logIn('admin')
      const { id } = Object((await admin({ method: 'GET', url: '/me' })).body)
      const { ask } = await lookOn(world, admin, left)
      expect((await ask({ method: 'GET', url: '/orders' })).status).toBe(200)
      const { owner } = world.database
      await owner`update app_user set ${owner(change)} where id = ${id}`
      expect((await ask({ method: 'GET', url: '/orders' })).status).toBe(401)
    }
  }))
