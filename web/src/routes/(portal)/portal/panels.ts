import type { Panel, Panels } from '#lib/board.svelte.ts'
import type { CubeQuery } from '#lib/cube.ts'
import { type Goal, goalQueries } from '#lib/portal/goals.ts'
import { linksQuery } from '#lib/portal/links.ts'
import { daysAt, monthsAt } from './period.ts'

/** Whose page it is; the semantic layer shows him no more than that whatever is asked. */
export type Who = { distributor_id: string; time_zone: string; goals: Goal[] }

/** More children than this are counted together. */
export const CHILDREN_MAX = 500
export const PRODUCTS_MAX = 6
/** The newest orders of the team, of this week: who wants older ones looks for one. */
export const ORDERS_MAX = 8
/** A month has 31 days; this month and the one before make two. */
const DAYS_MAX = 62

/** What others sold moves his place, and time what he is compared with; neither is told by his own sales. */
const MINUTE_MS = 60_000

const REVENUE = ['distributors.own_revenue_cents', 'distributors.team_revenue_cents']

export function portalPanels({ distributor_id, time_zone, goals }: Who) {
  return {
    month: {
      topics: ['sales'],
      queries: (now) => monthQueries(now, distributor_id, time_zone),
      everyMs: MINUTE_MS,
    },
    commission: {
      topics: ['commissions'],
      queries: () => [
        {
          measures: ['commissions.amount_cents'],
          dimensions: ['commissions.state', 'commissions.level'],
        },
      ],
    },
    today: {
      topics: ['sales'],
      queries: (now) => todayQueries(now, time_zone),
      everyMs: MINUTE_MS,
    },
    products: { topics: ['sales'], queries: (now) => [productsQuery(now, time_zone)] },
    orders: { topics: ['orders'], queries: (now) => [ordersQuery(now, time_zone)] },
    links: { topics: ['funnel'], queries: (now) => [linksQuery(now, distributor_id, time_zone)] },
    goals: { topics: ['sales'], queries: () => goalQueries(goals, distributor_id) },
    rank: {
      topics: ['sales', 'catalog'],
      queries: (now) => rankQueries(now, distributor_id, time_zone),
      everyMs: MINUTE_MS,
    },
    team: {
      topics: ['sales', 'catalog'],
      queries: (now) => teamQueries(now, distributor_id, time_zone),
      everyMs: MINUTE_MS,
    },
  } satisfies Panels & Record<string, Panel>
}

function monthQueries(now: Date, distributor_id: string, time_zone: string) {
  const months = monthsAt(now, time_zone)
  const whole: [string, string] = [months.before[0], months.now[1]]
  const filters = [equals('distributors.distributor_id', distributor_id)]
  return [
    over('distributors', months.now, { measures: REVENUE, filters }),
    over('distributors', months.before, { measures: REVENUE, filters }),
    over('distributors', whole, {
      measures: ['distributors.team_revenue_cents'],
      dimensions: ['distributors.business_day'],
      filters,
      order: { 'distributors.business_day': 'asc' },
      limit: DAYS_MAX,
    }),
  ]
}

function todayQueries(now: Date, time_zone: string) {
  const days = daysAt(now, time_zone)
  const measures = ['sales.revenue_cents', 'sales.order_count', 'sales.average_order_cents']
  return [over('sales', days.now, { measures }), over('sales', days.before, { measures })]
}

function productsQuery(now: Date, time_zone: string) {
  return over('sales', monthsAt(now, time_zone).now, {
    measures: ['sales.revenue_cents', 'sales.units'],
    dimensions: ['sales.product_id', 'sales.product'],
    // Freight is revenue of no product.
    filters: [{ member: 'sales.product_id', operator: 'set' as const }],
    order: { 'sales.revenue_cents': 'desc' },
    limit: PRODUCTS_MAX,
  })
}

function ordersQuery(now: Date, time_zone: string) {
  return over('fulfilment', daysAt(now, time_zone).week, {
    measures: ['fulfilment.value_cents'],
    dimensions: ['order_id', 'at', 'state', 'distributor', 'channel_name'].map(
      (name) => `fulfilment.${name}`,
    ),
    order: { 'fulfilment.at': 'desc', 'fulfilment.order_id': 'desc' },
    limit: ORDERS_MAX,
  })
}

/** Which of the rank's answers says how those beside him sell. */
export const PEERS = 3

/**
 * His place this month and where it was at this moment of the last; who right below him has gone quiet; and how those
 * beside him sell, by steps and without names.
 */
function rankQueries(now: Date, distributor_id: string, time_zone: string) {
  const months = monthsAt(now, time_zone)
  const ask = {
    measures: ['sibling_rank', 'sibling_count', 'rank'].map(
      (name) => `distributor_performance.${name}`,
    ),
    filters: [equals('distributor_performance.distributor_id', distributor_id)],
  }
  return [
    over('distributor_performance', months.now, ask),
    over('distributor_performance', months.before, ask),
    {
      dimensions: ['distributor_performance.distributor_id', 'distributor_performance.activity'],
      filters: [
        equals('distributor_performance.parent_id', distributor_id),
        equals('distributor_performance.activity', 'inactive'),
      ],
      limit: CHILDREN_MAX,
    },
    over('peers', months.now, {
      measures: ['peers.distributor_count', 'peers.behind_cents'],
      dimensions: ['peers.step_cents', 'peers.whose'],
      order: { 'peers.step_cents': 'asc' },
    }),
  ]
}

function teamQueries(now: Date, distributor_id: string, time_zone: string) {
  const months = monthsAt(now, time_zone)
  const ask = {
    measures: [...REVENUE, 'distributors.team_order_count'],
    dimensions: ['distributors.distributor_id'],
    filters: [equals('distributors.parent_id', distributor_id)],
    limit: CHILDREN_MAX,
  }
  return [over('distributors', months.now, ask), over('distributors', months.before, ask)]
}

function over(view: string, dateRange: [string, string], query: CubeQuery): CubeQuery {
  return { ...query, timeDimensions: [{ dimension: `${view}.at`, dateRange }] }
}

function equals(member: string, value: string) {
  return { member, operator: 'equals' as const, values: [value] }
}
