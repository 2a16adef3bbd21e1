import { expect, test } from 'vitest'
import { TOKEN_SECRET, withApp, type World } from '../../test/app.ts'
import { buildApp } from '../app.ts'
import { CLIENT_VISITS_MAX, LINK_VISITS_MAX } from './limits.ts'

type App = World['app']
type Visit = { code: string; visit_id: string }

async function linkIn({ given, as }: World) {
  const ask = await as('distributor', await given.distributor())
  const channel_id = await given.channel()
  const { body } = await ask({
    method: 'POST',
    url: '/promo-links',
    payload: { channel_id, name: 'Poster' },
  })
  const { code }: { code: string } = Object(body)
  return code
}

async function visit(app: App, payload: Visit, remoteAddress: string, forwarded?: string) {
  return app.inject({
    method: 'POST',
    url: '/promo-visits',
    payload,
    remoteAddress,
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  })
}

async function exhaust(app: App, code: string, remoteAddress: string) {
  for (let turn = 0; turn < CLIENT_VISITS_MAX; turn += 1) {
    const { statusCode } = await visit(app, { code, visit_id: 'same' }, remoteAddress)
    expect(statusCode).toBe(201)
  }
}

test('who follows links too often is told when to come again, and others go on', () =>
  withApp(async (world) => {
    const { app, database } = world
    const code = await linkIn(world)
    await exhaust(app, code, '203.0.113.7')

    const refused = await visit(app, { code, visit_id: 'too-much' }, '203.0.113.7')
    expect(refused.statusCode).toBe(429)
    expect(refused.json()).toMatchObject({ code: 'TOO_MANY_VISITS', status: 429 })
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    const counted = await database.owner`select from funnel_event where visit_id = 'too-much'`
    expect(counted).toHaveLength(0)

    const other = await visit(app, { code, visit_id: 'other' }, '203.0.113.8')
    expect(other.statusCode).toBe(201)
  }))

test('an IPv6 client is one however many addresses he has', () =>
  withApp(async (world) => {
    const code = await linkIn(world)
    await exhaust(world.app, code, '2001:db8:1:2::1')
    const beside = await visit(world.app, { code, visit_id: 'six' }, '2001:db8:1:2:ffff::9')
    expect(beside.statusCode).toBe(429)
    const elsewhere = await visit(world.app, { code, visit_id: 'six' }, '2001:db8:1:3::1')
    expect(elsewhere.statusCode).toBe(201)
  }))

test('many machines together do not fill one link, and its neighbour stays open', () =>
  withApp(async (world) => {
    const { app } = world
    const code = await linkIn(world)
    const neighbour = await linkIn(world)
    for (let turn = 0; turn < LINK_VISITS_MAX; turn += 1) {
      await visit(app, { code, visit_id: 'many' }, `198.51.${turn % 250}.1`)
    }
    const refused = await visit(app, { code: code.toLowerCase(), visit_id: 'many' }, '192.0.2.1')
    expect(refused.statusCode).toBe(429)
    const open = await visit(app, { code: neighbour, visit_id: 'many' }, '192.0.2.1')
    expect(open.statusCode).toBe(201)
  }))

test('a header names the client only where whoever sent it is trusted to', () =>
  withApp(async (world) => {
    const code = await linkIn(world)
    const forwardedTo = async (app: App) => {
      for (let turn = 0; turn < CLIENT_VISITS_MAX; turn += 1) {
        await visit(app, { code, visit_id: 'same' }, '127.0.0.1', `192.0.2.${turn}`)
      }
      return (await visit(app, { code, visit_id: 'last' }, '127.0.0.1', '192.0.2.250')).statusCode
    }
    const behind = async (trustProxy?: string) =>
      buildApp({
        sql: world.database.core,
        tokenSecret: TOKEN_SECRET,
        logger: false,
        ...(trustProxy !== undefined && { trustProxy }),
      })
    const [honest, wary] = [await behind('loopback'), await behind()]
    expect(await forwardedTo(honest)).toBe(201)
    expect(await forwardedTo(wary)).toBe(429)
    await Promise.all([honest.close(), wary.close()])
  }))
