/** Ledgers written straight into ClickHouse, as many rows as wanted, from a seed: entries of any kind, up to yesterday. */
import type { ClickHouseClient } from '@clickhouse/client'

/** Clocks go forward here at midnight, so one day of the year has none. */
export const ZONE = 'America/Santiago'
const DAYS = 220
const DAY_MS = 86_400_000
const CUSTOMERS = 150
const DISTRIBUTORS = 12
const SKUS = 24

type Posting = { first: number; rows: number; seed: number }

export function dayOf(daysAgo: number) {
  return new Date(Date.now() - daysAgo * DAY_MS).toISOString().slice(0, 10)
}

/** Some of nobody, some late, and amounts beyond what a double can tell. */
export async function postLedgers(client: ClickHouseClient, posting: Posting) {
  for (const query of [journal(posting), stock(posting), commissions(posting)]) {
    await client.command({ query })
  }
}

function wordsOf({ first, seed }: Posting) {
  const id = `${first} + number`
  const of = (purpose: string, size: number) =>
    `toInt64(cityHash64(${id}, ${seed}, '${purpose}') % ${size})`
  return {
    id,
    of,
    at: `toDateTime64('${dayOf(DAYS)} 04:00:00', 6, 'UTC') + toIntervalMillisecond(${of('at', (DAYS - 1) * DAY_MS)}) as at`,
    day: `toDate32(toTimeZone(at, '${ZONE}'))`,
    cents: `${of('amount', 10)} * 100000000000000 - 200000000000000 + ${of('cents', 1_000)}`,
    pieces: `${of('pieces', 9)} - 2`,
    sku: `1 + ${of('sku', SKUS)} as sku, intDiv(sku + 1, 2)`,
  }
}

function journal(posting: Posting) {
  const { id, of, at, day, cents, pieces, sku } = wordsOf(posting)
  const accounts = [
    'sales',
    'discount',
    'refund',
    'cogs',
    'cash',
    'fee',
    'fee_payable',
    'inventory',
  ]
  return `
    insert into journal_entry (id, txn_id, kind, at, business_day, account, amount_cents, quantity, order_id, sku_id,
      product_id, channel_id, distributor_id, ancestor_ids, customer_id, _version)
    select ${id}, number, if(${of('kind', 5)} = 0, 'refund', 'sale'), ${at}, ${day},
      ['${accounts.join("', '")}'][1 + ${of('account', accounts.length)}], ${cents}, ${pieces}, 1 + ${of('order', 900)},
      ${sku}, 1 + ${of('channel', 3)},
      if(${of('direct', 6)} = 0, null, 1 + ${of('seller', DISTRIBUTORS)}) as seller,
      if(seller is null, [], arrayFilter(node -> node > 0,
        [intDiv(assumeNotNull(seller), 4), intDiv(assumeNotNull(seller), 2), assumeNotNull(seller)])),
      if(${of('nobody', 7)} = 0, null, 1 + ${of('customer', CUSTOMERS)}), ${id}
    from numbers(${posting.rows})`
}

function stock(posting: Posting) {
  const { id, of, at, day, cents, pieces, sku } = wordsOf(posting)
  return `
    insert into stock_move (id, at, business_day, kind, sku_id, product_id, warehouse_id, on_hand_delta,
      reserved_delta, value_delta_cents, ancestor_ids, _version)
    select ${id}, ${at}, ${day}, 'receipt', ${sku}, 1 + ${of('warehouse', 3)}, ${pieces}, 0, ${cents}, [], ${id}
    from numbers(${posting.rows})`
}

function commissions(posting: Posting) {
  const { id, of, at, day, cents } = wordsOf(posting)
  return `
    insert into commission_entry (id, at, business_day, kind, state, amount_cents, distributor_id, ancestor_ids, level,
      rate_bps, base_cents, order_id, order_line_id, sku_id, product_id, channel_id, _version)
    select ${id}, ${at}, ${day}, ['accrue', 'clawback', 'release'][1 + ${of('kind', 3)}], 'pending', ${cents},
      1 + ${of('seller', DISTRIBUTORS)} as seller, [seller], 1, 800, 0, number, number, 1, 1, 1, ${id}
    from numbers(${posting.rows})`
}

/** Whom and what the entries name. */
export async function foundMirrors(client: ClickHouseClient) {
  const insert = (table: string, count: number, row: (id: number) => object) =>
    client.insert({
      table,
      format: 'JSONEachRow',
      clickhouse_settings: { date_time_input_format: 'best_effort' },
      values: Array.from({ length: count }, (_, index) => {
        const id = index + 1
        return {
          id,
          code: `code ${id}`,
          name: `Name ${id}`,
          _version: '1',
          _deleted: 0,
          ...row(id),
        }
      }),
    })
  await insert('product', SKUS / 2, (id) => ({ category: `c${id % 3}` }))
  await insert('sku', SKUS, (id) => ({ product_id: Math.ceil(id / 2), is_service: id === SKUS }))
  await insert('customer', CUSTOMERS, () => ({}))
  await insert('distributor', DISTRIBUTORS, (id) => {
    const path = [Math.floor(id / 4), Math.floor(id / 2), id].filter((node) => node > 0)
    return {
      joined_at: `${dayOf(id * 15)}T12:00:00Z`,
      status: 'active',
      grade: 'standard',
      parent_id: path.at(-2) ?? null,
      path: path.join('.'),
      depth: path.length,
    }
  })
}
