import type { Panel, Panels } from '#lib/board.svelte.ts'
import type { CubeQuery } from '#lib/cube.ts'
import { linksQuery } from '#lib/portal/links.ts'
import { daysAt, monthsAt } from './period.ts'

/** Whose page it is; the semantic layer shows him no more than that whatever is asked. */
export type Who = { distributor_id: string; time_zone: string }

/** More children than this are counted together. */
export const CHILDREN_MAX = 500
export const PRODUCTS_MAX = 6
/** The newest orders of the team, of this week: who wants older ones looks for one. */
export const ORDERS_MAX = 8
/** A month has 31 days; this month and the one before make two. */
const DAYS_MAX = 62

export function portalPanels({ distributor_id, time_zone }: Who) {
  const self = equals('distributors.distributor_id', distributor_id)
  const children = equals('distributors.parent_id', distributor_id)
  const revenue = ['distributors.own_revenue_cents', 'distributors.team_revenue_cents']

  return {
    month: {
      topics: ['sales'],
      queries: (now) => {
        const months = monthsAt(now, time_zone)
        const whole: [string, string] = [months.before[0], months.now[1]]
        return [
          over('distributors', months.now, { measures: revenue, filters: [self] }),
          over('distributors', months.before, { measures: revenue, filters: [self] }),
          over('distributors', whole, {
            measures: ['distributors.team_revenue_cents'],
            dimensions: ['distributors.business_day'],
            filters: [self],
            order: { 'distributors.business_day': 'asc' },
            limit: DAYS_MAX,
          }),
        ]
      },
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
      queries: (now) => {
        const days = daysAt(now, time_zone)
        const measures = ['sales.revenue_cents', 'sales.order_count', 'sales.average_order_cents']
        return [over('sales', days.now, { measures }), over('sales', days.before, { measures })]
      },
    },
    products: {
      topics: ['sales'],
      queries: (now) => [
        over('sales', monthsAt(now, time_zone).now, {
          measures: ['sales.revenue_cents', 'sales.units'],
          dimensions: ['sales.product_id', 'sales.product'],
          order: { 'sales.revenue_cents': 'desc' },
          limit: PRODUCTS_MAX,
        }),
      ],
    },
    orders: {
      topics: ['orders'],
      queries: (now) => [
        over('fulfilment', daysAt(now, time_zone).week, {
          measures: ['fulfilment.value_cents'],
          dimensions: [
            'fulfilment.order_id',
            'fulfilment.at',
            'fulfilment.state',
            'fulfilment.distributor',
            'fulfilment.channel_name',
          ],
          order: { 'fulfilment.at': 'desc', 'fulfilment.order_id': 'desc' },
          limit: ORDERS_MAX,
        }),
      ],
    },
    links: {
      topics: ['funnel'],
      queries: (now) => [linksQuery(now, distributor_id, time_zone)],
    },
    team: {
      topics: ['sales', 'catalog'],
      queries: (now) => {
        const months = monthsAt(now, time_zone)
        const ask = {
          measures: [...revenue, 'distributors.team_order_count'],
          dimensions: ['distributors.distributor_id'],
          filters: [children],
          limit: CHILDREN_MAX,
        }
        return [over('distributors', months.now, ask), over('distributors', months.before, ask)]
      },
    },
  } satisfies Panels & Record<string, Panel>
}

function over(view: string, dateRange: [string, string], query: CubeQuery): CubeQuery {
  return { ...query, timeDimensions: [{ dimension: `${view}.at`, dateRange }] }
}

function equals(member: string, value: string) {
  return { member, operator: 'equals' as const, values: [value] }
}
