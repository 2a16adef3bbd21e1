import { expect, test } from 'vitest'
import { orderOf, withApp, type World } from '../../test/app.ts'
import { importRows, SHOP } from '../../test/history.ts'

/** What the ledgers hold of an order, without the ids and moments that are its own. */
async function ledgersOf({ database }: World, orderId: number) {
  const { owner } = database
  const journal = await owner`
    select kind, account, amount_cents, quantity, order_line_id is not null as has_line, sku_id, product_id,
      channel_id, distributor_id, ancestor_ids, customer_id, warehouse_id, promotion_id
    from journal_entry
    where order_id = ${orderId} and not (kind = 'cogs' and account in ('inventory', 'purchase_clearing'))
    order by kind, account, sku_id, amount_cents
  `
  const commissions = await owner`
    select kind, state, amount_cents, distributor_id, ancestor_ids, level, rule_id, rate_bps, base_cents, sku_id,
      product_id, channel_id, release_at is not null as has_release
    from commission_entry
    where order_id = ${orderId}
    order by kind, state, level, sku_id
  `
  const events = await owner`
    select state, delta, total_cents, channel_id, distributor_id, ancestor_ids, customer_id, warehouse_id
    from order_event
    where order_id = ${orderId}
    order by id
  `
  const issues = await owner`
    select kind, sku_id, product_id, warehouse_id, on_hand_delta, value_delta_cents, channel_id, distributor_id,
      ancestor_ids
    from stock_move
    where order_id = ${orderId} and kind = 'issue'
    order by sku_id
  `
  const lines = await owner`
    select line_no, sku_id, quantity, unit_price_cents, list_cents, discount_cents, total_cents, cost_cents
    from order_line
    where order_id = ${orderId}
    order by line_no
  `
  const attributions = await owner`
    select line_no, level, attribution.distributor_id, attribution.ancestor_ids, rule_id, rate_bps
    from order_line_attribution as attribution
    join order_line on order_line.id = attribution.order_line_id
    where order_line.order_id = ${orderId}
    order by line_no, level
  `
  return { journal, commissions, events, issues, lines, attributions }
}

async function nameOf({ database }: World, table: string, id: number | null): Promise<string> {
  const [row] = await database.owner<{ code: string }[]>`
    select code from ${database.owner(table)} where id = ${id}
  `
  return row?.code ?? ''
}

test('an imported order posts the ledgers that the same order posts when it happens live', () =>
  withApp(async (world) => {
    const { given, database } = world
    const parent_id = await given.distributor()
    const seller = await given.distributor({ parent_id })
    await given.rule(1, 1_250)
    await given.rule(2, 333)
    const customer_id = await given.customer(seller)
    const channel_id = await given.channel(475)
    const warehouse_id = await given.warehouse()
    const pen = await given.sku({
      price_cents: 1_299n,
      in_stock: 10,
      value_cents: 4_990n,
      warehouse_id,
    })
    const ink = await given.sku({
      price_cents: 333n,
      in_stock: 9,
      value_cents: 1_800n,
      warehouse_id,
    })
    const wrap = await given.service(150n)
    const ask = await world.as('operations')

    const wanted = [
      { sku_id: pen.id, quantity: 10 },
      { sku_id: ink.id, quantity: 3 },
      { sku_id: wrap.id, quantity: 1 },
    ]
    const payload = { channel_id, customer_id, warehouse_id, shipping_cents: 499, lines: wanted }
    const live = orderOf(await ask({ method: 'POST', url: '/orders', payload }))
    for (const step of ['pay', 'ship', 'complete']) {
      orderOf(await ask({ method: 'POST', url: `/orders/${live.id}/${step}` }))
    }

    const common = {
      Order: 'H-1',
      Customer: await nameOf(world, 'customer', customer_id),
      Seller: await nameOf(world, 'distributor', seller),
    }
    const channel = await nameOf(world, 'channel', channel_id)
    const warehouse = await nameOf(world, 'warehouse', warehouse_id)
    const outcome = await importRows(
      database.url,
      [
        { ...common, Sku: pen.code, Pieces: 10, Price: '12.99', Cost: '4.99' },
        { ...common, Sku: ink.code, Pieces: 3, Price: '3.33', Cost: '2.00' },
        { ...common, Sku: wrap.code, Pieces: 1, Price: '1.50', Cost: '0' },
        { ...common, Sku: 'FREIGHT', Pieces: 1, Price: '4.99', Cost: '0' },
      ],
      {
        ...SHOP,
        channel: { constant: channel },
        channels: [{ code: channel, name: channel }],
        warehouse: { constant: warehouse },
        warehouses: [{ code: warehouse, name: warehouse }],
        rules: [...SHOP.rules, { when: { sku: wrap.code }, then: { role: 'service' } }],
      },
    )
    expect(outcome).toMatchObject({ written: 4, rejected: 0 })

    const [history] = await database.owner<{ id: number }[]>`
      select id from sales_order where external_id = 'H-1'
    `
    const expected = await ledgersOf(world, live.id)
    const posted = await ledgersOf(world, history?.id ?? 0)
    expect(expected.commissions.length).toBeGreaterThan(0)
    expect(posted.journal).toEqual(expected.journal)
    expect(posted.events).toEqual(expected.events)
    expect(posted.issues).toEqual(expected.issues)
    expect(posted.attributions).toEqual(expected.attributions)
    // History's window is long over, so what is frozen live has been released there.
    expect(posted.commissions.filter(({ kind }) => kind !== 'release')).toEqual(
      expected.commissions,
    )
    // A service costs nothing: known at once in history, never asked for live.
    const asked = expected.lines.map((line) => ({ ...line, cost_cents: line.cost_cents ?? '0' }))
    expect(posted.lines).toEqual(asked)
    expect(await database.owner`select * from stock_level_difference`).toEqual([])
  }))
