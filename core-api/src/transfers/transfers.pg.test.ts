import { Value } from 'typebox/value'
import { expect, test } from 'vitest'
import { evaluateSignals } from '../alerts/evaluator.ts'
import { Alerts } from '../alerts/schema.ts'
import { type Answer, codeOf, withApp, type World } from '../../test/app.ts'
import { TransferDone } from './schema.ts'

const HURRIED = 20

function transferOf({ body }: Answer) {
  return Value.Parse(TransferDone, body).transfer
}

/** 100 pieces worth 1,000 in one warehouse, none in the other. */
async function twoShelves({ given }: World) {
  const from = await given.warehouse()
  const to = await given.warehouse()
  const sku = await given.sku({ in_stock: 100, value_cents: 1_000n, warehouse_id: from })
  const wanted = { sku_id: sku.id, from_warehouse_id: from, to_warehouse_id: to, quantity: 10 }
  return { sku, from, to, wanted }
}

async function levels({ database }: World, skuId: number) {
  const rows = await database.owner`
    select on_hand, reserved, in_transit, value_cents from stock_level where sku_id = ${skuId} order by warehouse_id
  `
  return rows.map((row) => Object.values(row))
}

async function accounts({ database }: World, skuId: number) {
  const rows = await database.owner<{ account: string; cents: string }[]>`
    select account, sum(amount_cents)::text as cents
    from journal_entry where sku_id = ${skuId} and account <> 'opening_equity'
    group by account having sum(amount_cents) <> 0 order by account
  `
  return Object.fromEntries(rows.map(({ account, cents }) => [account, cents]))
}

async function expectSound({ database }: World) {
  expect(await database.owner`select * from stock_level_difference`).toHaveLength(0)
}

test('ten shipped and eight received: two stay in transit until they are closed as lost, and so does their value', () =>
  withApp(async (world) => {
    const { sku, wanted } = await twoShelves(world)
    const ask = await world.as('warehouse')
    const { id } = transferOf(await ask({ method: 'POST', url: '/transfers', payload: wanted }))
    expect(await levels(world, sku.id)).toEqual([[100, 10, 0, '1000']])
    const step = async (verb: string, payload?: object) =>
      ask({ method: 'POST', url: `/transfers/${id}/${verb}`, ...(payload ? { payload } : {}) })

    expect(codeOf(await step('receive', { quantity: 1 }))).toBe('WRONG_STATE')
    expect(transferOf(await step('ship')).state).toBe('shipped')
    expect(await levels(world, sku.id)).toEqual([
      [90, 0, 0, '900'],
      [0, 0, 10, '0'],
    ])
    expect(await accounts(world, sku.id)).toEqual({ inventory: '900', goods_in_transit: '100' })
    expect(codeOf(await step('receive', { quantity: 11 }))).toBe('TOO_MANY')
    expect(transferOf(await step('receive', { quantity: 8 })).state).toBe('shipped')
    expect(await levels(world, sku.id)).toEqual([
      [90, 0, 0, '900'],
      [8, 0, 2, '80'],
    ])
    expect(transferOf(await step('close'))).toMatchObject({
      state: 'received',
      received_quantity: 8,
      lost_quantity: 2,
      lost_cost_cents: '20',
    })
    expect(await levels(world, sku.id)).toEqual([
      [90, 0, 0, '900'],
      [8, 0, 0, '80'],
    ])
    expect(await accounts(world, sku.id)).toEqual({ inventory: '980', stock_loss: '20' })
    expect(codeOf(await step('cancel'))).toBe('WRONG_STATE')
    await expectSound(world)
  }))

test('parts of a cost that does not divide add up to the whole', () =>
  withApp(async (world) => {
    const { sku, from, to } = await twoShelves(world)
    await world.database.owner`
      select receive_stock(${sku.id}, ${from}, 3, 7, 'opening', now())
    `
    const ask = await world.as('operations')
    const payload = { sku_id: sku.id, from_warehouse_id: from, to_warehouse_id: to, quantity: 7 }
    const { id } = transferOf(await ask({ method: 'POST', url: '/transfers', payload }))
    await ask({ method: 'POST', url: `/transfers/${id}/ship` })
    for (let arrived = 0; arrived < 7; arrived += 1) {
      await ask({ method: 'POST', url: `/transfers/${id}/receive`, payload: { quantity: 1 } })
    }
    const done = Value.Parse(
      TransferDone.properties.transfer,
      (await ask({ method: 'GET', url: `/transfers/${id}` })).body,
    )
    expect(done.state).toBe('received')
    expect(await accounts(world, sku.id)).toEqual({ inventory: '1007' })
    const [total] = await world.database.owner`
      select sum(value_cents)::text as cents from stock_level where sku_id = ${sku.id}
    `
    expect(total?.cents).toBe('1007')
    await expectSound(world)
  }))

test('what is asked for is reserved: it cannot be sold or asked for twice, and is free again when it is cancelled', () =>
  withApp(async (world) => {
    const { sku, wanted } = await twoShelves(world)
    const ask = await world.as('operations')
    const all = { ...wanted, quantity: 100 }
    const { id } = transferOf(await ask({ method: 'POST', url: '/transfers', payload: all }))
    const refused = await ask({ method: 'POST', url: '/transfers', payload: wanted })
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'OUT_OF_STOCK', short: [{ sku_id: sku.id, wanted: 10, available: 0 }] },
    })
    expect(transferOf(await ask({ method: 'POST', url: `/transfers/${id}/cancel` })).state).toBe(
      'cancelled',
    )
    expect(await levels(world, sku.id)).toEqual([[100, 0, 0, '1000']])
    await expectSound(world)
  }))

test('a request that is repeated with its key is one transfer; steps that race happen once', () =>
  withApp(async (world) => {
    const { sku, wanted } = await twoShelves(world)
    const ask = await world.as('operations')
    const headers = { 'idempotency-key': `move-${sku.id}` }
    const call = { method: 'POST', url: '/transfers', payload: wanted, headers } as const
    const first = transferOf(await ask(call))
    expect(transferOf(await ask(call)).id).toBe(first.id)
    const other = await ask({ ...call, payload: { ...wanted, quantity: 11 } })
    expect(codeOf(other)).toBe('IDEMPOTENCY_MISMATCH')
    expect(await levels(world, sku.id)).toEqual([[100, 10, 0, '1000']])

    const shipped = await Promise.all(
      Array.from({ length: HURRIED }, () =>
        ask({ method: 'POST', url: `/transfers/${first.id}/ship` }),
      ),
    )
    expect(shipped.filter(({ status }) => status === 200)).toHaveLength(1)
    const received = await Promise.all(
      Array.from({ length: HURRIED }, () =>
        ask({ method: 'POST', url: `/transfers/${first.id}/receive`, payload: { quantity: 1 } }),
      ),
    )
    expect(received.filter(({ status }) => status === 200)).toHaveLength(10)
    expect(await levels(world, sku.id)).toEqual([
      [90, 0, 0, '900'],
      [10, 0, 0, '100'],
    ])
    await expectSound(world)
  }))

test('transfers in opposite directions at once do not block each other for good', () =>
  withApp(async (world) => {
    const { sku, from, to } = await twoShelves(world)
    await world.given.stock(sku.id, to, 100, 500n)
    const ask = await world.as('operations')
    await Promise.all(
      Array.from({ length: HURRIED }, async (_, index) => {
        const [source, target] = index % 2 ? [from, to] : [to, from]
        const payload = {
          sku_id: sku.id,
          from_warehouse_id: source,
          to_warehouse_id: target,
          quantity: 2,
        }
        const { id } = transferOf(await ask({ method: 'POST', url: '/transfers', payload }))
        transferOf(await ask({ method: 'POST', url: `/transfers/${id}/ship` }))
        transferOf(
          await ask({ method: 'POST', url: `/transfers/${id}/receive`, payload: { quantity: 2 } }),
        )
      }),
    )
    expect((await levels(world, sku.id)).map(([onHand]) => onHand)).toEqual([100, 100])
    expect(await accounts(world, sku.id)).toEqual({ inventory: '1500' })
    await expectSound(world)
  }))

test('an alert that is answered by a transfer names it and ends when the goods count as incoming', () =>
  withApp(async (world) => {
    const { sku, to, wanted } = await twoShelves(world)
    await world.database.owner`update sku set reorder_point = 5 where id = ${sku.id}`
    await world.given.stock(sku.id, to, 3)
    const ask = await world.as('warehouse')
    const mine = async (state: 'open' | 'done') => {
      while ((await evaluateSignals(world.database.core)) > 0);
      const { body } = await ask({ method: 'GET', url: `/alerts?state=${state}` })
      return Value.Parse(Alerts, body).items.filter(({ shelf }) => shelf?.sku_id === sku.id)
    }
    const [alert] = await mine('open')
    expect(alert).toMatchObject({ severity: 'watch', shelf: { warehouse_id: to, available: 3 } })
    const elsewhere = await ask({
      method: 'POST',
      url: '/transfers',
      payload: {
        ...wanted,
        from_warehouse_id: to,
        to_warehouse_id: wanted.from_warehouse_id,
        quantity: 1,
        alert_id: alert?.id,
      },
    })
    expect(codeOf(elsewhere)).toBe('INVALID')

    const { id } = transferOf(
      await ask({ method: 'POST', url: '/transfers', payload: { ...wanted, alert_id: alert?.id } }),
    )
    expect(await mine('open')).toEqual([])
    expect(await mine('done')).toMatchObject([
      { id: alert?.id, close_reason: 'acted', transfer_id: id },
    ])
    transferOf(await ask({ method: 'POST', url: `/transfers/${id}/ship` }))
    expect(await mine('open')).toEqual([])
    await ask({ method: 'POST', url: `/transfers/${id}/receive`, payload: { quantity: 1 } })
    await ask({ method: 'POST', url: `/transfers/${id}/close` })
    expect(await mine('open')).toMatchObject([
      { severity: 'watch', shelf: { available: 4, incoming: 0 } },
    ])
  }))
