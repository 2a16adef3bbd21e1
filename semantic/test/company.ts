/** Who and what a company's past is made of: a tree of distributors, channels, shelves, some of it not filled in. */
import type { Sql } from 'postgres'
import type { Random } from './random.ts'

export type Era = { time_zone: string; from: number; to: number }

export const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Goods that nobody buys: one lies there for long, one has just come in. */
const UNSOLD_SKUS = 2
const LONG_AGO_MS = 200 * DAY_MS

/** Summer time ends on 25 October 2026. */
export const CLOCKS_GO_BACK: Era = {
  time_zone: 'Europe/London',
  from: Date.parse('2026-10-19T00:00:00Z'),
  to: Date.parse('2026-11-20T00:00:00Z'),
}

/** Ends before today, so that everything that follows an order has happened too. */
export function lastWeeks(): Era {
  return { time_zone: 'Asia/Shanghai', from: Date.now() - 24 * DAY_MS, to: Date.now() - 5 * DAY_MS }
}

export type Company = {
  era: Era
  distributors: string[]
  channels: string[]
  warehouses: string[]
  customers: string[]
  skus: { id: string; is_service: boolean }[]
}

export async function foundCompany(sql: Sql, random: Random, era: Era): Promise<Company> {
  await sql`
    insert into instance (name, currency, time_zone)
    values ('Test', 'GBP', ${era.time_zone})
  `
  const distributors: string[] = []
  for (let index = 0; index < 12; index += 1) {
    const parent = index < 2 ? null : random.pick(distributors)
    const region = random.chance(0.2) ? null : random.pick(['north', 'south', 'west'])
    distributors.push(
      await idOf(sql`
        insert into distributor (code, name, parent_id, region, grade, joined_at)
        values (${`D${index}`}, ${`Distributor ${index}`}, ${parent}, ${region},
          ${random.pick(['standard', 'gold'])}, ${new Date(era.from - random.below(150) * DAY_MS)})
        returning id
      `),
    )
  }
  await sql`
    insert into commission_rule (level, grade, rate_bps)
    values (1, null, 1000), (1, 'gold', 1250), (2, null, 333)
  `
  const channels = [
    await idOf(
      sql`insert into channel (code, name, kind, fee_bps) values ('web', 'Web shop', 'web', 60) returning id`,
    ),
    await idOf(
      sql`insert into channel (code, name, kind, fee_bps) values ('tmall', 'Tmall', 'marketplace', 505) returning id`,
    ),
    await idOf(
      sql`insert into channel (code, name, kind, fee_bps) values ('store', 'Stores', 'store', 0) returning id`,
    ),
  ]
  const warehouses = [
    await idOf(sql`insert into warehouse (code, name) values ('A', 'East') returning id`),
    await idOf(sql`insert into warehouse (code, name) values ('B', 'West') returning id`),
  ]
  const customers: string[] = []
  for (let index = 0; index < 6; index += 1) {
    const segment = random.pick([null, 'home', 'business'])
    customers.push(
      await idOf(sql`
        insert into customer (code, name, segment, region)
        values (${`C${index}`}, ${`Customer ${index}`}, ${segment}, ${random.pick([null, 'north', 'west'])})
        returning id
      `),
    )
  }
  const skus = await stockShelves(sql, random, warehouses, era)
  return { era, distributors, channels, warehouses, customers, skus }
}

async function stockShelves(sql: Sql, random: Random, warehouses: string[], era: Era) {
  const skus: Company['skus'] = []
  for (let index = 0; index < 8 + UNSOLD_SKUS; index += 1) {
    const product = await idOf(sql`
      insert into product (code, name, category)
      values (${`P${index}`}, ${`Product ${index}`}, ${random.pick([null, 'tea', 'milk'])})
      returning id
    `)
    const is_service = index === 0
    const id = await idOf(sql`
      insert into sku (product_id, code, name, is_service, reorder_point, lead_time_days)
      values (${product}, ${`S${index}`}, ${`SKU ${index}`}, ${is_service},
        ${random.chance(0.4) ? null : random.between(0, 60)}, ${random.between(0, 20)})
      returning id
    `)
    const isUnsold = index >= 8
    if (!isUnsold) skus.push({ id, is_service })
    if (is_service) continue
    for (const warehouse of warehouses) {
      await sql`
        select receive_stock(${id}, ${warehouse}, ${random.between(300, 900)},
          ${random.between(1_000, 9_000_000)}, 'opening', ${new Date(era.from - (index === 8 ? LONG_AGO_MS : HOUR_MS))})
      `
    }
  }
  return skus
}

/** Someone gets another sponsor; orders before keep the tree they were placed under. */
export async function moveDistributor(sql: Sql, random: Random, company: Company) {
  const moved = random.pick(company.distributors)
  await sql`
    update distributor
    set parent_id = (
      select candidate.id
      from distributor as candidate
      join distributor as node on node.id = ${moved}
      where not candidate.path <@ node.path
      order by md5(candidate.id::text || ${String(random.below(1_000_000))})
      limit 1
    )
    where id = ${moved}
  `
}

export async function idOf(insert: PromiseLike<readonly { [column: string]: unknown }[]>) {
  const [row] = await insert
  if (row === undefined) throw new Error('nothing was inserted')
  return String(row.id)
}
