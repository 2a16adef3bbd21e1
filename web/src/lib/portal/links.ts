/** What each promo link brought. Counts are whole numbers; a rate is the semantic layer's own. */
import type { PromoLink } from '#lib/api/client.ts'
import type { CubeQuery, Row } from '#lib/cube.ts'
import { parseWhole } from '#lib/decimal.ts'
import { dayAfter, wallOf } from '#lib/moment.ts'

export type LinkResult = PromoLink & {
  visits: bigint
  carted: bigint
  ordered: bigint
  paid: bigint
  /** null where nobody visited: a share of nothing is not nought. */
  rate: string | null
}

export const LINK_DAYS = 30
/** As many as a distributor may have in use, and as many again that he has put away. */
export const LINKS_MAX = 200

/** Visits of the period, each followed to its end: every step is a part of the one before. */
export function linksQuery(now: Date, distributor_id: string, timeZone: string): CubeQuery {
  const { day } = wallOf(now, timeZone)
  const from = dayAfter(day, 1 - LINK_DAYS)
  return {
    measures: ['visits', 'carted', 'ordered', 'paid', 'conversion_rate'].map(member),
    dimensions: [member('promo_code')],
    filters: [{ member: member('distributor_id'), operator: 'equals', values: [distributor_id] }],
    timeDimensions: [
      {
        dimension: member('at'),
        dateRange: [`${from}T00:00:00.000`, `${day}T23:59:59.999`],
      },
    ],
    order: { [member('visits')]: 'desc' },
    limit: LINKS_MAX,
  }
}

/** Those in use first, the most followed of them on top. */
export function joinLinks(links: PromoLink[], rows: Row[]): LinkResult[] {
  const byCode = new Map(rows.map((row) => [row[member('promo_code')], row]))
  return links
    .map((link): LinkResult => {
      const row = byCode.get(link.code)
      const count = (name: string) => parseWhole(row?.[member(name)]) ?? 0n
      const visits = count('visits')
      return {
        ...link,
        visits,
        carted: count('carted'),
        ordered: count('ordered'),
        paid: count('paid'),
        rate: visits === 0n ? null : (row?.[member('conversion_rate')] ?? null),
      }
    })
    .sort(
      (a, b) =>
        Number(a.disabled_at !== null) - Number(b.disabled_at !== null) ||
        Number(b.visits - a.visits) ||
        b.id - a.id,
    )
}

function member(name: string) {
  return `conversion_cohort.${name}`
}
