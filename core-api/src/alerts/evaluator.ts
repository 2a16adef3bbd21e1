/**
 * Looks at what has changed and says what needs somebody. Postgres judges (sql/postgres/0034, 0055, 0060 and 0061); this asks it to, several
 * times a second. Any number of processes may run it: signals are shared by `skip locked`, evaluations come one after
 * the other. After a failure, and now and then, every shelf is looked at, so nothing depends on a signal that was lost.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import type { Sql } from '../lib/postgres.ts'

const POLL_MS = 100
const SIGNALS_MAX = 500
const ORDERS_EVERY_MS = 1_000
const ORDERS_MAX = 500
const OPEN_EVERY_MS = 15_000
const ALL_EVERY_MS = 3_600_000
const SHELVES_PER_STEP = 500
const RETRY_MS_MAX = 5_000

type Setting = { sql: Sql; log: FastifyBaseLogger; unpaidMinutes: number }
export type Evaluator = { stop(): Promise<void> }

export function startEvaluator({ sql, log, unpaidMinutes }: Setting): Evaluator {
  const stopping = new AbortController()
  const running = run()
  return {
    async stop() {
      stopping.abort()
      await running
    },
  }

  async function run(): Promise<void> {
    let failures = 0
    let isAllDue = true
    const due = { orders: 0, open: 0, all: 0 }
    while (!stopping.signal.aborted) {
      try {
        const now = Date.now()
        if (isAllDue || now >= due.all) {
          await evaluateAll(sql, stopping.signal)
          due.all = Date.now() + ALL_EVERY_MS
          isAllDue = false
        }
        const taken = await evaluateSignals(sql)
        if (now >= due.orders) {
          await evaluateOrders(sql, unpaidMinutes)
          due.orders = now + ORDERS_EVERY_MS
        }
        if (now >= due.open) {
          await evaluateOpen(sql)
          due.open = now + OPEN_EVERY_MS
        }
        failures = 0
        // A full batch is followed at once: the backlog is worked off, never piled up.
        if (taken < SIGNALS_MAX) await rest(POLL_MS)
      } catch (error) {
        failures += 1
        isAllDue = true
        if (failures === 1) log.error({ err: error }, 'alerts are not evaluated; trying again')
        await rest(Math.min(POLL_MS * 2 ** failures, RETRY_MS_MAX))
      }
    }
  }

  async function rest(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: stopping.signal }).catch(() => {})
  }
}

/** What changed since the last look; returns how many signals there were. */
export async function evaluateSignals(sql: Sql): Promise<number> {
  const [{ taken }] = await sql<[{ taken: number }]>`
    select evaluate_alert_signals(${SIGNALS_MAX}) as taken
  `
  return taken
}

/** What the clock raises, and orders that have moved on. */
export async function evaluateOrders(sql: Sql, unpaidMinutes: number): Promise<void> {
  await sql`select evaluate_order_alerts(${unpaidMinutes}, ${ORDERS_MAX}), wake_alerts()`
}

/** What the clock calms. */
export async function evaluateOpen(sql: Sql): Promise<void> {
  await sql`select evaluate_open_alerts()`
}

/** Every shelf, in steps: each is short, so that signals of the day do not wait behind it for long. */
export async function evaluateAll(
  sql: Sql,
  signal: AbortSignal = new AbortController().signal,
): Promise<void> {
  let shelf: Shelf | undefined = { sku_id: 0, warehouse_id: 0 }
  while (shelf !== undefined && !signal.aborted) shelf = await evaluateAfter(sql, shelf)
}

type Shelf = { sku_id: number; warehouse_id: number }

/** One step; returns the last shelf of it, nothing when there is none left. */
async function evaluateAfter(sql: Sql, { sku_id, warehouse_id }: Shelf) {
  const shelves = await sql<Shelf[]>`
    select sku_id, warehouse_id
    from stock_level
    where (sku_id, warehouse_id) > (${sku_id}, ${warehouse_id})
    order by sku_id, warehouse_id
    limit ${SHELVES_PER_STEP}
  `
  await sql`
    select evaluate_shelf_alerts(
      ${shelves.map((shelf) => shelf.sku_id)}::bigint[],
      ${shelves.map((shelf) => shelf.warehouse_id)}::bigint[]
    )
  `
  return shelves.at(-1)
}
