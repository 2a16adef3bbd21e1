/** What `sql/clickhouse/0004_light_inserts.sql` keeps of each day of the journal, and which members that answers. */
import type { ViewMeta } from './cube.ts'

/** Columns beside day and account that each projection has, the cheapest first. */
export const GRAINS: readonly (readonly string[])[] = [
  ['channel_id'],
  ['channel_id', 'distributor_id', 'ancestor_ids'],
  ['product_id', 'sku_id'],
]

/** All that a cube may read of the ledger beside its sums, which days always have, each as its type. */
export const LEDGER_COLUMNS: Record<string, (value: string) => string> = {
  id: asNumber,
  txn_id: asNumber,
  kind: (value) => `toString(${value})`,
  at: (value) => `toDateTime64(${value}, 6, 'UTC')`,
  business_day: (value) => `toDate32(${value})`,
  order_id: asNumber,
  order_line_id: asNumber,
  sku_id: asNumber,
  product_id: asNumber,
  channel_id: asNumber,
  distributor_id: asNumber,
  ancestor_ids: (value) => `[toInt64(${value})]`,
  customer_id: asNumber,
  warehouse_id: asNumber,
  promotion_id: asNumber,
  _version: (value) => `toUInt128(${value})`,
}

export type Kept = {
  columns: readonly string[]
  isTime?: true
  isDay?: true
  /** Counts distinct paid orders. */
  isOrders?: true
}

const PAID = { columns: [], isOrders: true } as const
const SUM = { columns: [] } as const
const TIME = { columns: [], isTime: true } as const
const DAY = { columns: [], isDay: true } as const
const TEAM = ['distributor_id', 'ancestor_ids']

/**
 * Sums of amounts and pieces by account, and distinct orders of the account `sales`: nothing else adds up from days.
 * What is not named here is asked of the entries.
 */
const MEMBERS: Record<string, Record<string, Kept>> = {
  journal: {
    at: TIME,
    business_day: DAY,
    distributor_id: { columns: ['distributor_id'] },
    product_id: { columns: ['product_id'] },
    sku_id: { columns: ['sku_id'] },
    ...sums('revenue_cents', 'gross_sales_cents', 'shipping_cents', 'discount_cents'),
    ...sums('refund_cents', 'discount_rate', 'refund_rate', 'units', 'refunded_units'),
    ...sums(
      'cogs_cents',
      'gross_profit_cents',
      'commission_cents',
      'fee_cents',
      'net_profit_cents',
    ),
    ...sums('gross_margin', 'net_margin', 'commission_rate', 'fee_rate'),
    order_count: PAID,
    average_order_cents: PAID,
  },
  team_sales: {
    at: TIME,
    business_day: DAY,
    distributor_id: { columns: TEAM },
    own_revenue_cents: { columns: TEAM },
    team_revenue_cents: { columns: TEAM },
    own_order_count: { columns: TEAM, isOrders: true },
    team_order_count: { columns: TEAM, isOrders: true },
  },
}
/** A cube that extends another keeps its names. */
const EXTENSIONS: Record<string, string> = { journal_profit: 'journal' }

/** Mirrors that are joined by a column which days have; the customer and the warehouse are not. */
const JOINED_BY: Record<string, string> = {
  channel: 'channel_id',
  distributor: 'distributor_id',
  product: 'product_id',
  sku: 'sku_id',
}

/** By the name that views give them. A view whose facts are not the journal's has none. */
export function keptMembers(views: ViewMeta[]): Map<string, Kept> {
  return new Map(
    views.flatMap((view) => {
      const members = [...view.measures, ...view.dimensions]
      const cubes = members.map(({ aliasMember = '' }) => baseOf(aliasMember.split('.')[0] ?? ''))
      if (!cubes.some((cube) => cube in MEMBERS)) return []
      return members.flatMap(({ name, aliasMember = '' }) => {
        const [cube = '', member = ''] = aliasMember.split('.')
        const joined = JOINED_BY[cube]
        const kept = joined ? { columns: [joined] } : MEMBERS[baseOf(cube)]?.[member]
        return kept ? [[name, kept] as const] : []
      })
    }),
  )
}

function asNumber(value: string) {
  return `toNullable(toInt64(${value}))`
}

function baseOf(cube: string) {
  return EXTENSIONS[cube] ?? cube
}

function sums(...names: string[]): Record<string, Kept> {
  return Object.fromEntries(names.map((name) => [name, SUM]))
}
