/** A question three times: in Cube's language, and by hand for either engine. */
import type { Dialect, Range } from '../dialect.ts'

export type CubeQuery = {
  measures: string[]
  dimensions?: string[]
  timeDimensions?: object[]
  filters?: object[]
  order?: Record<string, 'asc' | 'desc'>
  limit?: number
  total?: boolean
}

export type Question = {
  name: string
  group: 'today' | 'portal' | 'long'
  /** Tiles of the dashboard that stand on it. */
  tiles: readonly string[]
  as: 'admin' | 'distributor'
  query: CubeQuery
  /** Names of what the hand-written rows have in each column; others are not compared. */
  columns: string[]
  sql: (dialect: Dialect) => string
}

export type Setting = {
  today: Range
  sameTime: Range
  weekBefore: Range
  fourteenDays: Range
  month: Range
  quarter: Range
  year: Range
  twoYears: Range
  distributor_id: number
  /** What earlier answers named: the rows on the screen. */
  top_distributors: string[]
  top_products: string[]
  wallClock: (moment: Date) => string
}

export type Parts = {
  setting: Setting
  over: (view: string, range: Range, granularity?: string) => Pick<CubeQuery, 'timeDimensions'>
}

export const REVENUE = "account in ('sales', 'shipping_income', 'discount', 'refund')"
/** Each paid order has one. */
export const PAID = "account = 'cash' and kind = 'sale'"
/** What the sales and profit views see of the journal. */
export const MEASURED =
  "account in ('sales', 'shipping_income', 'discount', 'refund', 'cogs', 'commission', 'fee')"
export const SALES = ['sales.revenue_cents', 'sales.order_count', 'sales.average_order_cents']

export const netOf = (d: Dialect) => d.sumIf('-amount_cents', REVENUE)
export const paidOf = (d: Dialect) => d.countIf(PAID)
