import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runJobs } from '../src/jobs.ts'
import type { Sql } from '../src/lib/postgres.ts'
import { type Ask, orderOf, withApp, type World } from './app.ts'
import {
  accountsOf,
  commissionsOf,
  complete,
  createOracle,
  type OracleLine,
  type OracleOrder,
  pay,
  type Terms,
} from './oracle.ts'

const RUNS = 12

const cents = fc.bigInt(0n, 300_000n)
const step = fc.constantFrom('pay', 'ship', 'complete', 'cancel')
/** Chance alone seldom finds the whole way, so the ways are among what it draws from. */
const steps = fc.oneof(
  fc.constantFrom(['pay', 'ship', 'complete'], ['pay', 'ship'], ['pay', 'cancel'], ['cancel']),
  fc.array(step, { maxLength: 5 }),
)
const line = fc.record({ sku: fc.nat(2), quantity: fc.bigInt(1n, 9n) })
const order = fc.record({
  lines: fc.array(line, { minLength: 1, maxLength: 4 }),
  discountPercent: fc.integer({ min: 0, max: 100 }),
  shipping: fc.bigInt(0n, 2_000n),
  steps,
})
const company = fc.record({
  prices: fc.tuple(cents, cents, cents),
  stock: fc.array(fc.record({ quantity: fc.bigInt(1n, 40n), value: cents }), {
    minLength: 2,
    maxLength: 2,
  }),
  feeBps: fc.bigInt(0n, 900n),
  rates: fc.tuple(fc.bigInt(0n, 3_000n), fc.bigInt(0n, 3_000n)),
  orders: fc.array(order, { minLength: 1, maxLength: 8 }),
})
type Company = typeof company extends fc.Arbitrary<infer T> ? T : never

const AFTER: Record<string, Record<string, OracleOrder['state']>> = {
  placed: { pay: 'paid', cancel: 'cancelled' },
  paid: { ship: 'shipped', cancel: 'cancelled' },
  shipped: { complete: 'completed' },
}

test('whatever a company does, its journal, commission, stock and counts are what plain books say', () =>
  withApp(async (world) => {
    // Without a return window a completed order's commission is released at once.
    await world.database.owner`update instance set return_window_days = 0`
    await fc.assert(
      fc.asyncProperty(company, (plan) => expectPlainBooks(world, plan)),
      { numRuns: RUNS },
    )
  }))

async function expectPlainBooks(world: World, plan: Company): Promise<void> {
  const { given, database } = world
  const ask = await world.as('admin')
  const warehouse_id = await given.warehouse()
  const parent = await given.distributor()
  const seller = await given.distributor({ parent_id: parent })
  const channel_id = await given.channel(Number(plan.feeBps))
  const [firstPrice, secondPrice, servicePrice] = plan.prices
  const skus = [
    await given.sku({ price_cents: firstPrice, warehouse_id }),
    await given.sku({ price_cents: secondPrice, warehouse_id }),
    await given.service(servicePrice),
  ]
  const ids = skus.map(({ id }) => id)
  for (const id of ids) {
    await given.rule(1, Number(plan.rates[0]), { sku_id: id })
    await given.rule(2, Number(plan.rates[1]), { sku_id: id })
  }
  const ratesBps = { 1: plan.rates[0], 2: plan.rates[1] }
  const terms = { feeBps: plan.feeBps, ratesBps }
  const oracle = createOracle()
  for (const [index, { quantity, value }] of plan.stock.entries()) {
    oracle.receive(ids[index] ?? 0, quantity, value)
    const receipt = {
      sku_id: ids[index],
      warehouse_id,
      quantity: Number(quantity),
      cost_cents: String(value),
    }
    await ask({ method: 'POST', url: '/stock/receipts', payload: { receipts: [receipt] } })
  }

  const placed = new Map<number, OracleOrder>()
  for (const wanted of plan.orders) {
    const lines = wanted.lines.map(({ sku, quantity }): OracleLine => {
      return { sku: ids[sku] ?? 0, quantity, price: plan.prices[sku] ?? 0n, isService: sku === 2 }
    })
    const list = lines.reduce((sum, { price, quantity }) => sum + price * quantity, 0n)
    const discount = (list * BigInt(wanted.discountPercent)) / 100n
    const expected = oracle.place(lines, discount, wanted.shipping)
    const answer = await ask({
      method: 'POST',
      url: '/orders',
      payload: {
        channel_id,
        warehouse_id,
        distributor_id: seller,
        discount_cents: String(discount),
        shipping_cents: String(wanted.shipping),
        lines: lines.map(({ sku, quantity }) => ({ sku_id: sku, quantity: Number(quantity) })),
      },
    })
    expect(answer.status).toBe(expected === undefined ? 409 : 201)
    if (expected === undefined) continue
    const { id } = orderOf(answer)
    placed.set(id, expected)
    for (const name of wanted.steps) await takeStep(ask, oracle, id, name, expected)
  }

  await runJobs({ sql: database.core, log: world.app.log, unpaidMinutes: 30 })
  await expectSame(database.owner, { placed, oracle, terms, seller, parent, warehouse_id })
}

/** A step the order's state does not allow must be refused, and then the books stay as they are. */
async function takeStep(
  ask: Ask,
  oracle: ReturnType<typeof createOracle>,
  id: number,
  name: string,
  expected: OracleOrder,
) {
  const into = AFTER[expected.state]?.[name]
  const answer = await ask({ method: 'POST', url: `/orders/${id}/${name}` })
  expect(answer.status).toBe(into === undefined ? 409 : 200)
  if (into === 'paid') pay(expected)
  if (into === 'shipped') oracle.ship(expected)
  if (into === 'completed') complete(expected)
  if (into === 'cancelled') oracle.cancel(expected)
}

type Expected = {
  placed: Map<number, OracleOrder>
  oracle: ReturnType<typeof createOracle>
  terms: Terms
  seller: number
  parent: number
  warehouse_id: number
}

async function expectSame(
  owner: Sql,
  { placed, oracle, terms, seller, parent, warehouse_id }: Expected,
) {
  const ids = [...placed.keys()]
  for (const [id, expected] of placed) {
    const balances = await owner<{ account: string; amount: string }[]>`
      select account, sum(amount_cents)::text as amount
      from journal_entry where order_id = ${id}
      group by account having sum(amount_cents) <> 0
    `
    const actual = Object.fromEntries(balances.map(({ account, amount }) => [account, amount]))
    expect(actual).toEqual(accountsOf(expected, terms))
  }

  const standing = await owner<
    { level: number; state: string; amount: string; distributor_id: number }[]
  >`
    select level, state, distributor_id, sum(amount_cents)::text as amount
    from commission_entry where order_id = any (${ids}::bigint[])
    group by level, state, distributor_id having sum(amount_cents) <> 0
  `
  const byState = standing.map(({ level, state, amount }) => [`${level} ${state}`, amount])
  expect(Object.fromEntries(byState)).toEqual(commissionsOf(oracle.orders, terms))
  for (const { level, distributor_id } of standing) {
    expect(distributor_id).toBe(level === 1 ? seller : parent)
  }

  const levels = await owner<
    { sku_id: number; on_hand: number; reserved: number; value_cents: string }[]
  >`
    select sku_id, on_hand, reserved, value_cents from stock_level where warehouse_id = ${warehouse_id}
  `
  for (const { sku_id, on_hand, reserved, value_cents } of levels) {
    const shelf = oracle.shelves.get(sku_id)
    expect([BigInt(on_hand), BigInt(reserved), BigInt(value_cents)]).toEqual([
      shelf?.onHand,
      shelf?.reserved,
      shelf?.value,
    ])
  }

  const counts = await owner<{ state: string; orders: number }[]>`
    select state, sum(delta)::int as orders from order_event
    where order_id = any (${ids}::bigint[]) group by state having sum(delta) <> 0
  `
  const states = Object.groupBy([...placed.values()], ({ state }) => state)
  expect(Object.fromEntries(counts.map(({ state, orders }) => [state, orders]))).toEqual(
    Object.fromEntries(Object.entries(states).map(([state, orders]) => [state, orders.length])),
  )

  const unbalanced = await owner`
    select txn_id from journal_entry group by txn_id having sum(amount_cents) <> 0
  `
  expect(unbalanced).toEqual([])
  expect(await owner`select * from stock_level_difference`).toHaveLength(0)
}
