import { expect, test } from 'vitest'
import { codeOf, orderOf, withApp } from '../../test/app.ts'
import { commissionOf, workedExample } from '../../test/worked-example.ts'

test('goods are reserved at placement, issued with their cost at shipping, free again at cancelling', () =>
  withApp(async (world) => {
    const { a, b, warehouse_id, payload } = await workedExample(world)
    const ask = await world.as('operations')
    const levels = async () => {
      const answer = await ask({ method: 'GET', url: `/stock-levels?warehouse_id=${warehouse_id}` })
      return answer.body
    }
    const shipped = orderOf(await ask({ method: 'POST', url: '/orders', payload }))
    const cancelled = orderOf(await ask({ method: 'POST', url: '/orders', payload }))
    expect(await levels()).toMatchObject({
      items: [
        { sku_id: a.id, on_hand: 10, reserved: 6, available: 4 },
        { sku_id: b.id, on_hand: 10, reserved: 2, available: 8 },
      ],
    })
    await ask({ method: 'POST', url: `/orders/${cancelled.id}/cancel` })
    await ask({ method: 'POST', url: `/orders/${shipped.id}/pay` })
    const order = orderOf(await ask({ method: 'POST', url: `/orders/${shipped.id}/ship` }))

    // 10,001 × 3 ÷ 10 = 3000.3: the cent that is left stays with the goods that are left.
    expect(order.lines.map((line) => line.cost_cents)).toEqual(['3000', '2000'])
    expect(await levels()).toMatchObject({
      items: [
        { sku_id: a.id, on_hand: 7, reserved: 0, value_cents: '7001' },
        { sku_id: b.id, on_hand: 9, reserved: 0, value_cents: '18000' },
      ],
    })
  }))

test('an order that outruns the shelf is refused with every short line, and the shelf is untouched', () =>
  withApp(async (world) => {
    const { given } = world
    const warehouse_id = await given.warehouse()
    const tea = await given.sku({ in_stock: 3, warehouse_id })
    const cup = await given.sku({ in_stock: 1, warehouse_id })
    const pot = await given.sku({ in_stock: 9, warehouse_id })
    const ask = await world.as('operations')
    const answer = await ask({
      method: 'POST',
      url: '/orders',
      payload: {
        channel_id: await given.channel(),
        warehouse_id,
        lines: [
          { sku_id: tea.id, quantity: 2 },
          { sku_id: cup.id, quantity: 2 },
          { sku_id: pot.id, quantity: 9 },
          { sku_id: tea.id, quantity: 2 },
        ],
      },
    })

    expect(answer.status).toBe(409)
    expect(answer.body).toMatchObject({
      code: 'OUT_OF_STOCK',
      short: [
        { sku_id: tea.id, sku: tea.code, wanted: 4, available: 3 },
        { sku_id: cup.id, sku: cup.code, wanted: 2, available: 1 },
      ],
    })
    const [reserved] = await world.database.owner`
      select sum(reserved)::int as reserved from stock_level where warehouse_id = ${warehouse_id}
    `
    expect(reserved).toEqual({ reserved: 0 })
  }))

test('without a named warehouse the first by priority that has everything ships', () =>
  withApp(async (world) => {
    const { given } = world
    const near = await given.warehouse(1)
    const far = await given.warehouse(2)
    const tea = await given.sku({ in_stock: 9, warehouse_id: near })
    const cup = await given.sku({ in_stock: 9, warehouse_id: far })
    await given.stock(tea.id, far, 9)
    const ask = await world.as('operations')
    const channel_id = await given.channel()
    const warehouseOf = async (...skus: number[]) => {
      const lines = skus.map((sku_id) => ({ sku_id, quantity: 1 }))
      const answer = await ask({ method: 'POST', url: '/orders', payload: { channel_id, lines } })
      return orderOf(answer).warehouse_id
    }

    expect(await warehouseOf(tea.id)).toBe(near)
    expect(await warehouseOf(tea.id, cup.id)).toBe(far)
  }))

test('a service is sold without stock, moves none and earns no commission', () =>
  withApp(async (world) => {
    const { given } = world
    const freight = await given.service(900n)
    const distributor_id = await given.distributor()
    await given.rule(1, 5_000, { sku_id: freight.id })
    const ask = await world.as('operations')
    const payload = {
      channel_id: await given.channel(),
      distributor_id,
      lines: [{ sku_id: freight.id, quantity: 2 }],
    }
    const { id } = orderOf(await ask({ method: 'POST', url: '/orders', payload }))
    for (const step of ['pay', 'ship', 'complete']) {
      expect((await ask({ method: 'POST', url: `/orders/${id}/${step}` })).status).toBe(200)
    }
    const moves = await world.database.owner`select id from stock_move where order_id = ${id}`
    expect(moves).toHaveLength(0)
    expect(await commissionOf(world, id)).toEqual([])
  }))

test('a channel uses an external id once', () =>
  withApp(async (world) => {
    const { given } = world
    const sku = await given.sku({ in_stock: 5 })
    const ask = await world.as('operations')
    const payload = {
      channel_id: await given.channel(),
      external_id: 'T-1',
      lines: [{ sku_id: sku.id, quantity: 1 }],
    }
    expect((await ask({ method: 'POST', url: '/orders', payload })).status).toBe(201)
    const second = await ask({ method: 'POST', url: '/orders', payload })
    expect(second.status).toBe(409)
    expect(codeOf(second)).toBe('EXTERNAL_ID_USED')
  }))

test('what is not for sale and what does not exist is refused by the name of its field', () =>
  withApp(async (world) => {
    const { given } = world
    const retired = await given.sku({ in_stock: 1 })
    await world.database
      .owner`update product set status = 'retired' where id = ${retired.product_id}`
    const ask = await world.as('operations')
    const channel_id = await given.channel()
    const place = (payload: object) => ask({ method: 'POST', url: '/orders', payload })
    const line = { sku_id: (await given.sku({ in_stock: 1 })).id, quantity: 1 }

    expect(await place({ channel_id, lines: [{ sku_id: retired.id, quantity: 1 }] })).toMatchObject(
      {
        status: 422,
        body: { code: 'NOT_FOR_SALE', errors: [{ field: 'lines/0/sku_id' }] },
      },
    )
    for (const [field, wanted] of Object.entries({
      channel_id: { channel_id: 999_999, lines: [line] },
      customer_id: { channel_id, customer_id: 999_999, lines: [line] },
      distributor_id: { channel_id, distributor_id: 999_999, lines: [line] },
      warehouse_id: { channel_id, warehouse_id: 999_999, lines: [line] },
      'lines/1/sku_id': { channel_id, lines: [line, { sku_id: 999_999, quantity: 1 }] },
    })) {
      expect(await place(wanted)).toMatchObject({
        status: 422,
        body: { code: 'UNKNOWN_REFERENCE', errors: [{ field }] },
      })
    }
  }))
