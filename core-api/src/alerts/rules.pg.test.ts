import { Value } from 'typebox/value'
import { expect, test } from 'vitest'
import { codeOf, withApp, type World } from '../../test/app.ts'
import { evaluateSignals } from './evaluator.ts'
import { AlertRules } from './rule-schema.ts'
import { AlertDetail, Alerts, Assignees } from './schema.ts'

/** Ten a day go out, and a delivery takes seven days. */
async function shelfWith({ given, database }: World, available: number) {
  const sku = await given.sku({ in_stock: available + 140, value_cents: 100_000n })
  await database.owner`
    insert into stock_move (at, business_day, kind, sku_id, product_id, warehouse_id, on_hand_delta)
    values (now() - interval '3 days', business_day(now() - interval '3 days'), 'issue', ${sku.id},
      ${sku.product_id}, ${sku.warehouse_id}, -140)
  `
  return sku
}

async function change(world: World, payload: object, role: 'admin' | 'analyst' = 'admin') {
  const ask = await world.as(role)
  return ask({ method: 'PATCH', url: '/alert-rules', payload })
}

async function openOf({ database, as }: World, skuId: number) {
  while ((await evaluateSignals(database.core)) > 0);
  const ask = await as('warehouse')
  const { body } = await ask({ method: 'GET', url: '/alerts?state=open' })
  return Value.Parse(Alerts, body).items.find(({ shelf }) => shelf?.sku_id === skuId)
}

async function ruleOf({ as }: World, kind: string) {
  const ask = await as('analyst')
  const { items } = Value.Parse(
    AlertRules,
    (await ask({ method: 'GET', url: '/alert-rules' })).body,
  )
  return items.find((rule) => rule.kind === kind)
}

test('a limit that is moved judges every shelf anew, and the change is in the audit log', () =>
  withApp(async (world) => {
    const quiet = await shelfWith(world, 120)
    expect(await openOf(world, quiet.id)).toBeUndefined()

    const { status } = await change(world, { kind: 'stock', watch_percent: 300 })
    expect(status).toBe(200)
    expect((await openOf(world, quiet.id))?.severity).toBe('watch')

    await change(world, { kind: 'stock', watch_percent: 150 })
    expect(await openOf(world, quiet.id)).toBeUndefined()
    const told = await world.database.owner`
      select (before ->> 'watch_percent')::integer as before, (after ->> 'watch_percent')::integer as after
      from audit_event
      where action = 'alert_rule.changed'
      order by id
    `
    expect([...told]).toEqual([
      { before: 150, after: 300 },
      { before: 300, after: 150 },
    ])
  }))

test('days of cover are watched however fast a supplier delivers', () =>
  withApp(async (world) => {
    const shelf = await shelfWith(world, 190)
    await change(world, { kind: 'stock', cover_days: 20 })
    expect((await openOf(world, shelf.id))?.severity).toBe('watch')
    await change(world, { kind: 'stock', cover_days: null })
    expect(await openOf(world, shelf.id)).toBeUndefined()
  }))

test('an alert rings again only as far clear of its limit as the rule says', () =>
  withApp(async (world) => {
    const { owner } = world.database
    const shelf = await shelfWith(world, 104)
    const first = await openOf(world, shelf.id)
    expect(first?.severity).toBe('watch')
    await change(world, { kind: 'stock', rearm_percent: 50 })
    await owner`
      insert into stock_move (at, business_day, kind, sku_id, product_id, warehouse_id, on_hand_delta)
      values (now(), business_day(now()), 'adjust', ${shelf.id}, ${shelf.product_id}, ${shelf.warehouse_id}, 30)
    `
    expect((await openOf(world, shelf.id))?.id).toBe(first?.id)
    await change(world, { kind: 'stock', rearm_percent: 10 })
    expect(await openOf(world, shelf.id)).toBeUndefined()
  }))

test('a new alert is his whom the rule names, and its history says so', () =>
  withApp(async (world) => {
    const ask = await world.as('warehouse')
    const { body } = await ask({ method: 'GET', url: '/alert-assignees' })
    const [person] = Value.Parse(Assignees, body).items
    await change(world, { kind: 'stock', assignee_id: person?.id })
    expect((await ruleOf(world, 'stock'))?.assignee).toBe(person?.name)

    const shelf = await shelfWith(world, 20)
    const alert = await openOf(world, shelf.id)
    expect(alert?.assigned_to).toBe(person?.id)
    const detail = await ask({ method: 'GET', url: `/alerts/${alert?.id}` })
    const { events } = Value.Parse(AlertDetail, detail.body)
    expect(events.map(({ kind, assignee, user }) => ({ kind, assignee, user }))).toEqual([
      { kind: 'assigned', assignee: person?.name, user: null },
      { kind: 'opened', assignee: null, user: null },
    ])

    await change(world, { kind: 'stock', assignee_id: null })
    expect((await openOf(world, (await shelfWith(world, 20)).id))?.assigned_to).toBeNull()
  }))

test('a rule that contradicts itself is refused at its field, and nothing is changed', () =>
  withApp(async (world) => {
    const before = await ruleOf(world, 'stock')
    for (const [payload, field] of [
      [{ kind: 'stock', soon_percent: 20 }, 'soon_percent'],
      [{ kind: 'stock', watch_percent: 99 }, 'watch_percent'],
      [{ kind: 'stock', minutes: 9 }, 'minutes'],
      [{ kind: 'order_stuck', cover_days: 9 }, 'cover_days'],
      [{ kind: 'stock', rise_percent: 100 }, 'rise_percent'],
      [{ kind: 'surge', minutes: 9 }, 'minutes'],
      [{ kind: 'surge', critical_percent: 9 }, 'critical_percent'],
      [{ kind: 'order_stuck', assignee_id: 999_999 }, 'assignee_id'],
    ] as const) {
      const { status, body } = await change(world, payload)
      expect([status, body]).toEqual([
        422,
        expect.objectContaining({ errors: [expect.objectContaining({ field })] }),
      ])
    }
    expect(codeOf(await change(world, { kind: 'stock', is_on: false }, 'analyst'))).toBe(
      'FORBIDDEN',
    )
    expect(await ruleOf(world, 'stock')).toEqual(before)
  }))
