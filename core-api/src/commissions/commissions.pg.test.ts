import { Value } from 'typebox/value'
import { expect, test } from 'vitest'
import { orderOf, withApp, type World } from '../../test/app.ts'
import { runJobs } from '../jobs.ts'
import { Explanation } from './schema.ts'

async function company(world: World) {
  const { given } = world
  const parent = await given.distributor()
  const seller = await given.distributor({ parent_id: parent })
  const sku = await given.sku({ in_stock: 50, price_cents: 10_000n })
  const rule = await given.rule(1, 1_000, { sku_id: sku.id })
  await given.rule(2, 300, { sku_id: sku.id })
  const desk = await world.as('operations')
  const channel_id = await given.channel()
  const sell = async (...steps: string[]) => {
    const lines = [{ sku_id: sku.id, quantity: 1 }]
    const payload = { channel_id, distributor_id: seller, lines }
    const order = orderOf(await desk({ method: 'POST', url: '/orders', payload }))
    for (const step of steps) {
      orderOf(await desk({ method: 'POST', url: `/orders/${order.id}/${step}` }))
    }
    return order
  }
  const explain = async (distributorId: number, query = '') => {
    const ask = await world.as('distributor', distributorId)
    const answer = await ask({ method: 'GET', url: `/commissions/explanation${query}` })
    expect(answer.status).toBe(200)
    return answer.body
  }
  return { parent, seller, sku, rule, sell, explain }
}

test('commission is pending when paid, frozen when received, available when the window is over', () =>
  withApp(async (world) => {
    const { seller, sell, explain } = await company(world)
    const setting = { sql: world.database.core, log: world.app.log, unpaidMinutes: 30 }
    await sell('pay')
    await sell('pay', 'ship', 'complete')
    await sell('pay', 'cancel')
    await runJobs(setting)
    expect(await explain(seller)).toMatchObject({
      states: {
        pending_cents: '1000',
        frozen_cents: '1000',
        available_cents: '0',
        paid_cents: '0',
      },
    })

    await world.database.owner`update instance set return_window_days = 0`
    await sell('pay', 'ship', 'complete')
    // Two processes do this job; it is done once.
    await Promise.all([runJobs(setting), runJobs(setting)])
    await runJobs(setting)
    await world.database.owner`update instance set return_window_days = 7`
    expect(await explain(seller)).toMatchObject({
      states: { pending_cents: '1000', frozen_cents: '1000', available_cents: '1000' },
    })
  }))

test('every amount is explained by its line, base, rate, rule and the way from earner to seller', () =>
  withApp(async (world) => {
    const { parent, seller, sku, rule, sell, explain } = await company(world)
    const order = await sell('pay')
    expect(await explain(seller, '?state=pending')).toMatchObject({
      distributor_id: seller,
      items: [
        {
          order_id: order.id,
          order_no: order.order_no,
          line_no: 1,
          sku: sku.code,
          level: 1,
          base_cents: '10000',
          rate_bps: 1_000,
          amount_cents: '1000',
          rule: { id: rule, sku_id: sku.id, rate_bps: 1_000 },
          path: [{ id: seller }],
        },
      ],
      next: null,
    })
    expect(await explain(parent, '?state=pending')).toMatchObject({
      items: [{ level: 2, amount_cents: '300', path: [{ id: parent }, { id: seller }] }],
    })
    expect(await explain(seller, '?state=frozen')).toMatchObject({ items: [] })
  }))

test('what stands in a state is the sum of its parts, and each part counts the lines that stand', () =>
  withApp(async (world) => {
    const { parent, seller, sell, explain } = await company(world)
    const setting = { sql: world.database.core, log: world.app.log, unpaidMinutes: 30 }
    await world.database.owner`update instance set return_window_days = 0`
    await sell('pay', 'ship', 'complete')
    await sell('pay', 'ship', 'complete')
    await runJobs(setting)
    await world.database.owner`update instance set return_window_days = 7`
    await sell('pay', 'ship', 'complete')
    await sell('pay')
    await sell('pay')
    const { id: cancelled } = await sell('pay', 'cancel')
    // What a return posts: it takes back on a line of its own.
    await world.database.owner`
      insert into commission_entry (at, business_day, kind, state, amount_cents, distributor_id, ancestor_ids,
        level, rule_id, rate_bps, base_cents, order_id, order_line_id, sku_id, product_id, channel_id)
      select at, business_day, 'clawback', 'available', -300, distributor_id, ancestor_ids, level, rule_id,
        rate_bps, -3000, order_id, order_line_id, sku_id, product_id, channel_id
      from commission_entry
      where order_id = ${cancelled} and kind = 'accrue' and level = 1
    `
    const available = await explain(seller, '?state=available')
    expect(available).toMatchObject({
      states: { pending_cents: '2000', frozen_cents: '1000', available_cents: '1700' },
      parts: [
        { part: 'direct', lines: 2, amount_cents: '2000' },
        { part: 'taken_back', lines: 1, amount_cents: '-300' },
      ],
      pending_orders: 2,
      next_release: { amount_cents: '1000' },
    })
    for (const [who, state] of [
      [seller, 'pending'],
      [seller, 'frozen'],
      [seller, 'available'],
      [seller, 'paid'],
      [parent, 'pending'],
      [parent, 'available'],
    ] as const) {
      const { states, parts, items } = Value.Parse(
        Explanation,
        await explain(who, `?state=${state}&limit=500`),
      )
      const sum = (rows: { amount_cents: string }[]) =>
        rows.reduce((all, { amount_cents }) => all + BigInt(amount_cents), 0n)
      expect([state, sum(parts)]).toEqual([state, BigInt(states[`${state}_cents`])])
      expect([state, sum(items)]).toEqual([state, sum(parts)])
    }
  }))

test('the pages of an explanation hold every line once', () =>
  withApp(async (world) => {
    const { seller, sell, explain } = await company(world)
    const sold: number[] = []
    for (let count = 0; count < 5; count += 1) sold.push((await sell('pay')).id)
    const seen: number[] = []
    let after: number | null = 0
    while (after !== null) {
      const page: { items: { order_id: number }[]; next: number | null } = Object(
        await explain(seller, `?limit=2&after=${after}`),
      )
      seen.push(...page.items.map(({ order_id }) => order_id))
      after = page.next
    }
    expect(seen).toEqual(sold.toReversed())
  }))

test('nobody reads another distributor’s commission; staff read anyone’s by naming him', () =>
  withApp(async (world) => {
    const { parent, seller, sell } = await company(world)
    await sell('pay')
    const ask = await world.as('distributor', parent)
    const url = '/commissions/explanation'
    expect((await ask({ method: 'GET', url: `${url}?distributor_id=${seller}` })).status).toBe(404)
    const staff = await world.as('analyst')
    expect((await staff({ method: 'GET', url })).status).toBe(422)
    expect((await staff({ method: 'GET', url: `${url}?distributor_id=999999` })).status).toBe(404)
    expect(await staff({ method: 'GET', url: `${url}?distributor_id=${seller}` })).toMatchObject({
      status: 200,
      body: { distributor_id: seller, states: { pending_cents: '1000' } },
    })
  }))
