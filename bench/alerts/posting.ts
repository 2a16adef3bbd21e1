/** What those who post pay for alerts: orders per second, three ways in turn, so that a slow minute is everybody's. */
import { performance } from 'node:perf_hooks'
import type postgres from 'postgres'
import { medianOf } from '../lib/percentiles.ts'

const SESSIONS = 8
const BULK_MOVES = 20_000
const SIGNAL = /with changed as \([\s\S]*?\)\s*insert into alert_signal[\s\S]*?from changed;/

type Setting = {
  rounds: number
  seconds: number
  startEvaluator: () => Promise<void>
  stopEvaluator: () => Promise<void>
  say: (line: string) => void
}
const WAYS = ['signals', 'without', 'notify'] as const
type Way = (typeof WAYS)[number]

/** `ratio`: orders per second with alerts ÷ without; of NOTIFY likewise, to say why it is not used. */
export async function measurePosting(sql: postgres.Sql, setting: Setting) {
  const { rounds, seconds, startEvaluator, stopEvaluator, say } = setting
  const bodies = await bodiesOf(sql)
  const perS: Record<Way, number[]> = { signals: [], without: [], notify: [] }
  const movesPerS: Record<Way, number[]> = { signals: [], without: [], notify: [] }
  await stopEvaluator()
  for (let round = 0; round < rounds; round += 1) {
    // Tables grow while this runs: each way is first, second and last as often as the others.
    for (const way of turned(round)) {
      await sql.unsafe(bodies[way])
      // The evaluator works beside those who post, as in production: its share of the machine is part of the cost.
      if (way === 'signals') await startEvaluator()
      perS[way].push(await ordersPerS(sql, seconds))
      movesPerS[way].push(await bulkMovesPerS(sql))
      if (way === 'signals') await stopEvaluator()
    }
    say(
      `round ${round + 1}: ${perS.signals.at(-1)} orders/s with alerts, ${perS.without.at(-1)} without, ${perS.notify.at(-1)} with NOTIFY`,
    )
  }
  await sql.unsafe(bodies.signals)
  const orders = mapWays(perS)
  const moves = mapWays(movesPerS)
  return {
    orders_per_s: orders.signals,
    orders_per_s_without: orders.without,
    orders_per_s_notify: orders.notify,
    bulk_moves_per_s: moves.signals,
    bulk_moves_per_s_without: moves.without,
    peer: 'the same without alerts',
    ratio: ratio(orders.signals, orders.without),
    bulk_ratio: ratio(moves.signals, moves.without),
    notify_ratio: ratio(orders.notify, orders.without),
  }
}

/** The trigger as it is, with the signals left out, and with a NOTIFY in their place. */
async function bodiesOf(sql: postgres.Sql): Promise<Record<Way, string>> {
  const [row] = await sql<[{ body: string }]>`
    select pg_get_functiondef('stock_move_apply'::regproc) as body
  `
  const update = SIGNAL.exec(row.body)?.[0]
  if (update === undefined) throw new Error('the trigger of stock_move names no shelves any more')
  const plain = update
    .replace(/^with changed as \(/, '')
    .replace(/\s*returning stock_level\.sku_id[\s\S]*$/, ';')
  return {
    signals: row.body,
    without: row.body.replace(update, plain),
    notify: row.body.replace(update, `${plain} perform pg_notify('alert', '');`),
  }
}

async function ordersPerS(sql: postgres.Sql, seconds: number): Promise<number> {
  const startedAt = performance.now()
  const until = startedAt + seconds * 1_000
  let placed = 0
  async function session() {
    while (performance.now() < until) {
      await sql`select bench_place_order(${crypto.randomUUID()})`
      placed += 1
    }
  }
  await Promise.all(Array.from({ length: SESSIONS }, session))
  return Math.round(placed / ((performance.now() - startedAt) / 1_000))
}

/** As an import posts: many moves in one statement. */
async function bulkMovesPerS(sql: postgres.Sql): Promise<number> {
  const startedAt = performance.now()
  await sql`
    insert into stock_move (at, business_day, kind, sku_id, product_id, warehouse_id, on_hand_delta)
    select now(), current_date, 'adjust', 1 + n % 1000, 1 + n % 1000, 1, 1
    from generate_series(1, ${BULK_MOVES}) as n
  `
  return Math.round(BULK_MOVES / ((performance.now() - startedAt) / 1_000))
}

function mapWays(samples: Record<Way, number[]>): Record<Way, number> {
  return {
    signals: medianOf(samples.signals),
    without: medianOf(samples.without),
    notify: medianOf(samples.notify),
  }
}

function turned(by: number): Way[] {
  return WAYS.map((_, index) => WAYS[(index + by) % WAYS.length] ?? 'signals')
}

function ratio(ours: number, theirs: number) {
  return Number((ours / theirs).toFixed(3))
}
