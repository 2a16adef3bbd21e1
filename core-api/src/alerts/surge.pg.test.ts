/** What a surge is, and what people see and do about one. */
import { Value } from 'typebox/value'
import { describe, expect, test } from 'vitest'
import { withApp, type World } from '../../test/app.ts'
import { grow, issue, judge } from '../../test/sales.ts'
import { evaluateAll, evaluateOpen } from './evaluator.ts'
import { AlertRules } from './rule-schema.ts'
import { AlertDetail, Alerts } from './schema.ts'

const SESSIONS = 50
const STOCK = 10_000

/** A shelf that has long been selling, `perDay` on each of the 13 days before the last. */
async function steadyShelf(world: World, perDay: number) {
  const shelf = await world.given.sku({ in_stock: STOCK, value_cents: 100_000n })
  const sales = Array.from({ length: 13 }, (_, day) => ({
    hours_ago: 30 + 24 * day,
    quantity: perDay,
  }))
  await issue(world, shelf, [{ hours_ago: 24 * 20, quantity: 1 }, ...sales])
  return shelf
}

async function surgesOf(world: World, skuId: number, state: 'open' | 'done' = 'open') {
  await judge(world)
  const ask = await world.as('warehouse')
  const { body } = await ask({ method: 'GET', url: `/alerts?state=${state}` })
  return Value.Parse(Alerts, body).items.filter(
    ({ kind, shelf }) => kind === 'surge' && shelf?.sku_id === skuId,
  )
}

async function detailOf({ as }: World, id: number) {
  const ask = await as('warehouse')
  return Value.Parse(AlertDetail, (await ask({ method: 'GET', url: `/alerts/${id}` })).body)
}

test('thrice the usual day is watched, five times is soon; the answer says by what it was judged', () =>
  withApp(async (world) => {
    const shelf = await steadyShelf(world, 4)
    await issue(world, shelf, [{ hours_ago: 1, quantity: 11 }])
    expect(await surgesOf(world, shelf.id)).toEqual([])
    await issue(world, shelf, [{ hours_ago: 1, quantity: 1 }])
    const [alert] = await surgesOf(world, shelf.id)
    expect(alert).toMatchObject({
      severity: 'watch',
      surge: { sold_24h: 12, sold_before: 52, days_before: 13, rise_percent: 200 },
      shelf: { available: STOCK - 65, sold_14d: 64 },
    })
    await issue(world, shelf, [{ hours_ago: 0, quantity: 8 }])
    expect(await surgesOf(world, shelf.id)).toMatchObject([{ id: alert?.id, severity: 'soon' }])
    const { events, proposal } = await detailOf(world, alert?.id ?? 0)
    expect(events).toMatchObject([
      { kind: 'severity', was_severity: 'watch', sold_24h: 20, sold_before: 52, days_before: 13 },
      { kind: 'opened', severity: 'watch', sold_24h: 12 },
    ])
    // There is enough on the shelf for months: nothing to order.
    expect(proposal).toBeNull()
  }))

describe('what is usual', () => {
  test('a shelf that is new is left alone; it is judged by the days it has', () =>
    withApp(async (world) => {
      const fresh = await world.given.sku({ in_stock: STOCK })
      await issue(world, fresh, [{ hours_ago: 0, quantity: 500 }])
      expect(await surgesOf(world, fresh.id)).toEqual([])

      // Twenty a day since it opened four days ago is no rise, though thirteen days would say so.
      const young = await world.given.sku({ in_stock: STOCK })
      const steady = [1, 2, 3, 4].map((day) => ({ hours_ago: 24 * day + 2, quantity: 20 }))
      await issue(world, young, [...steady, { hours_ago: 0, quantity: 20 }])
      expect(await surgesOf(world, young.id)).toEqual([])
      await issue(world, young, [{ hours_ago: 0, quantity: 60 }])
      expect(await surgesOf(world, young.id)).toMatchObject([
        { surge: { sold_before: 80, days_before: 3, rise_percent: 200 } },
      ])
    }))

  test('goods that had stopped selling are watched from the fewest pieces on; there is no per cent of nothing', () =>
    withApp(async (world) => {
      const shelf = await world.given.sku({ in_stock: STOCK })
      await issue(world, shelf, [{ hours_ago: 24 * 40, quantity: 7 }])
      await issue(world, shelf, [{ hours_ago: 0, quantity: 9 }])
      expect(await surgesOf(world, shelf.id)).toEqual([])
      await issue(world, shelf, [{ hours_ago: 0, quantity: 900 }])
      expect(await surgesOf(world, shelf.id)).toMatchObject([
        { severity: 'watch', surge: { sold_before: 0, rise_percent: null } },
      ])
    }))

  test('nobody is told of a retired product', () =>
    withApp(async (world) => {
      const shelf = await steadyShelf(world, 1)
      await issue(world, shelf, [{ hours_ago: 0, quantity: 50 }])
      expect(await surgesOf(world, shelf.id)).toHaveLength(1)
      await world.database
        .owner`update product set status = 'retired' where id = ${shelf.product_id}`
      await evaluateAll(world.database.core)
      expect(await surgesOf(world, shelf.id)).toEqual([])
    }))
})

test('time calms it, and what happens then is a new alert; goods ordered from it do not end it but are named at its end', () =>
  withApp(async (world) => {
    const { core } = world.database
    const shelf = await steadyShelf(world, 4)
    await issue(world, shelf, [{ hours_ago: 0, quantity: 12 }])
    const [first] = await surgesOf(world, shelf.id)

    const ask = await world.as('operations')
    const payload = {
      sku_id: shelf.id,
      warehouse_id: shelf.warehouse_id,
      quantity: 5,
      cost_cents: '500',
      reason: 'it sells',
      alert_id: first?.id,
    }
    const bought = await ask({ method: 'POST', url: '/purchase-requests', payload })
    expect(bought.status).toBeLessThan(300)
    expect(await surgesOf(world, shelf.id)).toMatchObject([
      { id: first?.id, purchase_id: expect.any(Number), closed_at: null },
    ])

    await grow(world, shelf, 25)
    await evaluateOpen(core)
    await evaluateOpen(core)
    expect(await surgesOf(world, shelf.id)).toEqual([])
    expect(await surgesOf(world, shelf.id, 'done')).toMatchObject([
      { id: first?.id, close_reason: 'acted' },
    ])
    const { events } = await detailOf(world, first?.id ?? 0)
    expect(events.map(({ kind }) => kind)).toEqual(['closed', 'acted', 'opened'])

    await issue(world, shelf, [{ hours_ago: 0, quantity: 40 }])
    const [second] = await surgesOf(world, shelf.id)
    expect(second?.id).toBeGreaterThan(first?.id ?? Infinity)
    expect((await detailOf(world, second?.id ?? 0)).earlier).toMatchObject([
      { id: first?.id, quantity: 5 },
    ])
  }))

test('at its limit it does not ring twice: it calms only as far below as the rule says', () =>
  withApp(async (world) => {
    const shelf = await steadyShelf(world, 20)
    await issue(world, shelf, [
      { hours_ago: 20, quantity: 3 },
      { hours_ago: 10, quantity: 8 },
      { hours_ago: 1, quantity: 50 },
    ])
    const [alert] = await surgesOf(world, shelf.id)
    expect(alert?.severity).toBe('watch')
    // 58 are under thrice 20.2 a day, and a tenth more than 58 are over it.
    await grow(world, shelf, 5)
    await evaluateOpen(world.database.core)
    expect(await surgesOf(world, shelf.id)).toMatchObject([
      { id: alert?.id, surge: { sold_24h: 58, sold_before: 263, rise_percent: 186 } },
    ])
    await grow(world, shelf, 10)
    await evaluateOpen(world.database.core)
    expect(await surgesOf(world, shelf.id)).toEqual([])
  }))

test('fifty sessions that see the same rise at once raise one alert', () =>
  withApp(async (world) => {
    const shelf = await steadyShelf(world, 1)
    await issue(world, shelf, [{ hours_ago: 0, quantity: 50 }])
    const { core } = world.database
    await Promise.all(
      Array.from(
        { length: SESSIONS },
        () => core`
          select evaluate_shelf_alerts(array[${shelf.id}]::bigint[], array[${shelf.warehouse_id}]::bigint[])
        `,
      ),
    )
    expect(await surgesOf(world, shelf.id)).toHaveLength(1)
    const events = await core`
      select alert_event.kind from alert_event join alert on alert.id = alert_id where sku_id = ${shelf.id}
    `
    expect(events.map(({ kind }) => kind)).toEqual(['opened'])
  }))

test('it stands beside what the shelf has too little of, and is counted apart, never as critical', () =>
  withApp(async (world) => {
    const shelf = await steadyShelf(world, 1)
    const ask = await world.as('warehouse')
    const counts = async () => Object((await ask({ method: 'GET', url: '/alert-counts' })).body)
    await judge(world)
    const before = await counts()
    await issue(world, shelf, [{ hours_ago: 0, quantity: STOCK - 14 - 2 }])
    await judge(world)
    const kinds = await world.database.core`
      select kind, severity from alert where sku_id = ${shelf.id} and closed_at is null order by kind
    `
    expect([...kinds]).toEqual([
      { kind: 'stock', severity: 'critical' },
      { kind: 'surge', severity: 'soon' },
    ])
    expect(await counts()).toEqual({
      ...before,
      stock: before.stock + 1,
      surge: before.surge + 1,
      critical: before.critical + 1,
    })
    // The shelf needs goods, so the surge proposes what the stock alert does.
    const [surge] = await surgesOf(world, shelf.id)
    expect((await detailOf(world, surge?.id ?? 0)).proposal?.quantity).toBeGreaterThan(0)
  }))

test('a rule that is moved judges every shelf anew; off it is silent', () =>
  withApp(async (world) => {
    const shelf = await steadyShelf(world, 4)
    await issue(world, shelf, [{ hours_ago: 0, quantity: 10 }])
    expect(await surgesOf(world, shelf.id)).toEqual([])
    const ask = await world.as('admin')
    const change = (payload: object) =>
      ask({ method: 'PATCH', url: '/alert-rules', payload: { kind: 'surge', ...payload } })
    expect((await change({ rise_percent: 150 })).status).toBe(200)
    expect(await surgesOf(world, shelf.id)).toMatchObject([{ severity: 'watch' }])
    await change({ rise_percent: 50 })
    expect(await surgesOf(world, shelf.id)).toMatchObject([{ severity: 'soon' }])
    await change({ pieces_min: 12 })
    expect(await surgesOf(world, shelf.id)).toEqual([])
    await change({ pieces_min: 1 })
    expect(await surgesOf(world, shelf.id)).toHaveLength(1)
    await change({ is_on: false })
    expect(await surgesOf(world, shelf.id)).toEqual([])
    for (const wrong of [{ rise_percent: 9 }, { pieces_min: 0 }]) {
      expect((await change(wrong)).status).toBeGreaterThanOrEqual(400)
    }
    const { items } = Value.Parse(
      AlertRules,
      (await ask({ method: 'GET', url: '/alert-rules' })).body,
    )
    expect(items.find(({ kind }) => kind === 'surge')).toMatchObject({
      is_on: false,
      rise_percent: 50,
      pieces_min: 1,
      minutes: null,
      critical_percent: null,
    })
  }))
