/** When and for whom it is asked: the company's clock stands at eight in the evening of its last day. */
import type { ClickHouseClient } from '@clickhouse/client'
import { TIME_ZONE } from './company.ts'
import { clickhouse, type Range } from './dialect.ts'
import type { Setting } from './questions/question.ts'

const DAY_MS = 86_400_000
const EVENING_MS = 20 * 3_600_000
/** Asia/Shanghai has had no summer time since 1991. */
const OFFSET_MS = 8 * 3_600_000
const TOP = { distributors: 8, products: 7 }

/** The last evening that is past, so that every fact is. */
export function lastEvening(now: Date): Date {
  const midnight = Math.floor((now.getTime() + OFFSET_MS) / DAY_MS) * DAY_MS - OFFSET_MS
  const evening = midnight + EVENING_MS
  return new Date(evening < now.getTime() ? evening : evening - DAY_MS)
}

export async function settingOf(client: ClickHouseClient, now: Date): Promise<Setting> {
  const today = new Date(now.getTime() - EVENING_MS)
  const ago = (days: number) => new Date(today.getTime() - days * DAY_MS)
  const tomorrow = ago(-1)
  const range: Range = { from: today, to: tomorrow }
  const month: Range = { from: ago(27), to: tomorrow }
  const { during, teams } = clickhouse(TIME_ZONE)
  // Second from the top: the largest team of those whose head has someone above.
  const [distributor_id] = await idsOf(
    client,
    `select node_id from ${teams(during(month))}
     where node_id in (select id from current_distributor where depth = 2) and own_cents > 0
     order by team_cents desc limit 1`,
  )
  return {
    today: range,
    sameTime: { from: ago(7), to: new Date(now.getTime() - 7 * DAY_MS) },
    weekBefore: { from: ago(7), to: ago(6) },
    fourteenDays: { from: ago(13), to: tomorrow },
    month,
    quarter: { from: ago(89), to: tomorrow },
    year: { from: ago(364), to: tomorrow },
    twoYears: { from: ago(729), to: tomorrow },
    distributor_id: Number(distributor_id),
    top_distributors: await idsOf(
      client,
      `select node_id from ${teams(during(range))} order by team_cents desc limit ${TOP.distributors}`,
    ),
    top_products: await idsOf(
      client,
      `select product_id from journal_entry where product_id is not null and ${during(range)}
       group by product_id order by sum(quantity) desc limit ${TOP.products}`,
    ),
    wallClock: (moment) =>
      new Date(moment.getTime() + OFFSET_MS).toISOString().replace(/\.\d+Z$/, ''),
  }
}

async function idsOf(client: ClickHouseClient, query: string) {
  const result = await client.query({ query, format: 'JSONCompact' })
  const { data } = await result.json<unknown[]>()
  return data.map(([id]) => String(id))
}
