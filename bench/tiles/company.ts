/** Who and what the facts are about: rows of the mirrors, from a seed. A tree of distributors, a long shelf. */
import type { ClickHouseClient } from '@clickhouse/client'

export const SIZES = {
  distributors: 2_000,
  skus: 5_000,
  customers: 100_000,
  skus_per_product: 3,
} as const

export const TIME_ZONE = 'Asia/Shanghai'
export const CHANNELS = ['web', 'tmall', 'jd', 'wechat', 'douyin', 'store', 'partner'] as const
export const WAREHOUSES = ['East', 'North', 'South', 'West'] as const

const REGIONS = ['east', 'north', 'south', 'west', 'centre']
const CATEGORIES = ['tea', 'milk', 'snacks', 'care', 'home', 'baby', 'pets', 'garden']
const ROOTS = 20
/** Nobody recruits more than about so many, so the tree gets deep rather than flat. */
const CHILDREN = 6
const ROWS_PER_INSERT = 20_000

type Node = { id: number; parent_id: number | null; ancestor_ids: number[] }

/** The path of each from the top down to himself, as orders keep it. */
export function growTree(): Node[] {
  const nodes: Node[] = []
  for (let id = 1; id <= SIZES.distributors; id += 1) {
    const parent = id <= ROOTS ? undefined : nodes[Math.floor((id - ROOTS - 1) / CHILDREN)]
    nodes.push({
      id,
      parent_id: parent?.id ?? null,
      ancestor_ids: [...(parent?.ancestor_ids ?? []), id],
    })
  }
  return nodes
}

export async function foundCompany(client: ClickHouseClient, opened: Date) {
  const created_at = opened.toISOString()
  const mirror = { _version: '1', _deleted: 0 }
  const insert = async (table: string, rows: object[]) => {
    for (let from = 0; from < rows.length; from += ROWS_PER_INSERT) {
      await client.insert({
        table,
        values: rows.slice(from, from + ROWS_PER_INSERT).map((row) => ({ ...row, ...mirror })),
        format: 'JSONEachRow',
        clickhouse_settings: { date_time_input_format: 'best_effort' },
      })
    }
  }
  await insert('instance', [
    {
      singleton: true,
      name: 'Bench',
      currency: 'CNY',
      minor_digits: 2,
      time_zone: TIME_ZONE,
      return_window_days: 7,
      demo: null,
      created_at,
    },
  ])
  await insert('distributor', growTree().map(distributorRow(created_at)))
  await insert('product', rangeTo(SIZES.skus / SIZES.skus_per_product).map(productRow(created_at)))
  await insert('sku', rangeTo(SIZES.skus).map(skuRow))
  await insert('customer', rangeTo(SIZES.customers).map(customerRow(created_at)))
  await insert(
    'channel',
    CHANNELS.map((code, index) => ({
      id: index + 1,
      code,
      name: `Channel ${code}`,
      kind: 'web',
      fee_bps: 60 * (index + 1),
    })),
  )
  await insert(
    'warehouse',
    WAREHOUSES.map((name, index) => ({
      id: index + 1,
      code: `W${index}`,
      name,
      region: null,
      priority: index,
    })),
  )
}

function distributorRow(joined_at: string) {
  return ({ id, parent_id, ancestor_ids }: Node) => ({
    id,
    code: `D${id}`,
    name: `Distributor ${id}`,
    parent_id,
    path: ancestor_ids.join('.'),
    depth: ancestor_ids.length,
    grade: id % 9 === 0 ? 'gold' : 'standard',
    region: pick(REGIONS, ancestor_ids[0] ?? id),
    city: null,
    status: 'active',
    joined_at,
  })
}

function productRow(created_at: string) {
  return (id: number) => ({
    id,
    code: `P${id}`,
    name: `Product ${id}`,
    category: pick(CATEGORIES, id),
    subcategory: null,
    status: 'active',
    created_at,
  })
}

function skuRow(id: number) {
  return {
    id,
    product_id: Math.ceil(id / SIZES.skus_per_product),
    code: `S${id}`,
    name: `SKU ${id}`,
    unit: 'piece',
    is_service: false,
    reorder_point: id % 4 === 0 ? 20 : null,
    lead_time_days: 5 + (id % 20),
  }
}

function customerRow(created_at: string) {
  return (id: number) => ({
    id,
    code: `C${id}`,
    name: `Customer ${id}`,
    segment: pick(['home', 'business', 'public'], id),
    country: 'CN',
    region: pick(REGIONS, id),
    city: null,
    distributor_id: null,
    created_at,
  })
}

/** 1 to `last`. */
function rangeTo(last: number) {
  return Array.from({ length: Math.ceil(last) }, (_, index) => index + 1)
}

function pick(values: readonly string[], index: number) {
  return values[index % values.length] ?? null
}
