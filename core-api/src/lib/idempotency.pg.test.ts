import { expect, test } from 'vitest'
import { orderOf, withApp, type World } from '../../test/app.ts'
import { unique } from '../../test/unique.ts'
import { deleteOldKeys } from './idempotency.ts'

async function placing({ given, as }: World, in_stock = 50) {
  const sku = await given.sku({ in_stock })
  const ask = await as('operations')
  const payload = { channel_id: await given.channel(), lines: [{ sku_id: sku.id, quantity: 1 }] }
  const key = unique('key')
  const place = (body: object = payload, name = key) =>
    ask({ method: 'POST', url: '/orders', payload: body, headers: { 'idempotency-key': name } })
  return { sku, ask, payload, key, place }
}

test('a request repeated with its key gets the same status and the same body, and happens once', () =>
  withApp(async (world) => {
    const { sku, place } = await placing(world)
    const first = await place()
    const second = await place()
    expect(second.status).toBe(201)
    expect(second.body).toEqual(first.body)
    const orders = await world.database.owner`select 1 from order_line where sku_id = ${sku.id}`
    expect(orders).toHaveLength(1)
  }))

test('the same fields in another order are the same request', () =>
  withApp(async (world) => {
    const { place, payload } = await placing(world)
    const first = orderOf(await place())
    const { lines, channel_id } = payload
    expect(orderOf(await place({ lines, channel_id })).id).toBe(first.id)
  }))

test('the key of another request is refused, be it the body or the address that differs', () =>
  withApp(async (world) => {
    const { place, payload, ask, key } = await placing(world)
    const order = orderOf(await place())
    const other = await place({ ...payload, shipping_cents: 1 })
    expect(other).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_MISMATCH' } })
    const headers = { 'idempotency-key': key }
    const paid = await ask({ method: 'POST', url: `/orders/${order.id}/pay`, headers })
    expect(paid).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_MISMATCH' } })
  }))

test('twenty at once with one key make one order; the others get it or are told to wait', () =>
  withApp(async (world) => {
    const { sku, place } = await placing(world)
    const answers = await Promise.all(Array.from({ length: 20 }, () => place()))
    const ids = new Set<number>()
    for (const answer of answers) {
      if (answer.status === 201) ids.add(orderOf(answer).id)
      else expect(answer).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_IN_FLIGHT' } })
    }
    expect(ids.size).toBe(1)
    const orders = await world.database.owner`select 1 from order_line where sku_id = ${sku.id}`
    expect(orders).toHaveLength(1)
  }))

test('two users may use the same key', () =>
  withApp(async (world) => {
    const { place, payload, key } = await placing(world)
    const order = orderOf(await place())
    const admin = await world.as('admin')
    const headers = { 'idempotency-key': key }
    const other = await admin({ method: 'POST', url: '/orders', payload, headers })
    expect(orderOf(other).id).not.toBe(order.id)
  }))

test('what was refused did not happen, so its key may be tried again', () =>
  withApp(async (world) => {
    const { sku, place } = await placing(world, 0)
    expect((await place()).status).toBe(409)
    await world.given.stock(sku.id, sku.warehouse_id, 1)
    expect((await place()).status).toBe(201)
  }))

test('keys are kept for a day', () =>
  withApp(async (world) => {
    const { owner, core } = world.database
    const { place, key } = await placing(world)
    await place()
    await deleteOldKeys(core, 24, 1_000)
    expect(await owner`select 1 from idempotency_key where key = ${key}`).toHaveLength(1)
    await owner`update idempotency_key set created_at = now() - interval '25 hours' where key = ${key}`
    expect(await deleteOldKeys(core, 24, 1_000)).toBe(1)
  }))

test('a payment and a receipt are repeated safely too', () =>
  withApp(async (world) => {
    const { place, ask, sku } = await placing(world)
    const { id } = orderOf(await place())
    const headers = { 'idempotency-key': unique('pay') }
    for (let count = 0; count < 2; count += 1) {
      const answer = await ask({ method: 'POST', url: `/orders/${id}/pay`, headers })
      expect(orderOf(answer).state).toBe('paid')
    }
    const receipts = [
      { sku_id: sku.id, warehouse_id: sku.warehouse_id, quantity: 5, cost_cents: '100' },
    ]
    const once = { 'idempotency-key': unique('receipt') }
    for (let count = 0; count < 2; count += 1) {
      const call = { method: 'POST' as const, url: '/stock/receipts', payload: { receipts } }
      expect(await ask({ ...call, headers: once })).toMatchObject({
        status: 201,
        body: { received: 1 },
      })
    }
    const [level] = await world.database.owner`
      select on_hand from stock_level where sku_id = ${sku.id}
    `
    expect(level).toEqual({ on_hand: 55 })
  }))
