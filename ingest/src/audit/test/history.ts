/** A company's random history, written the way the core writes it: through the posting functions. */
import type postgres from 'postgres'

const SKUS = 12
const DISTRIBUTORS = 15
const STATES = ['placed', 'paid', 'shipped', 'completed', 'cancelled'] as const

export type Random = () => number

/** Small and repeatable; a failing seed is printed by the test that used it. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export async function foundCompany(sql: postgres.Sql): Promise<void> {
  await sql.begin(async (t) => {
    await t`insert into instance (name, currency, time_zone, demo) values ('Audit', 'CNY', 'Asia/Shanghai', '{"live_rate": 2}')`
    await t`insert into warehouse (code, name, region) values ('east', 'East', null), ('west', '西', 'West | 1')`
    await t`insert into channel (code, name, kind, fee_bps) values ('web', 'Web', 'web', 60), ('store', 'Store', 'store', 0)`
    await t`
      insert into product (code, name, category)
      select 'p' || n, 'Product ' || n || E'\t茶\\"''', case when n % 3 > 0 then 'c' || n % 3 end
      from generate_series(1, ${SKUS}::int) as n
    `
    await t`insert into sku (product_id, code, name, reorder_point) select id, 's' || id, name, nullif(id % 4, 0) from product`
    await t`insert into price (sku_id, price_cents, valid) select id, 1000 + id * 37, tstzrange('2026-01-01', null) from sku`
    // Parents first: the path of a distributor begins with his parent's.
    for (let index = 0; index < DISTRIBUTORS; index += 1) {
      await t`
        insert into distributor (code, name, parent_id, region)
        values (${`d${index}`}, ${`Distributor ${index}`},
          (select id from distributor where code = ${`d${Math.floor((index - 1) / 2)}`}),
          ${index % 2 === 0 ? null : 'North'})
      `
    }
    await t`insert into commission_rule (level, rate_bps) values (1, 800), (2, 250)`
    await t`
      insert into customer (code, name, distributor_id)
      select 'c' || id, 'Customer ' || id, id from distributor
    `
    await t`
      select receive_stock(sku.id, warehouse.id, 1000000, 400000000 + sku.id, 'opening', '2026-11-01T00:00:00.000001Z')
      from sku, warehouse
    `
  })
}

/** Some orders, each as far along its life as chance has it, over the last days. */
export async function trade(sql: postgres.Sql, random: Random, orders: number): Promise<void> {
  await sql.begin(async (t) => {
    const ids: Record<(typeof STATES)[number], number[]> = {
      placed: [],
      paid: [],
      shipped: [],
      completed: [],
      cancelled: [],
    }
    for (let count = 0; count < orders; count += 1) {
      const id = await placeOrder(t, random)
      const state = STATES[Math.floor(random() * STATES.length)] ?? 'placed'
      if (state === 'cancelled') ids.cancelled.push(id)
      if (state !== 'placed' && (state !== 'cancelled' || random() < 0.5)) ids.paid.push(id)
      if (state === 'shipped' || state === 'completed') ids.shipped.push(id)
      if (state === 'completed') ids.completed.push(id)
      ids.placed.push(id)
    }
    await t`
      insert into funnel_event (at, business_day, step, visit_id, channel_id, promo_code)
      select placed_at, business_day(placed_at), 'visit', visit_id, channel_id, nullif('promo-' || id % 3, 'promo-0')
      from sales_order
      where id = any (${ids.placed}::bigint[]) and visit_id is not null
    `
    await t`select attribute_lines(${ids.placed}::bigint[]), post_placed(${ids.placed}::bigint[])`
    for (const state of ['paid', 'shipped', 'completed', 'cancelled'] as const) {
      await t`
        update sales_order set state = ${state}, ${t(`${state}_at`)} = placed_at + interval '1 hour 0.000001 s'
        where id = any (${ids[state]}::bigint[])
      `
      await t`select ${t.unsafe(`post_${state}`)}(${ids[state]}::bigint[])`
    }
    await t`
      insert into payment (order_id, kind, out_no, amount_cents, at)
      select id, step, step || order_no, total_cents, paid_at
      from sales_order
      cross join (values ('pay'), ('refund')) as money (step)
      where id = any (${ids.paid}::bigint[]) and (step = 'pay' or state = 'cancelled')
    `
  })
}

async function placeOrder(t: postgres.TransactionSql, random: Random): Promise<number> {
  const lines = Array.from({ length: 1 + Math.floor(random() * 3) }, (_, index) => ({
    line_no: index + 1,
    sku: 1 + Math.floor(random() * SKUS),
    quantity: 1 + Math.floor(random() * 5),
    unit: 1000 + Math.floor(random() * 5000),
  }))
  const list = lines.reduce((sum, line) => sum + line.quantity * line.unit, 0)
  const shipping = random() < 0.3 ? 900 : 0
  const seller = random() < 0.8 ? `d${Math.floor(random() * DISTRIBUTORS)}` : ''
  const hoursAgo = Math.floor(random() * 96)
  const [order] = await t<{ id: number }[]>`
    insert into sales_order (order_no, channel_id, distributor_id, ancestor_ids, customer_id, warehouse_id,
      visit_id, list_cents, shipping_cents, total_cents, placed_at)
    select gen_random_uuid()::text, channel.id, distributor.id, coalesce(ancestor_ids(distributor.path), '{}'),
      customer.id, warehouse.id,
      ${random() < 0.5 ? crypto.randomUUID() : null}, ${list}, ${shipping}, ${list + shipping},
      now() - make_interval(hours => ${hoursAgo}) + interval '0.123456 s'
    from channel
    cross join warehouse
    left join distributor on distributor.code = ${seller}
    left join customer on customer.distributor_id = distributor.id
    where channel.code = ${random() < 0.5 ? 'web' : 'store'} and warehouse.code = ${random() < 0.5 ? 'east' : 'west'}
    returning id::int
  `
  if (!order) throw new Error('an order was not placed')
  for (const line of lines) {
    await t`
      insert into order_line (order_id, line_no, sku_id, quantity, unit_price_cents, list_cents, total_cents)
      select ${order.id}, ${line.line_no}, sku.id, ${line.quantity}, ${line.unit}, ${line.quantity * line.unit},
        ${line.quantity * line.unit}
      from sku where code = ${`s${line.sku}`}
    `
  }
  return order.id
}
