/** The same hand-written question for both engines: each says it in its own best words. */
export type Range = { from: Date; to: Date }
export type Unit = 'hour' | 'day' | 'month'

export type Dialect = {
  table(name: string): string
  during(range: Range): string
  bucket(unit: Unit): string
  sumIf(value: string, condition: string): string
  countIf(condition: string): string
  /** An array column holds a value. */
  holds(array: string, value: number): string
  /** What a team sold, by the node at its head: each sale once for everyone above it. */
  teams(where: string): string
  /** Pieces on hand and promised, by sku and warehouse. */
  stock(): string
  lastDays(days: number): string
}

const SOLD = "account in ('sales', 'shipping_income', 'discount', 'refund')"
const epoch = (moment: Date) => Math.floor(moment.getTime() / 1000)

export const LEDGERS = ['journal_entry', 'funnel_event', 'stock_move', 'commission_entry'] as const

export function clickhouse(timeZone: string, isFinal = false): Dialect {
  const starts = { hour: 'toStartOfHour', day: 'toStartOfDay', month: 'toStartOfMonth' }
  const table = (name: string) =>
    isFinal && LEDGERS.some((ledger) => ledger === name)
      ? `final_${name} final`
      : name.replace(/^(distributor|product|sku|channel|warehouse)$/, 'current_$1')
  return {
    table,
    during: ({ from, to }) =>
      `at_second >= toDateTime(${epoch(from)}, 'UTC') and at_second < toDateTime(${epoch(to)}, 'UTC')`,
    bucket: (unit) =>
      `formatDateTime(toDateTime(${starts[unit]}(toTimeZone(at_second, '${timeZone}')), '${timeZone}'), '%Y-%m-%dT%H:%i:%S.000')`,
    sumIf: (value, condition) => `sumIf(${value}, ${condition})`,
    countIf: (condition) => `countIf(${condition})`,
    holds: (array, value) => `has(${array}, ${value})`,
    // Sums by path first: there are a few thousand paths, and only those are taken apart.
    teams: (where) => `(
      select arrayJoin(ancestor_ids) as node_id, sum(own) as team_cents, sumIf(own, node_id = seller_id) as own_cents
      from (
        select ancestor_ids, distributor_id as seller_id, -sum(amount_cents) as own
        from ${table('journal_entry')}
        where ${SOLD} and distributor_id is not null and ${where}
        group by ancestor_ids, distributor_id
      )
      group by node_id
    )`,
    stock: () => `(
      select sku_id, warehouse_id, sum(on_hand_delta) - sum(reserved_delta) as available
      from ${table('stock_move')}
      group by sku_id, product_id, warehouse_id
    )`,
    lastDays: (days) => `at_second > now() - interval ${days} day`,
  }
}

export function postgres(timeZone: string): Dialect {
  return {
    table: (name) => name,
    during: ({ from, to }) =>
      `at >= to_timestamp(${epoch(from)}) and at < to_timestamp(${epoch(to)})`,
    bucket: (unit) =>
      `to_char(date_trunc('${unit}', at, '${timeZone}') at time zone '${timeZone}', 'YYYY-MM-DD"T"HH24:MI:SS.000')`,
    sumIf: (value, condition) => `coalesce(sum(${value}) filter (where ${condition}), 0)`,
    countIf: (condition) => `count(*) filter (where ${condition})`,
    holds: (array, value) => `${array} @> array[${value}]::bigint[]`,
    teams: (where) => `(
      select node_id, sum(own) as team_cents, coalesce(sum(own) filter (where node_id = seller_id), 0) as own_cents
      from (
        select ancestor_ids, distributor_id as seller_id, -sum(amount_cents) as own
        from journal_entry
        where ${SOLD} and distributor_id is not null and ${where}
        group by ancestor_ids, distributor_id
      ) as seller
      cross join lateral unnest(ancestor_ids) as node_id
      group by node_id
    )`,
    // As the operational core has it: a level that triggers keep, not a sum over the ledger.
    stock: () => `(select sku_id, warehouse_id, on_hand - reserved as available from stock_level)`,
    lastDays: (days) => `at > now() - interval '${days} days'`,
  }
}
