/** The simulated market against the real API: it sells, outlives an outage, and stops when told. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { freePort } from '../local/port.ts'
import { folder, type Instance, openInstance, runImport, superstore } from './history.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const PASSWORD = 'correct horse battery'
const WAIT_MS_MAX = 60_000
const STOP_MS_MAX = 3_000
const children: ChildProcess[] = []

afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
})

function start(file: string, args: string[], env: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, [join(root, file), ...args], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  return child
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  return child.exitCode
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + WAIT_MS_MAX
  while (!(await isSo().catch(() => false))) {
    if (Date.now() > deadline) throw new Error(`not within ${WAIT_MS_MAX} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function countOf({ sql }: Instance, state: string): Promise<number> {
  const [row] = await sql<[{ orders: number }]>`
    select count(*)::int as orders
    from order_event
    join sales_order on sales_order.id = order_event.order_id
    where source = 'api' and order_event.state = ${state} and delta = 1
  `
  return row.orders
}

/** A hundred lines of Superstore, their goods on every shelf, and somebody to sell them. */
async function openShop(): Promise<Instance> {
  const instance = await openInstance('USD', 'America/New_York')
  const csv = join(folder, 'few.csv')
  const lines = readFileSync(superstore.files[0] ?? '', 'utf8').split('\n')
  writeFileSync(csv, `${lines.slice(0, 101).join('\n')}\n`)
  await runImport(instance, { ...superstore, files: [csv] })
  await instance.sql`
    select receive_stock(sku.id, warehouse.id, 1000, 1000000, 'opening', now())
    from sku cross join warehouse
  `
  const user = ['--login', 'desk', '--role', 'operations', '--name', 'Desk']
  const env = { DATABASE_URL: instance.url, USER_PASSWORD: PASSWORD }
  expect(await ended(start('core-api/src/identity/create-user.ts', user, env))).toBe(0)
  return instance
}

test('a market sells, goes on after the API was killed, and stops in time', async () => {
  const instance = await openShop()
  const port = String(await freePort())
  const url = `http://127.0.0.1:${port}`
  const startApi = () =>
    start('core-api/src/server.ts', [], {
      DATABASE_URL: instance.url,
      TOKEN_SECRET: 'a secret of thirty-two letters at least',
      PORT: port,
      LOG_LEVEL: 'error',
    })
  const api = startApi()
  await until('the API answers', async () => (await fetch(`${url}/health`)).ok)

  const flags = ['--url', url, '--login', 'desk', '--rate', '10', '--seed', '3']
  const market = start('bench/market/run.ts', flags, { MARKET_PASSWORD: PASSWORD })
  let out = ''
  market.stdout?.on('data', (data: Buffer) => (out += data.toString()))
  await until('orders are paid', async () => (await countOf(instance, 'paid')) >= 5)

  api.kill('SIGKILL')
  await ended(api)
  const before = await countOf(instance, 'placed')
  startApi()
  await until('orders come again', async () => (await countOf(instance, 'placed')) > before + 5)

  const stopping = performance.now()
  market.kill('SIGTERM')
  expect(await ended(market)).toBe(0)
  expect(performance.now() - stopping).toBeLessThan(STOP_MS_MAX)
  const last: { placed: number; visits: number; seed: number } = JSON.parse(out)
  expect(last).toMatchObject({ seed: 3 })
  expect(last.visits).toBeGreaterThan(last.placed)

  // A call whose answer was lost is asked again with its key: no order is there twice.
  const [orders] = await instance.sql<[{ orders: number; visits: number; carts: number }]>`
    select count(*)::int as orders, count(distinct external_id)::int as visits,
      (select count(*)::int from funnel_event where step = 'cart') as carts
    from sales_order
    where source = 'api'
  `
  expect(orders.orders).toBe(orders.visits)
  expect(orders.carts).toBeGreaterThan(0)
  expect(await instance.sql`select * from stock_level_difference`).toEqual([])
  await instance.close()
}, 180_000)

test('the past of a market is posted once, through every ledger, however often it is asked for', async () => {
  const instance = await openShop()
  const { sql } = instance
  const wanted = ['--until', '2026-11-24T12:00:00Z', '--rate', '0.01', '--seed', '3', '--days', '3']
  const env = { DATABASE_URL: instance.url }
  const levels = await sql`select * from stock_level order by sku_id, warehouse_id`
  expect(await ended(start('bench/market/history.ts', wanted, env))).toBe(0)
  const told = async () => {
    const [row] = await sql<[Record<string, string>]>`
      select count(*) as orders, count(paid_at) as paid, count(shipped_at) as shipped, count(visit_id) as visited,
        count(cancelled_at) filter (where paid_at is not null) as called_off, sum(total_cents) as total_cents,
        (select count(*) from journal_txn where kind = 'sale' and source_type = 'order'
          and source_id in (select id from sales_order where source = 'api')) as sales,
        (select count(*) from journal_txn where kind = 'cogs' and source_type = 'order'
          and source_id in (select id from sales_order where source = 'api')) as costs,
        (select count(*) from journal_txn where kind = 'cancel') as refunds,
        (select count(*) from funnel_event where step = 'order') as funnel_orders,
        (select sum(order_line.total_cents) + sum(distinct_shipping.cents) from order_line
          join sales_order as o on o.id = order_id
          cross join lateral (select case line_no when 1 then o.shipping_cents else 0 end as cents) as distinct_shipping
          where o.source = 'api') as lines_cents
      from sales_order
      where source = 'api'
    `
    return row
  }
  const first = await told()
  expect(Number(first.orders)).toBeGreaterThan(2_000)
  expect(first.sales).toBe(first.paid)
  expect(first.costs).toBe(first.shipped)
  expect(first.refunds).toBe(first.called_off)
  expect(first.funnel_orders).toBe(first.visited)
  expect(first.lines_cents).toBe(first.total_cents)
  expect(await sql`select * from stock_level order by sku_id, warehouse_id`).toEqual(levels)
  expect(await sql`select * from stock_level_difference`).toEqual([])

  expect(await ended(start('bench/market/history.ts', wanted, env))).toBe(0)
  expect(await told()).toEqual(first)
  await instance.close()
}, 180_000)

test('a rate of nothing is wrong usage', async () => {
  const flags = ['--url', 'http://127.0.0.1:9', '--login', 'desk', '--rate', '0']
  const market = start('bench/market/run.ts', flags, { MARKET_PASSWORD: 'x' })
  expect(await ended(market)).toBe(2)
})
