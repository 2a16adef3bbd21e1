/** What dashboards add up, asked of both sides with the same words: equal rows must also sum to the same. */
import type { Capture } from './stack.ts'

/** Each is valid in Postgres and in ClickHouse, and gives one text a row. */
const SUMS: Record<string, string> = {
  'journal by day and account': `
    select concat(business_day, ' ', account, ' ', sum(amount_cents), ' ', sum(quantity)) as line
    from journal_entry group by business_day, account order by line`,
  'journal by channel and product': `
    select concat(account, ' ', coalesce(channel_id, 0), ' ', coalesce(product_id, 0), ' ', sum(amount_cents)) as line
    from journal_entry group by account, channel_id, product_id order by line`,
  'stock by sku and warehouse': `
    select concat(sku_id, ' ', warehouse_id, ' ', sum(on_hand_delta), ' ', sum(reserved_delta), ' ', sum(value_delta_cents)) as line
    from stock_move group by sku_id, warehouse_id order by line`,
  'commission by distributor and state': `
    select concat(distributor_id, ' ', state, ' ', sum(amount_cents), ' ', count(*)) as line
    from commission_entry group by distributor_id, state order by line`,
  'open orders by state': `
    select concat(state, ' ', sum(delta), ' ', sum(delta * total_cents)) as line
    from order_event group by state order by line`,
  'visitors by step and channel': `
    select concat(step, ' ', channel_id, ' ', count(*), ' ', count(distinct visit_id)) as line
    from funnel_event group by step, channel_id order by line`,
}

const JOURNAL = 'select sum(amount_cents) as cents from journal_entry where amount_cents > 0'

/** The names of the sums that differ. */
export async function differingSums({ sql, clickhouse }: Capture): Promise<string[]> {
  const differing: string[] = []
  for (const [name, query] of Object.entries(SUMS)) {
    const source = await sql.unsafe<{ line: string }[]>(query)
    const result = await clickhouse.query({ query, format: 'JSONEachRow' })
    const target = await result.json<{ line: string }>()
    const one = source.map(({ line }) => line).toSorted()
    const other = target.map(({ line }) => line).toSorted()
    if (JSON.stringify(one) !== JSON.stringify(other)) differing.push(name)
  }
  return differing
}

/** By how much the debits of the journal differ. */
export async function centsOff({ sql, clickhouse }: Capture): Promise<bigint> {
  const [row] = await sql.unsafe<{ cents: string | null }[]>(JOURNAL)
  const result = await clickhouse.query({
    query: `select toString(cents) as cents from (${JOURNAL})`,
    format: 'JSONEachRow',
  })
  const [other] = await result.json<{ cents: string }>()
  const off = BigInt(row?.cents ?? '0') - BigInt(other?.cents ?? '0')
  return off < 0n ? -off : off
}
