import { randomBytes } from 'node:crypto'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { checkCore } from './core.ts'

let sql: postgres.Sql
let maintenance: postgres.Sql
const name = `operations_${randomBytes(5).toString('hex')}`

beforeAll(async () => {
  maintenance = postgres(inject('databaseUrl'), { max: 1, onnotice: () => {} })
  await maintenance`create database ${maintenance(name)} template ${maintenance(inject('templateDatabase'))}`
  const url = new URL(inject('databaseUrl'))
  url.pathname = `/${name}`
  sql = postgres(url.href, { max: 2, onnotice: () => {} })
  await business()
})

afterAll(async () => {
  await sql.end()
  await maintenance`drop database ${maintenance(name)} with (force)`
  await maintenance.end()
})

/** A transfer of 10 of which 8 arrived and 2 are on their way, one with a loss, one that was taken back; a purchase in two parts; an alert. */
async function business() {
  await sql.unsafe(`
    insert into instance (name, currency, time_zone) values ('Test', 'CNY', 'Asia/Shanghai');
    insert into product (code, name) values ('p', 'p');
    insert into sku (product_id, code, name, reorder_point) values (1, 's', 's', 30);
    insert into warehouse (code, name) values ('a', 'a'), ('b', 'b');
    insert into app_user (login, name, password_hash, role) values ('ann', 'Ann', 'x', 'operations');
    select receive_stock(1, 1, 100, 1003, 'opening', now());
    insert into stock_transfer (sku_id, from_warehouse_id, to_warehouse_id, quantity, requested_by)
    values (1, 1, 2, 10, 1), (1, 1, 2, 5, 1), (1, 1, 2, 7, 1), (1, 1, 2, 3, 1);
    select post_transfer_requested(id) from stock_transfer;
    update stock_transfer set state = 'shipped', shipped_at = now() where id in (1, 2);
    select post_transfer_shipped(1), post_transfer_shipped(2);
    select post_transfer_received(1, 8, now()), post_transfer_received(2, 1, now());
    select post_transfer_lost(2, now());
    update stock_transfer set state = 'cancelled', closed_at = now() where id = 3;
    select post_transfer_cancelled(3);
    insert into purchase_request (sku_id, warehouse_id, quantity, cost_cents, expected_on, requested_by, state, approved_at)
    values (1, 2, 9, 100, current_date, 1, 'approved', now());
    select post_purchase_received(1, 4, 44, 1, now());
    select post_purchase_received(1, 5, 56, 1, now());
    select evaluate_alert_signals(100);
  `)
}

async function violations() {
  const results = await sql.begin((transaction) => checkCore(transaction))
  return results.flatMap((result) => (result.violations > 0 ? [result.name] : []))
}

test('transfers, purchases and alerts agree with their moves, the journal and their history', async () => {
  expect(await sql`select id from alert`).not.toHaveLength(0)
  expect(await violations()).toEqual([])
})

test('each kind of damage is found by its check', async () => {
  for (const [damage, repair, found] of [
    [
      'update stock_level set in_transit = in_transit + 1 where warehouse_id = 2',
      'update stock_level set in_transit = in_transit - 1 where warehouse_id = 2',
      ['stock_level_is_its_moves', 'transit_is_open_transfers'],
    ],
    [
      'update stock_transfer set cost_cents = cost_cents + 1 where id = 1',
      'update stock_transfer set cost_cents = cost_cents - 1 where id = 1',
      ['transit_is_worth_its_transfers'],
    ],
    [
      'update stock_transfer set received_quantity = 7 where id = 1',
      'update stock_transfer set received_quantity = 8 where id = 1',
      ['transit_is_open_transfers', 'transfer_is_its_moves'],
    ],
    [
      'update purchase_request set received_cost_cents = 99',
      'update purchase_request set received_cost_cents = 100',
      ['purchase_is_its_receipts'],
    ],
    [
      `update alert set closed_at = now(), close_reason = 'acted'`,
      'update alert set closed_at = null, close_reason = null',
      ['alert_is_its_history'],
    ],
  ] as const) {
    await sql.unsafe(damage)
    expect(await violations(), damage).toEqual([...found])
    await sql.unsafe(repair)
  }
  expect(await violations()).toEqual([])
})
