import { expect, test } from 'vitest'
import { type Ask, codeOf, orderOf, withApp, type World } from '../../test/app.ts'
import { runJobs } from '../jobs.ts'

const STEPS = ['pay', 'ship', 'complete', 'cancel'] as const
type Step = (typeof STEPS)[number]
/** The whole machine: from each state, where each step leads; what is not here is refused. */
const WAYS: Record<string, Partial<Record<Step, string>>> = {
  placed: { pay: 'paid', cancel: 'cancelled' },
  paid: { ship: 'shipped', cancel: 'cancelled' },
  shipped: { complete: 'completed' },
  completed: {},
  cancelled: {},
}
const WAY_INTO: Record<string, Step[]> = {
  placed: [],
  paid: ['pay'],
  shipped: ['pay', 'ship'],
  completed: ['pay', 'ship', 'complete'],
  cancelled: ['cancel'],
}

async function place({ given }: World, ask: Ask) {
  const sku = await given.sku({ in_stock: 1, value_cents: 400n, price_cents: 1_000n })
  const distributor_id = await given.distributor()
  await given.rule(1, 1_000, { sku_id: sku.id })
  const lines = [{ sku_id: sku.id, quantity: 1 }]
  const payload = { channel_id: await given.channel(), distributor_id, lines }
  return { sku, ...orderOf(await ask({ method: 'POST', url: '/orders', payload })) }
}

/** Everything an order has written, so that "nothing happened" can be told. */
async function traces({ database }: World, id: number) {
  const [row] = await database.owner`
    select state, paid_at, shipped_at, completed_at, cancelled_at,
      (select count(*) from journal_entry where order_id = o.id) as entries,
      (select count(*) from stock_move where order_id = o.id) as moves,
      (select count(*) from commission_entry where order_id = o.id) as commissions,
      (select count(*) from order_event where order_id = o.id) as events,
      (select count(*) from payment where order_id = o.id) as payments
    from sales_order as o where id = ${id}
  `
  return row
}

for (const [state, ways] of Object.entries(WAYS)) {
  for (const step of STEPS) {
    const into = ways[step]
    const fact = into === undefined ? 'is refused and leaves no trace' : `makes it ${into}`
    test(`to ${step} an order that is ${state} ${fact}`, () =>
      withApp(async (world) => {
        const ask = await world.as('operations')
        const { id } = await place(world, ask)
        for (const before of WAY_INTO[state] ?? []) {
          orderOf(await ask({ method: 'POST', url: `/orders/${id}/${before}` }))
        }
        const before = await traces(world, id)
        const answer = await ask({ method: 'POST', url: `/orders/${id}/${step}` })
        if (into === undefined) {
          expect(answer.status).toBe(409)
          expect(codeOf(answer)).toBe('WRONG_STATE')
          expect(await traces(world, id)).toEqual(before)
        } else {
          expect(orderOf(answer).state).toBe(into)
        }
      }))
  }
}

test('a payment told twice is one payment', () =>
  withApp(async (world) => {
    const ask = await world.as('operations')
    const { id } = await place(world, ask)
    const pay = () =>
      ask({ method: 'POST', url: `/orders/${id}/pay`, payload: { channel_txn: `wx-${id}` } })
    const answers = await Promise.all([pay(), pay(), pay(), pay()])
    for (const answer of answers) expect(orderOf(answer).state).toBe('paid')
    expect(await traces(world, id)).toMatchObject({ payments: 1 })

    await ask({ method: 'POST', url: `/orders/${id}/ship` })
    expect(orderOf(await pay()).state).toBe('shipped')
  }))

test('two different payments at once: one counts, the other is told to refund', () =>
  withApp(async (world) => {
    const ask = await world.as('operations')
    const { id } = await place(world, ask)
    const answers = await Promise.all(
      ['a', 'b'].map((name) =>
        ask({
          method: 'POST',
          url: `/orders/${id}/pay`,
          payload: { channel_txn: `${name}-${id}` },
        }),
      ),
    )
    expect(answers.map(({ status }) => status)).toEqual(expect.arrayContaining([200, 409]))
    expect(await traces(world, id)).toMatchObject({ payments: 1 })
  }))

test('one payment cannot pay two orders', () =>
  withApp(async (world) => {
    const ask = await world.as('operations')
    const [first, second] = [await place(world, ask), await place(world, ask)]
    const payload = { channel_txn: `shared-${first.id}` }
    orderOf(await ask({ method: 'POST', url: `/orders/${first.id}/pay`, payload }))
    const answer = await ask({ method: 'POST', url: `/orders/${second.id}/pay`, payload })
    expect(codeOf(answer)).toBe('CHANNEL_TXN_USED')
    expect(await traces(world, second.id)).toMatchObject({
      state: 'placed',
      entries: 0,
      payments: 0,
    })
  }))

test('a payment that comes after cancelling changes nothing and says to refund it', () =>
  withApp(async (world) => {
    const ask = await world.as('operations')
    const { id } = await place(world, ask)
    await ask({ method: 'POST', url: `/orders/${id}/cancel` })
    const answer = await ask({
      method: 'POST',
      url: `/orders/${id}/pay`,
      payload: { channel_txn: `late-${id}` },
    })
    expect(answer).toMatchObject({ status: 409, body: { code: 'WRONG_STATE' } })
    expect(JSON.stringify(answer.body)).toMatch(/refund/)
    expect(await traces(world, id)).toMatchObject({ payments: 0, entries: 0 })
  }))

test('cancelling a paid order pays it back: net revenue, commission and stock are as before', () =>
  withApp(async (world) => {
    const ask = await world.as('operations')
    const { id, sku } = await place(world, ask)
    await ask({ method: 'POST', url: `/orders/${id}/pay` })
    await ask({ method: 'POST', url: `/orders/${id}/cancel` })
    const sums = await world.database.owner`
      select account, sum(amount_cents)::text as amount
      from journal_entry where order_id = ${id} group by account order by account
    `
    expect(Object.fromEntries(sums.map((row) => [row['account'], row['amount']]))).toEqual({
      cash: '0',
      commission: '0',
      commission_payable: '0',
      refund: '1000',
      sales: '-1000',
    })
    const [level] = await world.database.owner`
      select on_hand, reserved from stock_level where sku_id = ${sku.id}
    `
    expect(level).toEqual({ on_hand: 1, reserved: 0 })
    expect(await traces(world, id)).toMatchObject({ payments: 2 })
  }))

test('pay and cancel at once: whichever is first, the order and its books agree', () =>
  withApp(async (world) => {
    const ask = await world.as('operations')
    for (let round = 0; round < 8; round += 1) {
      const { id, sku } = await place(world, ask)
      await Promise.all([
        ask({ method: 'POST', url: `/orders/${id}/pay` }),
        ask({ method: 'POST', url: `/orders/${id}/cancel` }),
      ])
      const row = await traces(world, id)
      expect(row?.['state']).toBe('cancelled')
      expect(row?.['payments']).toBe(row?.['paid_at'] === null ? 0 : 2)
      const [level] = await world.database.owner`
        select reserved from stock_level where sku_id = ${sku.id}
      `
      expect(level).toEqual({ reserved: 0 })
    }
  }))

test('an order unpaid for half an hour gives its goods back, once; a paid one keeps them', () =>
  withApp(async (world) => {
    const ask = await world.as('operations')
    const [late, fresh, paid] = [
      await place(world, ask),
      await place(world, ask),
      await place(world, ask),
    ]
    await ask({ method: 'POST', url: `/orders/${paid.id}/pay` })
    await world.database.owner`
      update sales_order set placed_at = placed_at - interval '31 minutes'
      where id in (${late.id}, ${paid.id})
    `
    const setting = { sql: world.database.core, log: world.app.log, unpaidMinutes: 30 }
    await Promise.all([runJobs(setting), runJobs(setting), runJobs(setting)])

    expect(await traces(world, late.id)).toMatchObject({ state: 'cancelled', moves: 2 })
    expect(await traces(world, fresh.id)).toMatchObject({ state: 'placed', moves: 1 })
    expect(await traces(world, paid.id)).toMatchObject({ state: 'paid', moves: 1 })
  }))

test('only an order that began with a visit is a step of a funnel, and each step counts once', () =>
  withApp(async (world) => {
    const { given } = world
    const ask = await world.as('operations')
    const sku = await given.sku({ in_stock: 5 })
    const channel_id = await given.channel()
    const visit_id = `visit-${sku.id}`
    const visit = { step: 'visit', visit_id, channel_id, promo_code: 'SPRING' }
    const seen = { method: 'POST' as const, url: '/funnel-events', payload: { events: [visit] } }
    expect((await ask(seen)).body).toEqual({ written: 1 })
    expect((await ask(seen)).body).toEqual({ written: 0 })

    const lines = [{ sku_id: sku.id, quantity: 1 }]
    for (const visited of [visit_id, 'never-seen']) {
      const payload = { channel_id, visit_id: visited, lines }
      const { id } = orderOf(await ask({ method: 'POST', url: '/orders', payload }))
      orderOf(await ask({ method: 'POST', url: `/orders/${id}/pay` }))
    }
    const steps = await world.database.owner`
      select visit_id, step, promo_code from funnel_event where channel_id = ${channel_id} order by id
    `
    expect(steps).toEqual(
      ['visit', 'order', 'paid'].map((step) => ({ visit_id, step, promo_code: 'SPRING' })),
    )
  }))
