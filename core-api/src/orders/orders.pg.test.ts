import { expect, test } from 'vitest'
import { codeOf, orderOf, withApp, type World } from '../../test/app.ts'
import { unique } from '../../test/given.ts'

/** The worked example of the domain's rules: 3 × 33.34 and 50.00, 20.00 off, 10 % and 5 %. */
async function workedExample({ given }: World) {
  const parent = await given.distributor()
  const seller = await given.distributor({ parent_id: parent })
  const warehouse_id = await given.warehouse()
  const a = await given.sku({
    price_cents: 3_334n,
    in_stock: 10,
    value_cents: 10_001n,
    warehouse_id,
  })
  const b = await given.sku({
    price_cents: 5_000n,
    in_stock: 10,
    value_cents: 20_000n,
    warehouse_id,
  })
  for (const { id } of [a, b]) {
    await given.rule(1, 1_000, { sku_id: id })
    await given.rule(2, 500, { sku_id: id })
  }
  const payload = {
    channel_id: await given.channel(60),
    customer_id: await given.customer(seller),
    discount_cents: '2000',
    lines: [
      { sku_id: a.id, quantity: 3 },
      { sku_id: b.id, quantity: 1 },
    ],
  }
  return { parent, seller, warehouse_id, a, b, payload }
}

async function commissionOf({ database }: World, orderId: number) {
  return database.owner`
    select level, distributor_id, state, sum(amount_cents)::text as amount
    from commission_entry
    where order_id = ${orderId}
    group by order_line_id, level, distributor_id, state
    having sum(amount_cents) <> 0
    order by order_line_id, level, state
  `
}

test('two levels earn floor(line after discount × rate): 8.66 + 4.33 and 4.33 + 2.16', () =>
  withApp(async (world) => {
    const { parent, seller, payload } = await workedExample(world)
    const ask = await world.as('operations')
    const order = orderOf(await ask({ method: 'POST', url: '/orders', payload }))
    expect(order.lines.map((line) => line.total_cents)).toEqual(['8669', '4333'])
    await ask({ method: 'POST', url: `/orders/${order.id}/pay` })

    expect(await commissionOf(world, order.id)).toEqual([
      { level: 1, distributor_id: seller, state: 'pending', amount: '866' },
      { level: 2, distributor_id: parent, state: 'pending', amount: '433' },
      { level: 1, distributor_id: seller, state: 'pending', amount: '433' },
      { level: 2, distributor_id: parent, state: 'pending', amount: '216' },
    ])
  }))

test('rates, grades and the tree as they were at placement decide, whatever changes later', () =>
  withApp(async (world) => {
    const { seller, parent, payload } = await workedExample(world)
    const ask = await world.as('operations')
    const order = orderOf(await ask({ method: 'POST', url: '/orders', payload }))
    await world.database.owner`update commission_rule set rate_bps = 9000 where rate_bps = 1000`
    await world.database.owner`update distributor set parent_id = null where id = ${seller}`
    await ask({ method: 'POST', url: `/orders/${order.id}/pay` })
    await world.database.owner`update commission_rule set rate_bps = 1000 where rate_bps = 9000`

    const earned = await commissionOf(world, order.id)
    expect(earned.map(({ amount }) => amount)).toEqual(['866', '433', '433', '216'])
    expect(earned[1]).toMatchObject({ distributor_id: parent })
    expect(order.ancestor_ids).toEqual([parent, seller])
  }))

test('who is not active at placement earns nothing, and a root has nobody above him', () =>
  withApp(async (world) => {
    const { given } = world
    const sku = await given.sku({ in_stock: 9, price_cents: 1_000n })
    await given.rule(1, 1_000, { sku_id: sku.id })
    await given.rule(2, 500, { sku_id: sku.id })
    const suspended = await given.distributor({ status: 'suspended' })
    const root = await given.distributor()
    const ask = await world.as('operations')
    const channel_id = await given.channel()
    const lines = [{ sku_id: sku.id, quantity: 1 }]
    const of = async (distributor_id: number) => {
      const payload = { channel_id, distributor_id, lines }
      const { id } = orderOf(await ask({ method: 'POST', url: '/orders', payload }))
      await ask({ method: 'POST', url: `/orders/${id}/pay` })
      return commissionOf(world, id)
    }

    expect(await of(suspended)).toEqual([])
    expect(await of(root)).toMatchObject([{ level: 1, distributor_id: root, amount: '100' }])
  }))

test('the narrowest rule wins: sku with grade, sku, grade, all', () =>
  withApp(async (world) => {
    const { given } = world
    const gold = unique('gold')
    const [plain, special] = [await given.sku({ in_stock: 9 }), await given.sku({ in_stock: 9 })]
    const all = await given.rule(1, 100)
    await given.rule(1, 200, { grade: gold })
    await given.rule(1, 300, { sku_id: special.id })
    await given.rule(1, 400, { sku_id: special.id, grade: gold })
    const ask = await world.as('operations')
    const channel_id = await given.channel()
    const rateOf = async (grade: string, sku_id: number) => {
      const distributor_id = await given.distributor({ grade })
      const payload = { channel_id, distributor_id, lines: [{ sku_id, quantity: 1 }] }
      const { id } = orderOf(await ask({ method: 'POST', url: '/orders', payload }))
      const [row] = await world.database.owner`
        select rate_bps from order_line_attribution
        join order_line on order_line.id = order_line_id where order_id = ${id}
      `
      return row?.['rate_bps']
    }

    expect(await rateOf('standard', plain.id)).toBe(100)
    expect(await rateOf(gold, plain.id)).toBe(200)
    expect(await rateOf('standard', special.id)).toBe(300)
    expect(await rateOf(gold, special.id)).toBe(400)
    await world.database.owner`delete from order_line_attribution where rule_id = ${all}`
    await world.database.owner`delete from commission_rule where id = ${all}`
  }))

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
