/** Postgres with the same facts: only the columns that are asked for, and an index for every question. */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Sql } from 'postgres'

/** Column by column: what it is in Postgres, and how ClickHouse writes it for `copy`. */
const TABLES: Record<string, Record<string, string>> = {
  journal_entry: {
    at: 'timestamptz',
    business_day: 'date',
    kind: 'text',
    account: 'text',
    amount_cents: 'bigint',
    quantity: 'bigint',
    order_id: 'bigint',
    product_id: 'bigint',
    channel_id: 'bigint',
    distributor_id: 'bigint',
    ancestor_ids: 'bigint[]',
  },
  funnel_event: { at: 'timestamptz', step: 'text', channel_id: 'bigint' },
  stock_move: {
    at: 'timestamptz',
    kind: 'text',
    sku_id: 'bigint',
    product_id: 'bigint',
    warehouse_id: 'bigint',
    on_hand_delta: 'bigint',
    reserved_delta: 'bigint',
  },
  commission_entry: {
    distributor_id: 'bigint',
    state: 'text',
    level: 'int',
    amount_cents: 'bigint',
  },
  distributor: { id: 'bigint', name: 'text', parent_id: 'bigint', region: 'text' },
  product: { id: 'bigint', name: 'text' },
  sku: {
    id: 'bigint',
    product_id: 'bigint',
    name: 'text',
    reorder_point: 'int',
    lead_time_days: 'int',
  },
  channel: { id: 'bigint', code: 'text', name: 'text' },
  warehouse: { id: 'bigint', name: 'text' },
}

/** Covering where that saves reading the table: what an expert would do who knows these questions. */
const INDEXES = [
  `create index on journal_entry (at) include (account, kind, amount_cents, quantity, product_id, channel_id, distributor_id)`,
  `create index on journal_entry (account, at) include (amount_cents, distributor_id, ancestor_ids)`,
  'create index on journal_entry (product_id, at) include (account, quantity)',
  'create index on journal_entry using gin (ancestor_ids)',
  'create index on funnel_event (at) include (step)',
  `create index on stock_move (kind, at) include (sku_id, product_id, warehouse_id, on_hand_delta)`,
  'create index on stock_move (product_id, kind, at)',
  'create index on commission_entry (distributor_id) include (state, level, amount_cents)',
  ...['distributor', 'product', 'sku', 'channel', 'warehouse'].map(
    (table) => `alter table ${table} add primary key (id)`,
  ),
]

export async function fillPeer(sql: Sql, clickhouseUrl: string) {
  for (const [table, columns] of Object.entries(TABLES)) {
    const names = Object.keys(columns)
    await sql.unsafe(
      `create unlogged table ${table} (${names.map((name) => `${name} ${columns[name]}`).join(', ')})`,
    )
    const target = await sql.unsafe(`copy ${table} (${names.join(', ')}) from stdin`).writable()
    await pipeline(await exportOf(clickhouseUrl, table, columns), target)
  }
  await sql`
    create table stock_level as
    select sku_id, warehouse_id, sum(on_hand_delta) as on_hand, sum(reserved_delta) as reserved
    from stock_move
    group by sku_id, warehouse_id
  `
  for (const index of INDEXES) await sql.unsafe(index)
  await sql`vacuum analyze`
}

async function exportOf(url: string, table: string, columns: Record<string, string>) {
  const source = new URL(url)
  const selected = Object.entries(columns).map(([name, type]) => {
    if (type === 'bigint[]') return `concat('{', arrayStringConcat(${name}, ','), '}')`
    return type === 'timestamptz' ? `concat(toString(${name}), '+00')` : name
  })
  const response = await fetch(`${source.origin}/?database=${source.pathname.slice(1)}`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${source.username}:${source.password}`).toString('base64')}`,
    },
    body: `select ${selected.join(', ')} from ${table} format TabSeparated`,
  })
  if (!response.ok || response.body === null) throw new Error(await response.text())
  return Readable.from(response.body)
}
