import { Value } from 'typebox/value'
import { describe, expect, test } from 'vitest'
import { codeOf, orderOf, withApp, type World } from '../../test/app.ts'
import { evaluateAll, evaluateOrders, evaluateSignals } from './evaluator.ts'
import { AlertDetail, Alerts } from './schema.ts'

const SESSIONS = 50
const UNPAID_MINUTES = 30

/** A shelf that 140 pieces left in the last 14 days, ten a day, with a lead time of seven days. */
async function sellingShelf({ given, database }: World, available: number) {
  const sku = await given.sku({ in_stock: available + 140, value_cents: 100_000n })
  await database.owner`
    insert into stock_move (at, business_day, kind, sku_id, product_id, warehouse_id, on_hand_delta)
    values (now() - interval '3 days', business_day(now() - interval '3 days'), 'issue', ${sku.id},
      ${sku.product_id}, ${sku.warehouse_id}, -140)
  `
  return sku
}

async function judge({ database }: World) {
  while ((await evaluateSignals(database.core)) > 0);
}

async function alertsOf(world: World, skuId: number, state: 'open' | 'done' = 'open') {
  await judge(world)
  const ask = await world.as('warehouse')
  const { body } = await ask({ method: 'GET', url: `/alerts?state=${state}` })
  return Value.Parse(Alerts, body).items.filter(({ shelf }) => shelf?.sku_id === skuId)
}

async function detailOf(world: World, id: number) {
  const ask = await world.as('warehouse')
  return Value.Parse(AlertDetail, (await ask({ method: 'GET', url: `/alerts/${id}` })).body)
}

async function adjust(
  { database }: World,
  sku: { id: number; product_id: number; warehouse_id: number },
  by: number,
) {
  await database.owner`
    insert into stock_move (at, business_day, kind, sku_id, product_id, warehouse_id, on_hand_delta)
    values (now(), business_day(now()), 'adjust', ${sku.id}, ${sku.product_id}, ${sku.warehouse_id}, ${by})
  `
}

test('how urgent a shelf is follows from what is free, what is coming and what sells', () =>
  withApp(async (world) => {
    for (const [available, severity] of [
      [0, 'out'],
      [34, 'critical'],
      [69, 'soon'],
      [104, 'watch'],
      [105, undefined],
    ] as const) {
      const sku = await sellingShelf(world, available)
      const [alert] = await alertsOf(world, sku.id)
      expect([available, alert?.severity]).toEqual([available, severity])
    }
  }))

test('one alert per breach, however it moves; armed again after recovery, and not by one piece more', () =>
  withApp(async (world) => {
    const sku = await sellingShelf(world, 104)
    const [first] = await alertsOf(world, sku.id)
    expect(first).toMatchObject({ severity: 'watch', shelf: { available: 104, sold_14d: 140 } })

    await adjust(world, sku, 2)
    expect(await alertsOf(world, sku.id)).toMatchObject([{ id: first?.id, severity: 'watch' }])
    await adjust(world, sku, -60)
    expect(await alertsOf(world, sku.id)).toMatchObject([{ id: first?.id, severity: 'soon' }])
    await adjust(world, sku, 200)
    expect(await alertsOf(world, sku.id)).toEqual([])
    expect(await alertsOf(world, sku.id, 'done')).toMatchObject([
      { id: first?.id, close_reason: 'recovered' },
    ])
    await adjust(world, sku, -200)
    const [second] = await alertsOf(world, sku.id)
    expect(second?.id).toBeGreaterThan(first?.id ?? Infinity)

    const { events } = await detailOf(world, first?.id ?? 0)
    expect(events.map(({ kind }) => kind).toReversed()).toEqual(['opened', 'severity', 'closed'])
  }))

test('fifty sessions that see the same breach at once raise one alert', () =>
  withApp(async (world) => {
    const sku = await sellingShelf(world, 10)
    const { core } = world.database
    await Promise.all(
      Array.from(
        { length: SESSIONS },
        () => core`
          select evaluate_stock_alerts(array[${sku.id}]::bigint[], array[${sku.warehouse_id}]::bigint[])
        `,
      ),
    )
    expect(await alertsOf(world, sku.id)).toHaveLength(1)
    const events = await core`
      select alert_event.kind from alert_event join alert on alert.id = alert_id where sku_id = ${sku.id}
    `
    expect(events.map(({ kind }) => kind)).toEqual(['opened'])
  }))

test('signals that were lost are made good by a look at every shelf', () =>
  withApp(async (world) => {
    const sku = await sellingShelf(world, 10)
    await world.database.owner`delete from alert_signal`
    expect(await alertsOf(world, sku.id)).toEqual([])
    await evaluateAll(world.database.core)
    expect(await alertsOf(world, sku.id)).toHaveLength(1)
    await evaluateAll(world.database.core)
    expect(await alertsOf(world, sku.id)).toHaveLength(1)
  }))

test('goods that nobody buys and nobody plans for are nobody’s alert', () =>
  withApp(async (world) => {
    const sku = await world.given.sku({ in_stock: 5 })
    await adjust(world, sku, -5)
    expect(await alertsOf(world, sku.id)).toEqual([])
    await world.database.owner`update sku set reorder_point = 3 where id = ${sku.id}`
    expect(await alertsOf(world, sku.id)).toMatchObject([{ severity: 'out' }])
    await world.database.owner`update product set status = 'retired' where id = ${sku.product_id}`
    await evaluateAll(world.database.core)
    expect(await alertsOf(world, sku.id)).toEqual([])
  }))

describe('what people do with an alert', () => {
  test('seen, given to somebody, put off, laid aside: each is in its history with a name', () =>
    withApp(async (world) => {
      const sku = await sellingShelf(world, 50)
      const [alert] = await alertsOf(world, sku.id)
      const url = `/alerts/${alert?.id}`
      const ask = await world.as('operations')
      const { items } = Object((await ask({ method: 'GET', url: '/alert-assignees' })).body)
      const [somebody] = items
      const post = (step: string, payload?: object) =>
        ask({ method: 'POST', url: `${url}/${step}`, ...(payload ? { payload } : {}) })

      expect((await post('acknowledge')).status).toBe(200)
      expect((await post('acknowledge')).status).toBe(200)
      expect(await post('assign', { user_id: somebody.id })).toMatchObject({
        body: { alert: { assignee: somebody.name } },
      })
      expect(codeOf(await post('assign', { user_id: 999_999 }))).toBe('UNKNOWN_REFERENCE')
      expect((await post('snooze', { minutes: 30 })).status).toBe(200)
      expect((await post('resolve', { note: 'season is over' })).status).toBe(200)
      expect(await alertsOf(world, sku.id)).toEqual([])

      const { events } = await detailOf(world, alert?.id ?? 0)
      expect(events.map(({ kind }) => kind).toReversed()).toEqual([
        'opened',
        'acknowledged',
        'assigned',
        'snoozed',
        'resolved',
      ])
      expect(events[0]).toMatchObject({ note: 'season is over', user: expect.any(String) })
    }))

  test('laid aside it stays quiet while nothing changes, comes back when it grows worse, and ends with its cause', () =>
    withApp(async (world) => {
      const sku = await sellingShelf(world, 90)
      const [alert] = await alertsOf(world, sku.id)
      const ask = await world.as('operations')
      await ask({ method: 'POST', url: `/alerts/${alert?.id}/resolve` })
      await adjust(world, sku, -1)
      expect(await alertsOf(world, sku.id)).toEqual([])
      await adjust(world, sku, -60)
      expect(await alertsOf(world, sku.id)).toMatchObject([
        { id: alert?.id, severity: 'critical', resolved_at: null, acknowledged_at: null },
      ])
      await adjust(world, sku, 500)
      expect(await alertsOf(world, sku.id)).toEqual([])
      const late = await ask({ method: 'POST', url: `/alerts/${alert?.id}/acknowledge` })
      expect(codeOf(late)).toBe('ALERT_CLOSED')
    }))

  test('a snooze ends by itself', () =>
    withApp(async (world) => {
      const sku = await sellingShelf(world, 90)
      const [alert] = await alertsOf(world, sku.id)
      const ask = await world.as('operations')
      await ask({ method: 'POST', url: `/alerts/${alert?.id}/snooze`, payload: { minutes: 1 } })
      await world.database
        .owner`update alert set snoozed_until = now() where id = ${alert?.id ?? 0}`
      await evaluateOrders(world.database.core, UNPAID_MINUTES)
      const { alert: woken, events } = await detailOf(world, alert?.id ?? 0)
      expect([woken.snoozed_until, events[0]?.kind]).toEqual([null, 'woke'])
    }))
})

test('paid and not shipped for too long, and unpaid with little time left; over when the order moves on', () =>
  withApp(async (world) => {
    const { given, database } = world
    const sku = await given.sku({ in_stock: 100 })
    const ask = await world.as('operations')
    const payload = { channel_id: await given.channel(), lines: [{ sku_id: sku.id, quantity: 1 }] }
    const place = async () => orderOf(await ask({ method: 'POST', url: '/orders', payload })).id
    const [stuck, unpaid] = [await place(), await place()]
    orderOf(await ask({ method: 'POST', url: `/orders/${stuck}/pay` }))
    const mine = async () => {
      await evaluateOrders(database.core, UNPAID_MINUTES)
      const { body } = await ask({ method: 'GET', url: '/alerts' })
      return Value.Parse(Alerts, body)
        .items.filter(({ order }) => order?.order_id === stuck || order?.order_id === unpaid)
        .map(({ kind, severity }) => `${kind} ${severity}`)
        .toSorted()
    }
    expect(await mine()).toEqual([])
    await database.owner`
      update sales_order set placed_at = now() - interval '5 hours', paid_at = now() - interval '5 hours' where id = ${stuck}
    `
    await database.owner`update sales_order set placed_at = now() - interval '26 minutes' where id = ${unpaid}`
    expect(await mine()).toEqual(['order_stuck soon', 'order_unpaid watch'])
    await database.owner`update sales_order set paid_at = now() - interval '9 hours' where id = ${stuck}`
    expect(await mine()).toEqual(['order_stuck critical', 'order_unpaid watch'])

    orderOf(await ask({ method: 'POST', url: `/orders/${stuck}/ship` }))
    orderOf(await ask({ method: 'POST', url: `/orders/${unpaid}/pay` }))
    expect(await mine()).toEqual([])
    const off = { kind: 'order_stuck', is_on: true, minutes: 120 }
    expect((await ask({ method: 'PATCH', url: '/alert-rules', payload: off })).body).toMatchObject(
      off,
    )
  }))
