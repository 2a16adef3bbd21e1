import { Value } from 'typebox/value'
import { expect, test } from 'vitest'
import { evaluateSignals } from '../alerts/evaluator.ts'
import { AlertDetail, Alerts } from '../alerts/schema.ts'
import { type Answer, codeOf, withApp, type World } from '../../test/app.ts'
import { PurchaseDone } from './schema.ts'

function purchaseOf({ body }: Answer) {
  return Value.Parse(PurchaseDone, body).purchase
}

async function lowShelf({ given, database }: World) {
  const sku = await given.sku({ in_stock: 4, value_cents: 400n })
  await database.owner`update sku set reorder_point = 10, lead_time_days = 5 where id = ${sku.id}`
  await database.owner`insert into sku_pack (sku_id, pack_size) values (${sku.id}, 6)`
  return sku
}

async function openAlert(world: World, skuId: number) {
  while ((await evaluateSignals(world.database.core)) > 0);
  const ask = await world.as('warehouse')
  const { body } = await ask({ method: 'GET', url: '/alerts' })
  return Value.Parse(Alerts, body).items.find(({ shelf }) => shelf?.sku_id === skuId)
}

test('what is proposed comes to the target in whole packs; asked for, the alert is over and nothing is ordered twice', () =>
  withApp(async (world) => {
    const sku = await lowShelf(world)
    const ask = await world.as('operations')
    const alert = await openAlert(world, sku.id)
    const detail = async () =>
      Value.Parse(AlertDetail, (await ask({ method: 'GET', url: `/alerts/${alert?.id}` })).body)
    const { proposal } = await detail()
    expect(proposal).toMatchObject({
      demand: 0,
      safety: 12,
      available: 4,
      incoming: 0,
      quantity: 12,
      transfer: null,
      suggested: 'purchase',
      purchase: { unit_cost_cents: '100' },
    })

    const payload = {
      sku_id: sku.id,
      warehouse_id: sku.warehouse_id,
      quantity: proposal?.quantity,
      cost_cents: '1201',
      alert_id: alert?.id,
    }
    const headers = { 'idempotency-key': `buy-${sku.id}` }
    const call = { method: 'POST', url: '/purchase-requests', payload, headers } as const
    const { id } = purchaseOf(await ask(call))
    expect(purchaseOf(await ask(call)).id).toBe(id)
    expect(await openAlert(world, sku.id)).toBeUndefined()
    expect((await detail()).alert).toMatchObject({ close_reason: 'acted', purchase_id: id })
  }))

test('bought, approved and received in parts: on the shelf and in the books to the cent, and never more than ordered', () =>
  withApp(async (world) => {
    const sku = await lowShelf(world)
    const ask = await world.as('operations')
    const payload = {
      sku_id: sku.id,
      warehouse_id: sku.warehouse_id,
      quantity: 12,
      cost_cents: '1201',
    }
    const { id } = purchaseOf(await ask({ method: 'POST', url: '/purchase-requests', payload }))
    const step = (verb: string, body?: object) =>
      ask({
        method: 'POST',
        url: `/purchase-requests/${id}/${verb}`,
        ...(body ? { payload: body } : {}),
      })
    expect(codeOf(await step('receive', { quantity: 1 }))).toBe('WRONG_STATE')
    const warehouse = await world.as('warehouse')
    expect(
      (await warehouse({ method: 'POST', url: `/purchase-requests/${id}/approve` })).status,
    ).toBe(403)
    expect(purchaseOf(await step('approve'))).toMatchObject({ state: 'approved' })
    for (const quantity of [5, 5]) await step('receive', { quantity })
    expect(codeOf(await step('receive', { quantity: 3 }))).toBe('TOO_MANY')
    expect(purchaseOf(await step('receive', { quantity: 2 }))).toMatchObject({
      state: 'received',
      received_cost_cents: '1201',
    })
    const [level] = await world.database.owner`
      select on_hand, value_cents,
        (select sum(amount_cents)::text from journal_entry where account = 'inventory' and sku_id = ${sku.id}) as journal
      from stock_level where sku_id = ${sku.id}
    `
    expect(level).toEqual({ on_hand: 16, value_cents: '1601', journal: '1601' })
  }))

test('beyond the limit only an administrator buys; what will not come no longer counts', () =>
  withApp(async (world) => {
    const sku = await lowShelf(world)
    const [desk, admin] = [await world.as('operations'), await world.as('admin')]
    const payload = {
      sku_id: sku.id,
      warehouse_id: sku.warehouse_id,
      quantity: 50,
      cost_cents: '10000001',
    }
    const { id, needs_admin } = purchaseOf(
      await desk({ method: 'POST', url: '/purchase-requests', payload }),
    )
    expect(needs_admin).toBe(true)
    expect(await openAlert(world, sku.id)).toBeUndefined()
    const approve = { method: 'POST', url: `/purchase-requests/${id}/approve` } as const
    expect(codeOf(await desk(approve))).toBe('FORBIDDEN')
    expect((await admin(approve)).status).toBe(200)
    expect(
      purchaseOf(await desk({ method: 'POST', url: `/purchase-requests/${id}/close` })).state,
    ).toBe('closed')
    expect(await openAlert(world, sku.id)).toMatchObject({ shelf: { incoming: 0 } })
  }))

test('a service is not bought for a shelf', () =>
  withApp(async (world) => {
    const service = await world.given.service(100n)
    const ask = await world.as('operations')
    const payload = {
      sku_id: service.id,
      warehouse_id: service.warehouse_id,
      quantity: 1,
      cost_cents: 0,
    }
    const refused = await ask({ method: 'POST', url: '/purchase-requests', payload })
    expect(codeOf(refused)).toBe('UNKNOWN_REFERENCE')
  }))
