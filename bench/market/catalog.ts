/** Reads what there is to sell, and to whom, from the public API. */
import { Type } from 'typebox'
import type { TSchema, Static } from 'typebox'
import { Value } from 'typebox/value'
import type { Api } from './api.ts'
import type { Market } from './plan.ts'

const PAGE_ROWS = 500
const PAGES_MAX = 400

const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const Instance = Type.Object({ time_zone: Type.String() })
const Sku = Type.Object({
  id: Type.Integer(),
  is_service: Type.Boolean(),
  reorder_point: Nullable(Type.Integer()),
  price_cents: Nullable(Type.String()),
})
const Channel = Type.Object({ id: Type.Integer(), kind: Type.String() })
const Customer = Type.Object({ id: Type.Integer(), distributor_id: Nullable(Type.Integer()) })
const Distributor = Type.Object({
  id: Type.Integer(),
  parent_id: Nullable(Type.Integer()),
  region: Nullable(Type.String()),
  status: Type.String(),
})
const Warehouse = Type.Object({ id: Type.Integer(), region: Nullable(Type.String()) })
const Link = Type.Object({
  code: Type.String(),
  id: Type.Integer(),
  distributor_id: Type.Integer(),
  channel_id: Type.Integer(),
  disabled_at: Nullable(Type.String()),
})

export async function readMarket(api: Api): Promise<Market> {
  const instance = read(Instance, (await api.get('/instance')).body, '/instance')
  const skus = await listAll(api, '/skus', Sku)
  const distributors = await listAll(api, '/distributors', Distributor)
  const active = new Map(
    distributors.flatMap((each) => (each.status === 'active' ? [[each.id, each]] : [])),
  )
  const links = await listAll(api, '/promo-links', Link)
  const parents = new Set(distributors.map(({ parent_id }) => parent_id))
  return {
    time_zone: instance.time_zone,
    skus: skus.flatMap(({ id, is_service, price_cents }) =>
      is_service || price_cents === null || price_cents === '0'
        ? []
        : [{ id, price_cents: Number(price_cents) }],
    ),
    channels: await listAll(api, '/channels', Channel),
    customers: await listAll(api, '/customers', Customer),
    // Those at the end of the tree sell; those above them earn on it.
    distributors: distributors.filter(({ id, status }) => status === 'active' && !parents.has(id)),
    warehouses: await listAll(api, '/warehouses', Warehouse),
    links: links.flatMap(({ code, distributor_id, channel_id, disabled_at }) => {
      const distributor = active.get(distributor_id)
      return distributor && disabled_at === null
        ? [{ code, distributor_id, channel_id, region: distributor.region }]
        : []
    }),
  }
}

async function listAll<T extends TSchema>(api: Api, path: string, item: T): Promise<Static<T>[]> {
  const page = Type.Object({ items: Type.Array(item), next: Nullable(Type.Integer()) })
  const items: Static<T>[] = []
  let after = 0
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const { status, body } = await api.get(`${path}?limit=${PAGE_ROWS}&after=${after}`)
    if (status !== 200) throw new Error(`GET ${path} ended with ${status}`)
    const content = read(page, body, path)
    items.push(...content.items)
    if (content.next === null) return items
    after = content.next
  }
  throw new Error(`${path} has more than ${PAGES_MAX} pages`)
}

export function read<T extends TSchema>(schema: T, body: unknown, path: string): Static<T> {
  if (!Value.Check(schema, body))
    throw new Error(`${path} answered something else than it promises`)
  return body
}
