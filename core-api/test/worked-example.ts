import type { World } from './app.ts'

/** The worked example of the domain's rules: 3 × 33.34 and 50.00, 20.00 off, 10 % and 5 %. */
export async function workedExample({ given }: World) {
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

export async function commissionOf({ database }: World, orderId: number) {
  return database.owner`
    select level, distributor_id, state, sum(amount_cents)::text as amount
    from commission_entry
    where order_id = ${orderId}
    group by order_line_id, level, distributor_id, state
    having sum(amount_cents) <> 0
    order by order_line_id, level, state
  `
}
