/** Each query's rows are what its type says: the compiler cannot know, so every one is run and checked. */
import Type, { type TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { expect, test } from 'vitest'
import * as annotations from '../src/annotations/queries.ts'
import { Annotation } from '../src/annotations/schema.ts'
import * as audit from '../src/audit/queries.ts'
import { AuditEvent } from '../src/audit/schema.ts'
import * as catalog from '../src/catalog/queries.ts'
import { Channel, Product, Sku, Warehouse } from '../src/catalog/schema.ts'
import * as commissions from '../src/commissions/queries.ts'
import {
  EarnedRow,
  ExplainedRow,
  Explanation,
  Part,
  Release,
  Rule,
} from '../src/commissions/schema.ts'
import * as customers from '../src/customers/queries.ts'
import { Customer } from '../src/customers/schema.ts'
import * as distributors from '../src/distributors/queries.ts'
import { Distributor } from '../src/distributors/schema.ts'
import * as goals from '../src/goals/queries.ts'
import { Goal } from '../src/goals/schema.ts'
import * as identity from '../src/identity/queries.ts'
import { SessionRow, UserRow } from '../src/identity/schema.ts'
import * as instance from '../src/instance/queries.ts'
import { Instance } from '../src/instance/schema.ts'
import * as journal from '../src/journal/queries.ts'
import { JournalEntry } from '../src/journal/schema.ts'
import * as orders from '../src/orders/queries.ts'
import { Availability, OrderHeader, OrderLine, PricedSku, Seller } from '../src/orders/schema.ts'
import * as promo from '../src/promo/queries.ts'
import { ChannelShop, OpenLink, PromoLink } from '../src/promo/schema.ts'
import * as stock from '../src/stock/queries.ts'
import { StockLevel } from '../src/stock/schema.ts'
import { orderOf, withApp } from './app.ts'
import { unique } from './unique.ts'

const page = { after: 0, limit: 500 }

test('every query answers with the rows its type promises', () =>
  withApp(async ({ given, as, database: { core: sql } }) => {
    const parent = await given.distributor()
    const seller = await given.distributor({ parent_id: parent })
    const customer = await given.customer(seller)
    const sku = await given.sku({ in_stock: 5, value_cents: 100n })
    await given.rule(1, 1_000, { sku_id: sku.id })
    const demand = [{ sku_id: sku.id, quantity: 1 }]
    const channel_id = await given.channel()
    const ask = await as('operations')
    const payload = { channel_id, customer_id: customer, lines: demand }
    const { id } = orderOf(await ask({ method: 'POST', url: '/orders', payload }))
    for (const step of ['pay', 'ship', 'complete']) {
      orderOf(await ask({ method: 'POST', url: `/orders/${id}/${step}` }))
    }
    const login = unique('ann')
    const user = {
      login,
      name: 'Ann',
      role: 'analyst' as const,
      passwordHash: 'x',
      distributorId: null,
    }
    const userId = (await identity.insertUser(sql, user)) ?? 0
    const tokenHash = Buffer.from(unique('token'))
    await identity.insertSession(sql, { tokenHash, userId, expiresAt: new Date(Date.now() + 9e5) })

    expectRows(Product, await catalog.listProducts(sql, page))
    expectRows(Sku, await catalog.listSkus(sql, page))
    expectRows(Channel, await catalog.listChannels(sql, page))
    expectRows(Warehouse, await catalog.listWarehouses(sql, page))
    expectRows(Customer, await customers.listCustomers(sql, page))
    expectRows(Distributor, await distributors.listDistributors(sql, page))
    expectRows(Distributor, [await distributors.findDistributor(sql, seller)])
    expectRows(UserRow, [await identity.findUserByLogin(sql, login)])
    expectRows(SessionRow, [await identity.findLiveSession(sql, tokenHash)])
    expectRows(Instance, [await instance.findInstance(sql)])
    expectRows(OrderHeader, await orders.listOrders(sql, { ...page, state: null }))
    expectRows(OrderHeader, await orders.listOrders(sql, { ...page, state: 'completed' }))
    expectRows(OrderHeader, [await orders.findOrder(sql, id)])
    expectRows(OrderLine, await orders.listLines(sql, id, true))
    expectRows(OrderLine, await orders.listLines(sql, id, false))
    expectRows(Seller, [await orders.findSeller(sql, null, customer, null)])
    expectRows(Type.Object({ distributor_id: Type.Integer() }), [
      await orders.findCustomerSeller(sql, customer),
    ])
    expectRows(PricedSku, await orders.listPricedSkus(sql, demand))
    expectRows(Availability, await orders.listAvailability(sql, demand, null))
    expectRows(StockLevel, await stock.listLevels(sql, { skuId: null, warehouseId: null }))
    expectRows(JournalEntry, await journal.listEntriesOfOrder(sql, id))
    const wanted = { ...page, distributorId: seller, state: null }
    const explained = await commissions.listExplained(sql, wanted)
    expectRows(ExplainedRow, explained)
    expectRows(Part, await commissions.sumParts(sql, wanted))
    expectRows(Release, [await commissions.findNextRelease(sql, seller)])
    expectRows(Type.Integer(), [await commissions.countPendingOrders(sql, seller)])
    expectRows(Explanation.properties.states, [await commissions.sumStates(sql, seller)])
    expectRows(Type.Object({ id: Type.Integer(), name: Type.String() }), [
      ...(await commissions.listNodes(sql, [parent, seller])),
    ])
    const link = { code: 'ABCDEFG', distributor_id: seller, channel_id, product_id: sku.product_id }
    const linkId = (await promo.insertLink(sql, { ...link, name: 'Poster' })) ?? 0
    await promo.upsertShop(sql, channel_id, 'https://shop.test/')
    expectRows(PromoLink, await promo.listLinks(sql, { ...page, distributorId: seller }))
    expectRows(PromoLink, [await promo.findLink(sql, linkId)])
    expectRows(Type.Object({ status: Type.String(), open: Type.Integer() }), [
      await promo.countOpenLinks(sql, seller),
    ])
    expectRows(OpenLink, [await promo.findOpenLink(sql, link.code)])
    expectRows(ChannelShop, await promo.listShops(sql))
    expectRows(ChannelShop, [await promo.findShop(sql, channel_id)])
    expectRows(EarnedRow, await commissions.listEarned(sql, id))
    const { id: setBy } = (await identity.findUserByLogin(sql, login)) ?? { id: 0 }
    const goal = {
      measure: 'sales.revenue_cents',
      period: 'month',
      on: '2026-11-09',
      target: '5',
    } as const
    const goalId = await goals.upsertGoal(sql, setBy, goal)
    expectRows(Type.Integer(), [await goals.findSameGoal(sql, goal)])
    expectRows(Goal, [await goals.findGoal(sql, goalId)])
    expectRows(
      Goal,
      await goals.listGoals(sql, { on: '2026-11-30', distributorId: null, limit: 9 }),
    )
    const note = { at: '2026-11-09T02:00:00Z', text: 'Fair' }
    const noteId = await annotations.insertAnnotation(sql, setBy, note)
    expectRows(Annotation, [await annotations.findAnnotation(sql, noteId)])
    const days = { from: '2026-11-09', to: '2026-11-09', limit: 9 }
    expectRows(Annotation, await annotations.listAnnotations(sql, days))
    await (
      await as('admin')
    )({
      method: 'PATCH',
      url: `/distributors/${seller}`,
      payload: { name: 'New name' },
    })
    expectRows(AuditEvent, await audit.listEvents(sql, { ...page, action: null }))
    const rules = explained.flatMap(({ rule_id }) => (rule_id === null ? [] : [rule_id]))
    expectRows(Rule, await commissions.listRules(sql, rules))
  }))

test('an amount beyond 2^53 keeps every digit on its way out', () =>
  withApp(async ({ given, as }) => {
    const sku = await given.sku({ price_cents: 9_007_199_254_740_993n })
    const ask = await as('analyst')
    const { body } = await ask({ method: 'GET', url: `/skus?after=${sku.id - 1}&limit=1` })
    expect(body).toMatchObject({ items: [{ id: sku.id, price_cents: '9007199254740993' }] })
  }))

test('pages hold every record once, in order, and the last one says so', () =>
  withApp(async ({ given, as }) => {
    for (let count = 0; count < 3; count += 1) await given.customer()
    const ask = await as('analyst')
    const all = Object((await ask({ method: 'GET', url: '/customers' })).body)
    const seen: number[] = []
    let after: number | null = 0
    while (after !== null) {
      const answer = await ask({ method: 'GET', url: `/customers?limit=2&after=${after}` })
      const { items, next }: { items: { id: number }[]; next: number | null } = Object(answer.body)
      seen.push(...items.map(({ id }) => id))
      after = next
    }
    expect(seen).toEqual(all.items.map(({ id }: { id: number }) => id))
    expect(all.next).toBeNull()
  }))

function expectRows(schema: TSchema, rows: readonly unknown[]): void {
  expect(rows.length).toBeGreaterThan(0)
  for (const row of rows) {
    expect(
      [...Value.Errors(schema, row)].map(({ instancePath, message }) => [
        instancePath,
        message,
        row,
      ]),
    ).toEqual([])
  }
}
