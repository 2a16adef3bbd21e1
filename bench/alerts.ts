/**
 * From the commit that empties a shelf to the alert in the API's answer, while business goes on; then what naming the
 * changed shelves costs those who post, beside the same without it, and beside a NOTIFY in its place.
 */
import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type postgres from 'postgres'
import { startChild } from '../local/child.ts'
import { freePort } from '../local/port.ts'
import { root } from '../local/root.ts'
import { baseEnvironment } from '../local/services.ts'
import { measurePosting } from './alerts/posting.ts'
import { numbersOf } from './lib/arguments.ts'
import { type Bench, onStop, startEngines } from './lib/engines.ts'
import { placeOrders, prepareOrders } from './lib/orders.ts'
import { type Percentiles, percentilesOf } from './lib/percentiles.ts'

const SKUS = 1_000
/** What prepareOrders puts on every shelf, and what is left on those of the samples. */
const STOCKED = 10_000_000
const KEPT = 100
const SOLD = 90
const POLL_MS = 5
const BETWEEN_MS = 100
const SEEN_MS_MAX = 20_000
const START_MS_MAX = 30_000

type Api = { url: string; token: string; stop: () => Promise<void> }

export async function run(args: string[]) {
  const wanted = numbersOf(args, { rate: 200, samples: 150, rounds: 6, seconds: 4 })
  const bench = await startEngines()
  await openShop(bench.sql)
  await prepareOrders(bench.sql)
  await changeSamples(bench.sql, KEPT - STOCKED)
  let api = await startApi(bench)

  const { opened, closed } = await measureVisible(bench.sql, api, wanted)
  say(`opened: p50 ${opened.p50} ms, p95 ${opened.p95} ms; closed: p50 ${closed.p50} ms`)
  await changeSamples(bench.sql, STOCKED)
  const posting = await measurePosting(bench.sql, {
    rounds: wanted.rounds,
    seconds: wanted.seconds,
    startEvaluator: async () => {
      api = await startApi(bench)
    },
    stopEvaluator: () => api.stop(),
    say,
  })
  return {
    visible_ms: opened,
    gone_ms: closed,
    changes_per_s: wanted.rate,
    ...posting,
  }
}

/** Each sample breaks a shelf of its own and mends it again, so that the list stays as short as a day's. */
async function measureVisible(
  sql: postgres.Sql,
  api: Api,
  { rate, samples }: { rate: number; samples: number },
): Promise<{ opened: Percentiles; closed: Percentiles }> {
  const [opened, closed]: [number[], number[]] = [[], []]
  const seconds = Math.ceil((samples * (2 * BETWEEN_MS + 400)) / 1_000)
  let isOver = false
  const business = placeOrders(sql, { rate, seconds }).finally(() => (isOver = true))
  for (let sample = 0; sample < samples && !isOver; sample += 1) {
    const skuId = SKUS + 1 + sample
    await move(sql, skuId, -SOLD)
    opened.push(await msUntil(api, skuId, true))
    await rest()
    await move(sql, skuId, SOLD)
    closed.push(await msUntil(api, skuId, false))
    await rest()
  }
  await business
  return { opened: percentilesOf(opened), closed: percentilesOf(closed) }
}

/** Never in step with the evaluator, which looks at regular times. */
function rest() {
  return sleep(BETWEEN_MS * (0.5 + Math.random()))
}

async function msUntil(api: Api, skuId: number, isListed: boolean): Promise<number> {
  const committedAt = performance.now()
  while (performance.now() - committedAt < SEEN_MS_MAX) {
    const open = await listOpen(api)
    if (open.has(skuId) === isListed) return performance.now() - committedAt
    await sleep(POLL_MS)
  }
  throw new Error(`the alert of sku ${skuId} did not change in ${SEEN_MS_MAX} ms`)
}

async function listOpen({ url, token }: Api): Promise<Set<number>> {
  const response = await fetch(`${url}/alerts`, { headers: { authorization: `Bearer ${token}` } })
  if (!response.ok) throw new Error(`GET /alerts: ${response.status} ${await response.text()}`)
  const { items }: { items: { shelf: { sku_id: number } | null }[] } = await response.json()
  return new Set(items.flatMap(({ shelf }) => (shelf === null ? [] : [shelf.sku_id])))
}

async function move(sql: postgres.Sql, skuId: number, quantity: number) {
  await sql`
    insert into stock_move (at, business_day, kind, sku_id, product_id, warehouse_id, on_hand_delta)
    values (now(), current_date, 'adjust', ${skuId}, ${skuId}, 1, ${quantity})
  `
}

async function changeSamples(sql: postgres.Sql, quantity: number) {
  await sql`
    insert into stock_move (at, business_day, kind, sku_id, product_id, warehouse_id, on_hand_delta)
    select now(), current_date, 'adjust', id, product_id, 1, ${quantity}
    from sku
    where id > ${SKUS}
  `
}

/** A thousand things to sell, and as many again with a reorder point, which the samples take. */
async function openShop(sql: postgres.Sql) {
  await sql`insert into instance (name, currency, time_zone) values ('Bench', 'CNY', 'Asia/Shanghai')`
  await sql`insert into channel (code, name) values ('web', 'Web')`
  await sql`insert into warehouse (code, name) values ('main', 'Main')`
  await sql`insert into product (code, name) select 'p' || n, 'Product ' || n from generate_series(1, ${2 * SKUS}) as n`
  await sql`
    insert into sku (product_id, code, name, reorder_point)
    select id, code, name, case when id > ${SKUS} then 20 end
    from product
    order by id
  `
}

/** The core itself, as it runs in production, and a session in it. */
async function startApi({ folder, server, sql }: Bench): Promise<Api> {
  const port = await freePort()
  const child = await startChild({
    command: process.execPath,
    args: [join(root, 'core-api/src/server.ts')],
    env: {
      ...baseEnvironment(),
      PORT: String(port),
      DATABASE_URL: server.url('core'),
      TOKEN_SECRET: randomBytes(32).toString('hex'),
    },
    log: join(folder, 'core-api.log'),
  })
  onStop(child.stop)
  const url = `http://127.0.0.1:${port}`
  const deadline = Date.now() + START_MS_MAX
  while (!(await fetch(`${url}/health`).catch(() => null))?.ok) {
    if (Date.now() > deadline) throw new Error('core-api did not start')
    await sleep(BETWEEN_MS)
  }
  const token = randomBytes(32).toString('base64url')
  await sql`
    with reader as (
      insert into app_user (login, name, role, password_hash)
      values (${randomBytes(6).toString('hex')}, 'Bench', 'operations', 'none')
      returning id
    )
    insert into session (token_hash, user_id, expires_at)
    select ${createHash('sha256').update(token).digest()}, id, now() + interval '1 day'
    from reader
  `
  return { url, token, stop: child.stop }
}

function say(line: string) {
  process.stdout.write(`${line}\n`)
}
