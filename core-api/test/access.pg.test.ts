import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { EVERYONE } from '../src/lib/roles.ts'
import { codeOf, orderOf, withApp, type World } from './app.ts'

type Operation = { 'x-roles': string[]; operationId: string }
type Paths = Record<string, Record<string, Operation>>
const METHODS = { get: 'GET', post: 'POST', patch: 'PATCH', delete: 'DELETE' } as const

const { paths }: { paths: Paths } = JSON.parse(
  await readFile(new URL('../openapi.json', import.meta.url), 'utf8'),
)
const routes = Object.entries(paths).flatMap(([path, operations]) =>
  Object.entries(METHODS).flatMap(([verb, method]) => {
    const operation = operations[verb]
    return operation === undefined ? [] : [{ path, method, operation }]
  }),
)

describe('every route × every role, as the OpenAPI document says', () => {
  for (const { path, method, operation } of routes) {
    const allowed = operation['x-roles']
    const url = path.replace('{id}', '999999')
    test(`${method} ${path} serves ${allowed.join(', ')}`, () =>
      withApp(async (world) => {
        const anonymous = await world.ask({ method, url })
        expect(anonymous.status === 401).toBe(!allowed.includes('public'))
        if (allowed.includes('public')) return

        const distributorId = await world.given.distributor()
        for (const role of EVERYONE) {
          // Logging out is one of the routes: each question has a session of its own.
          const ask = await world.logIn(role, role === 'distributor' ? distributorId : undefined)
          const { status } = await ask({ method, url })
          expect([role, status === 403]).toEqual([role, !allowed.includes(role)])
          expect(status).toBeLessThan(500)
        }
      }))
  }
})

test('a token that is wrong, cut short or of a user since disabled opens nothing', () =>
  withApp(async (world) => {
    const ask = await world.logIn('analyst')
    const me = await ask({ method: 'GET', url: '/me' })
    expect(me.status).toBe(200)
    const get = (authorization: string) =>
      world.ask({ method: 'GET', url: '/me', headers: { authorization } })
    for (const header of ['Bearer x', 'Bearer ', 'Basic abc', `Bearer ${'a'.repeat(5_000)}`]) {
      expect((await get(header)).status).toBe(401)
    }
    const { id } = Object(me.body)
    await world.database.owner`update app_user set disabled_at = now() where id = ${id}`
    expect((await ask({ method: 'GET', url: '/me' })).status).toBe(401)
  }))

describe('two distributors', () => {
  async function company(world: World) {
    const { given } = world
    const root = await given.distributor()
    const left = await given.distributor({ parent_id: root })
    const below = await given.distributor({ parent_id: left })
    const right = await given.distributor({ parent_id: root })
    const sku = await given.sku({ in_stock: 50, value_cents: 100n })
    await given.rule(1, 1_000, { sku_id: sku.id })
    await given.rule(2, 500, { sku_id: sku.id })
    const desk = await world.as('operations')
    const channel_id = await given.channel()
    const orderFor = async (distributor_id: number) => {
      const lines = [{ sku_id: sku.id, quantity: 1 }]
      const customer_id = await given.customer(distributor_id)
      const payload = { channel_id, customer_id, lines }
      const { id } = orderOf(await desk({ method: 'POST', url: '/orders', payload }))
      for (const step of ['pay', 'ship']) {
        orderOf(await desk({ method: 'POST', url: `/orders/${id}/${step}` }))
      }
      return { id, customer_id }
    }
    const orders = {
      root: await orderFor(root),
      left: await orderFor(left),
      below: await orderFor(below),
      right: await orderFor(right),
    }
    return { root, left, below, right, sku, channel_id, orders }
  }

  const byNumber = (left: number, right: number) => left - right
  const idsIn = (body: unknown): number[] =>
    Object(body).items.map((item: { id: number }) => item.id)

  test('see their own subtree and nothing beside or above it, neither in lists nor by id', () =>
    withApp(async (world) => {
      const { left, below, orders } = await company(world)
      const ask = await world.as('distributor', left)
      const seen = [orders.left, orders.below]
      expect(idsIn((await ask({ method: 'GET', url: '/orders' })).body).toSorted(byNumber)).toEqual(
        seen.map(({ id }) => id).toSorted(byNumber),
      )
      expect(
        idsIn((await ask({ method: 'GET', url: '/customers' })).body).toSorted(byNumber),
      ).toEqual(seen.map(({ customer_id }) => customer_id).toSorted(byNumber))
      expect(idsIn((await ask({ method: 'GET', url: '/distributors' })).body)).toEqual([
        left,
        below,
      ])
      for (const { id } of seen) {
        expect((await ask({ method: 'GET', url: `/orders/${id}` })).status).toBe(200)
      }
      for (const { id } of [orders.right, orders.root]) {
        const answer = await ask({ method: 'GET', url: `/orders/${id}` })
        expect(answer.status).toBe(404)
        expect(codeOf(answer)).toBe('NOT_FOUND')
      }
    }))

  test('are never told what the goods cost', () =>
    withApp(async (world) => {
      const { left, orders } = await company(world)
      const ask = await world.as('distributor', left)
      const order = orderOf(await ask({ method: 'GET', url: `/orders/${orders.left.id}` }))
      expect(order.lines.map((line) => line.cost_cents)).toEqual([null])
      const staff = await world.as('warehouse')
      const known = orderOf(await staff({ method: 'GET', url: `/orders/${orders.left.id}` }))
      expect(known.lines.map((line) => line.cost_cents)).toEqual(['2'])
    }))

  test('are kept apart by the database itself, whatever a query asks', () =>
    withApp(async (world) => {
      const { left, right, orders } = await company(world)
      const { core } = world.database
      const readAs = (id: number | null, table: string, columns = 'id') =>
        core.begin(async (sql) => {
          await sql`set local role tributary_portal`
          if (id !== null) await sql`select set_config('app.distributor_id', ${String(id)}, true)`
          return sql.unsafe<{ id: number }[]>(`select ${columns} from ${table}`)
        })

      const seen = await readAs(left, 'sales_order')
      expect(seen.map(({ id }) => id)).not.toContain(orders.right.id)
      const earned = await readAs(right, 'commission_entry', 'distributor_id as id')
      expect(new Set(earned.map(({ id }) => id))).toEqual(new Set([right]))
      for (const table of [
        'sales_order',
        'order_line',
        'commission_entry',
        'distributor',
        'customer',
      ]) {
        expect(await readAs(null, table)).toHaveLength(0)
      }
      for (const [table, column] of [
        ['order_line', 'cost_cents as id'],
        ['journal_entry', 'id'],
        ['stock_level', 'sku_id as id'],
        ['stock_move', 'id'],
        ['app_user', 'id'],
        ['session', 'user_id as id'],
        ['payment', 'id'],
        ['channel', 'fee_bps as id'],
      ] as const) {
        await expect(readAs(left, table, column), table).rejects.toMatchObject({ code: '42501' })
      }
    }))

  test('order in their own name, for their own customers, at full price', () =>
    withApp(async (world) => {
      const { left, below, right, sku, channel_id, orders } = await company(world)
      const ask = await world.as('distributor', left)
      const lines = [{ sku_id: sku.id, quantity: 1 }]
      const place = (payload: object) =>
        ask({ method: 'POST', url: '/orders', payload: { channel_id, lines, ...payload } })

      const own = orderOf(await place({ customer_id: orders.left.customer_id }))
      expect(own.distributor_id).toBe(left)
      expect(orderOf(await place({})).distributor_id).toBe(left)
      for (const distributor_id of [right, below]) {
        expect((await place({ distributor_id })).status).toBe(403)
      }
      expect((await place({ discount_cents: 1 })).status).toBe(403)
      const stolen = await place({ customer_id: orders.right.customer_id })
      const invented = await place({ customer_id: 999_999 })
      expect(stolen).toMatchObject({ status: 422, body: invented.body })
      expect((await ask({ method: 'POST', url: `/orders/${own.id}/pay` })).status).toBe(403)
    }))

  test('whose distributorship is suspended still read, but do not order', () =>
    withApp(async (world) => {
      const { right, sku, channel_id } = await company(world)
      const admin = await world.as('admin')
      const payload = { status: 'suspended' }
      await admin({ method: 'PATCH', url: `/distributors/${right}`, payload })
      const ask = await world.as('distributor', right)
      expect((await ask({ method: 'GET', url: '/orders' })).status).toBe(200)
      const lines = [{ sku_id: sku.id, quantity: 1 }]
      const answer = await ask({ method: 'POST', url: '/orders', payload: { channel_id, lines } })
      expect(codeOf(answer)).toBe('FORBIDDEN')
    }))
})
