import { Value } from 'typebox/value'
import Type from 'typebox'
import { expect, test } from 'vitest'
import { type Ask, orderOf, withApp } from '../../test/app.ts'
import { Found } from './schema.ts'

const Answer = Type.Object({ items: Type.Array(Found) })

async function find(ask: Ask, words: string) {
  const { status, body } = await ask({ method: 'GET', url: `/find?q=${encodeURIComponent(words)}` })
  expect(status).toBe(200)
  return Value.Parse(Answer, body).items
}

test('a distributor finds what hangs below him and what they sold, nothing beside it, and of people his own alone', () =>
  withApp(async ({ as, given, database }) => {
    const mine = await given.distributor()
    const below = await given.distributor({ parent_id: mine })
    const beside = await given.distributor()
    const sku = await given.sku({ in_stock: 9, value_cents: 100n })
    const channel_id = await given.channel()
    const desk = await as('operations')
    const orders = []
    for (const seller of [mine, below, beside]) {
      const customer_id = await given.customer(seller)
      await database.owner`update customer set name = 'Green Lane ' || ${seller}::text where id = ${customer_id}`
      const lines = [{ sku_id: sku.id, quantity: 1 }]
      const payload = { channel_id, customer_id, lines }
      orders.push(orderOf(await desk({ method: 'POST', url: '/orders', payload })))
    }
    const [ownOrder, orderBelow, otherOrder] = orders
    await database.owner`
      update distributor set name = 'River ' || id where id in (${mine}, ${below}, ${beside})
    `
    const ask = await as('distributor', mine)
    const names = async (words: string) => (await find(ask, words)).map(({ name }) => name)
    expect(await names('river')).toEqual([`River ${mine}`, `River ${below}`])
    expect(await names('green lane')).toEqual([`Green Lane ${mine}`])
    expect(await names(ownOrder?.order_no ?? '')).toEqual([ownOrder?.order_no])
    expect(await names(orderBelow?.order_no ?? '')).toEqual([orderBelow?.order_no])
    expect(await names(otherOrder?.order_no ?? '')).toEqual([])
    expect((await find(desk, 'green lane')).length).toBe(3)
  }))

test('an order is found by its number in any case and by its id', () =>
  withApp(async ({ as, given }) => {
    const sku = await given.sku({ in_stock: 1, value_cents: 100n })
    const channel_id = await given.channel()
    const ask = await as('operations')
    const payload = { channel_id, lines: [{ sku_id: sku.id, quantity: 1 }] }
    const order = orderOf(await ask({ method: 'POST', url: '/orders', payload }))
    for (const words of [order.order_no.toLowerCase(), ` ${order.order_no} `, `#${order.id}`]) {
      const found = (await find(ask, words)).filter(({ kind }) => kind === 'order')
      expect(found, words).toEqual([
        { kind: 'order', id: order.id, name: order.order_no, detail: 'placed' },
      ])
    }
  }))

test('a warehouse finds goods and orders, but no people', () =>
  withApp(async ({ as, given, database }) => {
    const customer = await given.customer()
    await database.owner`update customer set name = 'Anna Quill' where id = ${customer}`
    expect(await find(await as('warehouse'), 'quill')).toEqual([])
    expect((await find(await as('analyst'), 'QUILL')).map(({ id }) => id)).toEqual([customer])
  }))

test('what is typed is looked for as it stands: a per cent sign is no wildcard', () =>
  withApp(async ({ as, given, database }) => {
    const ask = await as('analyst')
    const distributor = await given.distributor()
    await database.owner`update distributor set name = '100% pure' where id = ${distributor}`
    expect((await find(ask, '0% p')).map(({ id }) => id)).toEqual([distributor])
    expect(await find(ask, '1%pure')).toEqual([])
    expect(await find(ask, '   ')).toEqual([])
    expect((await ask({ method: 'GET', url: '/find' })).status).toBe(400)
  }))
