/** Reads what there is to sell, and to whom, from a company's own database: the same that catalog.ts reads by API. */
import type postgres from 'postgres'
import type { Market } from './plan.ts'

export type Company = { market: Market; prices: Map<number, number> }

export async function readCompany(sql: postgres.Sql): Promise<Company> {
  const [instance] = await sql<[{ time_zone: string }?]>`select time_zone from instance`
  if (instance === undefined) throw new Error('the database has no instance yet')
  const skus = await sql<{ id: string; price_cents: string }[]>`
    select sku.id, price.price_cents
    from sku
    join product on product.id = sku.product_id and product.status = 'active'
    join price on price.sku_id = sku.id and list = 'retail' and min_quantity <= 1 and valid @> now()
    where not is_service and price_cents > 0
    order by sku.id
  `
  const customers = await sql<{ id: string; distributor_id: string | null }[]>`
    select id, distributor_id from customer order by id
  `
  const distributors = await sql<{ id: string; region: string | null }[]>`
    select id, region
    from distributor
    where status = 'active' and not exists (select from distributor as below where below.parent_id = distributor.id)
    order by id
  `
  const channels = await sql<
    { id: string; kind: string }[]
  >`select id, kind from channel order by id`
  const warehouses = await sql<{ id: string; region: string | null }[]>`
    select id, region from warehouse order by id
  `
  const links = await sql<
    { code: string; distributor_id: string; channel_id: string; region: string | null }[]
  >`
    select link.code, distributor_id, channel_id, region
    from promo_link as link
    join distributor on distributor.id = distributor_id and status = 'active'
    where disabled_at is null
    order by link.id
  `
  const prices = new Map(skus.map(({ id, price_cents }) => [Number(id), Number(price_cents)]))
  const numbered = <T extends { id: string }>(rows: T[]) =>
    rows.map((row) => ({ ...row, id: Number(row.id) }))
  return {
    prices,
    market: {
      time_zone: instance.time_zone,
      skus: [...prices].map(([id, price_cents]) => ({ id, price_cents })),
      channels: numbered(channels),
      customers: customers.map(({ id, distributor_id }) => ({
        id: Number(id),
        distributor_id: distributor_id === null ? null : Number(distributor_id),
      })),
      distributors: numbered(distributors),
      warehouses: numbered(warehouses),
      links: links.map(({ code, distributor_id, channel_id, region }) => ({
        ...{ code, region },
        distributor_id: Number(distributor_id),
        channel_id: Number(channel_id),
      })),
    },
  }
}
