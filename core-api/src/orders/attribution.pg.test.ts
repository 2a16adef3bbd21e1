import { expect, test } from 'vitest'
import { orderOf, withApp } from '../../test/app.ts'
import { unique } from '../../test/unique.ts'
import { commissionOf, workedExample } from '../../test/worked-example.ts'

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
