/** The orders that all ledgers are made from, in a table of their own while that lasts. */
import { CHANNELS, growTree, SIZES, TIME_ZONE, WAREHOUSES } from './company.ts'

export type Plan = { rows: number; seed: number; now: Date }

export const DAYS = 730
/** Rows of all ledgers that one order leaves behind, on average; the run reports what it really got. */
const ROWS_PER_ORDER = 51

const HOURS = [
  ...[0, 1, 7, 8, 8, 9, 9, 9, 10, 10, 10, 10, 11, 11, 11, 12, 12, 12, 13, 13, 14, 14, 15, 15, 16],
  ...[16, 17, 17, 18, 18, 18, 19, 19, 19, 20, 20, 20, 20, 20, 21, 21, 21, 21, 22, 22, 22, 23],
]

/** A number from 0 to 1 that only the seed, the row and the purpose decide. */
export const chance = (seed: number, purpose: string, row: string) =>
  `(cityHash64(${row}, '${purpose}', ${seed}) / 18446744073709551616.)`

/** Rank 1 comes as often as ranks 10 to 100 together: Zipf's law, shuffled so that ids say nothing. */
const longTail = (u: string, size: number) =>
  `1 + (least(toInt64(floor(exp(${u} * log(${size + 1})))), ${size}) * 7919) % ${size}`

export function stagingOf({ rows, seed, now }: Plan): string[] {
  const orders = Math.ceil(rows / ROWS_PER_ORDER)
  const paths = growTree().map(({ ancestor_ids }) => `[${ancestor_ids.join(',')}]`)
  const u = (purpose: string) => chance(seed, purpose, 'number')
  const end = `toDateTime(${Math.floor(now.getTime() / 1000)}, '${TIME_ZONE}')`
  return [
    'drop table if exists bench_path',
    `create table bench_path engine = Memory as
     select path[-1] as id, path
     from (select arrayJoin(CAST([${paths.join(',')}], 'Array(Array(Int64))')) as path)`,
    'drop table if exists bench_order',
    `create table bench_order engine = MergeTree order by id as
     select row_number() over (order by at) as id, drawn.*, ifNull(bench_path.path, []) as ancestor_ids
     from (
       select
         ${end} - interval 1 day as last_day,
         toStartOfDay(last_day + interval 1 day) - interval ${DAYS - 1} day as first_day,
         toInt64(floor(pow(${u('day')}, 0.75) * ${DAYS})) as drawn_day,
         -- One order in twelve waits for the Saturday.
         drawn_day + if(${u('week')} < 0.08, 6 - toDayOfWeek(first_day + interval drawn_day day), 0) as day,
         [${HOURS.join(',')}][1 + toInt64(floor(${u('hour')} * ${HOURS.length}))] as hour,
         first_day + interval day day + interval hour hour
           + interval toInt64(floor(${u('second')} * 3600)) second as moment,
         toTimeZone(toDateTime64(if(moment > ${end}, moment - interval 7 day, moment), 6), 'UTC') as at,
         1 + toInt64(floor(pow(${u('channel')}, 2) * ${CHANNELS.length})) as channel_id,
         if(${u('direct')} < 0.15, null, ${longTail(u('distributor'), SIZES.distributors)}) as distributor_id,
         1 + toInt64(floor(${u('customer')} * ${SIZES.customers})) as customer_id,
         1 + toInt64(floor(pow(${u('warehouse')}, 1.5) * ${WAREHOUSES.length})) as warehouse_id,
         if(${u('shipping')} < 0.5, 0, 1000) as shipping_cents,
         ${u('refund')} < 0.04 as is_refunded,
         at + interval toInt64(3600 + floor(${u('ship')} * 172800)) second as shipped_at,
         shipped_at + interval toInt64(86400 + floor(${u('complete')} * 432000)) second as completed_at,
         arrayMap(
           line -> (line, sku_of(line), unit_of(line), list_of(line), discount_of(line), cost_of(line)),
           range(1, 2 + cityHash64(number, 'lines', ${seed}) % 3)
         ) as lines
       from numbers(${orders})
     ) as drawn
     left join bench_path on bench_path.id = drawn.distributor_id
     settings join_use_nulls = 0`.replaceAll(/(\w+)_of\(line\)/g, (_, column: string) =>
      lineColumn(column, seed),
    ),
  ]
}

function lineColumn(column: string, seed: number): string {
  const u = (purpose: string) => chance(seed, purpose, 'number, line')
  const sku = longTail(u('sku'), SIZES.skus)
  const quantity = `(1 + toInt64(floor(pow(${u('quantity')}, 4) * 6)))`
  const list = `(${quantity} * (500 + (cityHash64(${sku}) % 200) * 250))`
  switch (column) {
    case 'sku':
      return sku
    case 'unit':
      return quantity
    case 'list':
      return list
    case 'discount':
      return `if(${u('discount')} < 0.6, 0, intDiv(${list}, 10))`
    default:
      return `intDiv(${list} * 55, 100)`
  }
}
