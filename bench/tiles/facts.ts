/**
 * Two years of a company's ledgers, made inside ClickHouse from a seed: orders first, then every ledger from the
 * orders, so that cost, commission, stock and funnel belong to the same sales. Few skus and distributors do most of
 * the business, the days have hours and the weeks have week-ends, and the company grows.
 */
import type { ClickHouseClient } from '@clickhouse/client'
import { SIZES, TIME_ZONE } from './company.ts'
import { chance, stagingOf, type Plan } from './orders.ts'

const VISITS_PER_ORDER = 4
const RECEIPTS = 8
const FILL_SECONDS_MAX = 3_000

export async function fillLedgers(client: ClickHouseClient, plan: Plan) {
  for (const query of [...stagingOf(plan), ...ledgersOf(plan)]) {
    await client.command({
      query,
      clickhouse_settings: {
        max_execution_time: FILL_SECONDS_MAX,
        max_insert_threads: '2',
        // Nothing here must survive a power cut.
        fsync_metadata: 0,
      },
    })
  }
}

const LINE = {
  id: 'id * 4 + line.1',
  sku: 'toInt64(line.2)',
  product: `toInt64(ceil(line.2 / ${SIZES.skus_per_product}))`,
  total: '(line.4 - line.5)',
} as const

const EARNERS = `arrayZip(arraySlice(arrayReverse(ancestor_ids), 1, 2), arraySlice([1, 2], 1, length(arraySlice(ancestor_ids, 1, 2))))`
const EARNED = `intDiv(${LINE.total} * if(earner.2 = 1, 800, 300), 10000)`
const ORDER_TOTAL = 'arraySum(arrayMap(line -> line.4 - line.5, lines)) + shipping_cents'

function ledgersOf({ seed, now }: Plan): string[] {
  const end = `toDateTime64(${Math.floor(now.getTime() / 1000)}, 6, 'UTC')`
  const day = (moment: string) => `toDate32(toTimeZone(${moment}, '${TIME_ZONE}'))`
  return [
    journal(end, day('entry.at')),
    orderEvents(end, day('event.at')),
    commissions(end, day('entry.at')),
    stockMoves(end, day('move.at')),
    receipts(day('at')),
    funnel(seed, day('moment')),
    'drop table bench_order',
    'drop table bench_path',
  ]
}

const ENTRY =
  "Array(Tuple(kind String, account String, at DateTime64(6, \\'UTC\\'), amount Int64, quantity Int64, line Nullable(Int64), sku Nullable(Int64), product Nullable(Int64)))"

function journal(end: string, businessDay: string) {
  const ofLine = (kind: string, account: string, at: string, amount: string, quantity = '0') =>
    `('${kind}', '${account}', ${at}, ${amount}, ${quantity}, ${LINE.id}, ${LINE.sku}, ${LINE.product})`
  const ofOrder = (kind: string, account: string, at: string, amount: string) =>
    `('${kind}', '${account}', ${at}, ${amount}, 0, null, null, null)`
  const back = 'if(is_refunded, 1, 0)'
  return `
    insert into journal_entry (id, txn_id, kind, at, business_day, account, amount_cents, quantity, order_id,
      order_line_id, sku_id, product_id, channel_id, distributor_id, ancestor_ids, customer_id, warehouse_id, _version)
    with
      ${ORDER_TOTAL} as total,
      intDiv(total * 60 * channel_id + 5000, 10000) as fee,
      arrayFilter(entry -> entry.4 != 0 and entry.3 <= ${end}, CAST(arrayConcat(
        arrayFlatten(arrayMap(line -> [
          ${ofLine('sale', 'sales', 'at', '-line.4', 'line.3')},
          ${ofLine('sale', 'discount', 'at', 'line.5')},
          ${ofLine('cogs', 'cogs', 'shipped_at', 'line.6')},
          ${ofLine('cogs', 'inventory', 'shipped_at', '-line.6')},
          ${ofLine('refund', 'refund', 'completed_at', `${LINE.total} * ${back}`, `-line.3`)}
        ], lines)),
        arrayFlatten(arrayMap(line -> arrayMap(earner ->
          ${ofLine('commission', 'commission', 'at', EARNED)}, ${EARNERS}), lines)),
        arrayFlatten(arrayMap(line -> arrayMap(earner ->
          ${ofLine('commission', 'commission_payable', 'at', `-${EARNED}`)}, ${EARNERS}), lines)),
        [
          ${ofOrder('sale', 'cash', 'at', 'total')}, ${ofOrder('sale', 'shipping_income', 'at', '-shipping_cents')},
          ${ofOrder('sale', 'fee', 'at', 'fee')}, ${ofOrder('sale', 'fee_payable', 'at', '-fee')},
          ${ofOrder('refund', 'refund', 'completed_at', `shipping_cents * ${back}`)},
          ${ofOrder('refund', 'cash', 'completed_at', `-total * ${back}`)}
        ]
      ), '${ENTRY}')) as entries
    select id * 64 + number, id * 8, entry.kind, entry.at, ${businessDay}, entry.account, entry.amount,
      entry.quantity, id, entry.line, entry.sku, entry.product, channel_id, distributor_id, ancestor_ids,
      customer_id, warehouse_id, id * 64 + number
    from bench_order
    array join entries as entry, arrayEnumerate(entries) as number`
}

function orderEvents(end: string, businessDay: string) {
  const steps = [
    `('placed', 1, at)`,
    `('placed', -1, at), ('paid', 1, at)`,
    `('paid', -1, shipped_at), ('shipped', 1, shipped_at)`,
    `('shipped', -1, completed_at), ('completed', 1, completed_at)`,
  ]
  return `
    insert into order_event (id, at, business_day, order_id, state, delta, total_cents, channel_id, distributor_id,
      ancestor_ids, customer_id, warehouse_id, _version)
    with arrayFilter(event -> event.3 <= ${end},
      CAST([${steps.join(', ')}], 'Array(Tuple(state String, delta Int16, at DateTime64(6, \\'UTC\\')))')) as events
    select id * 8 + number, event.at, ${businessDay}, id, event.state, event.delta, event.delta * (${ORDER_TOTAL}),
      channel_id, distributor_id, ancestor_ids, customer_id, warehouse_id, id * 8 + number
    from bench_order
    array join events as event, arrayEnumerate(events) as number`
}

function commissions(end: string, businessDay: string) {
  const of = (kind: string, state: string, at: string, sign: string) =>
    `('${kind}', '${state}', ${at}, ${sign}${EARNED}, earner.1, earner.2, ${LINE.id}, ${LINE.sku}, ${LINE.product}, ${LINE.total})`
  return `
    insert into commission_entry (id, at, business_day, kind, state, amount_cents, distributor_id, ancestor_ids, level,
      rate_bps, base_cents, order_id, order_line_id, sku_id, product_id, channel_id, _version)
    with arrayFilter(entry -> entry.3 <= ${end}, CAST(
      arrayFlatten(arrayMap(line -> arrayFlatten(arrayMap(earner -> [
        ${of('accrue', 'pending', 'at', '')},
        ${of('release', 'pending', 'completed_at', '-')},
        ${of('release', 'available', 'completed_at', '')}
      ], ${EARNERS})), lines)),
      'Array(Tuple(kind String, state String, at DateTime64(6, \\'UTC\\'), amount Int64, who Int64, level Int16, line Int64, sku Int64, product Int64, base Int64))')) as entries
    select id * 64 + number, entry.at, ${businessDay}, entry.kind, entry.state, entry.amount, entry.who,
      arraySlice(ancestor_ids, 1, length(ancestor_ids) - entry.level + 1), entry.level,
      if(entry.level = 1, 800, 300), entry.base, id, entry.line, entry.sku, entry.product, channel_id,
      id * 64 + number
    from bench_order
    array join entries as entry, arrayEnumerate(entries) as number`
}

function stockMoves(end: string, businessDay: string) {
  return `
    insert into stock_move (id, at, business_day, kind, sku_id, product_id, warehouse_id, on_hand_delta,
      reserved_delta, value_delta_cents, order_id, order_line_id, channel_id, distributor_id, ancestor_ids, _version)
    with arrayFilter(move -> move.2 <= ${end}, CAST(arrayFlatten(arrayMap(line -> [
        ('reserve', at, 0, line.3, 0, ${LINE.id}, ${LINE.sku}, ${LINE.product}),
        ('issue', shipped_at, -line.3, -line.3, -line.6, ${LINE.id}, ${LINE.sku}, ${LINE.product})
      ], lines)),
      'Array(Tuple(kind String, at DateTime64(6, \\'UTC\\'), on_hand Int64, reserved Int64, value Int64, line Int64, sku Int64, product Int64))')) as moves
    select id * 16 + number, move.at, ${businessDay}, move.kind, move.sku, move.product, warehouse_id, move.on_hand,
      move.reserved, move.value, id, move.line, channel_id, distributor_id, ancestor_ids, id * 16 + number
    from bench_order
    array join moves as move, arrayEnumerate(moves) as number`
}

/** What was sold was bought, and some cover beside it: none for a few, so that there is something to warn of. */
function receipts(businessDay: string) {
  return `
    insert into stock_move (id, at, business_day, kind, sku_id, product_id, warehouse_id, on_hand_delta,
      reserved_delta, value_delta_cents, ancestor_ids, _version)
    select -(row_number() over ()), toTimeZone(toDateTime64(first_at, 6), 'UTC') as at, ${businessDay}, 'receipt',
      sku_id, product_id, warehouse_id, quantity, 0, quantity * 1000, [], 0
    from (
      select sku_id, product_id, warehouse_id, min(at) as first_at,
        intDiv(-sum(on_hand_delta) + sum(reserved_delta) + intDiv(-sum(on_hand_delta) * (cityHash64(sku_id, warehouse_id) % 9), 60), ${RECEIPTS}) + 1 as quantity
      from stock_move
      where sku_id > 0
      group by sku_id, product_id, warehouse_id
    )
    array join range(${RECEIPTS}) as nth`
}

function funnel(seed: number, businessDay: string) {
  const u = (purpose: string) => chance(seed, purpose, 'id, visit')
  return `
    insert into funnel_event (id, at, business_day, step, visit_id, channel_id, distributor_id, ancestor_ids,
      promo_code, order_id, _version)
    select id * 64 + visit * 8 + number, at - interval toInt64(floor(${u('moment')} * 1800)) second as moment,
      ${businessDay}, step, concat(toString(id), '-', toString(visit)), channel_id, distributor_id, ancestor_ids,
      null, if(step in ('order', 'paid'), id, null), id * 64 + visit * 8 + number
    from (
      select id, at, channel_id, distributor_id, ancestor_ids, visit,
        arraySlice(['visit', 'view', 'cart', 'order', 'paid'], 1,
          if(visit = 0, 5, multiIf(${u('depth')} < 0.4, 1, ${u('depth')} < 0.8, 2, 3))) as steps
      from bench_order
      array join range(${VISITS_PER_ORDER}) as visit
    )
    array join steps as step, arrayEnumerate(steps) as number`
}
