/** Plays a plan against the API in real time: each step at its moment, a bounded number of them at once. */
import { type Api, MarketStopped, WrongLogin } from './api.ts'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import type { PlannedOrder, Visit } from './plan.ts'

export type Counts = Record<
  'visits' | 'placed' | 'paid' | 'shipped' | 'completed' | 'cancelled' | 'out_of_stock' | 'missed',
  number
>
export type Traffic = {
  counts: Counts
  /** Pieces sold of a sku out of a warehouse since the market opened. */
  sold: Map<string, number>
  later(ms: number, work: () => Promise<void>): void
  play(plan: Iterator<Visit>): void
  stop(): Promise<void>
}
type Event = {
  step: 'visit' | 'view' | 'cart'
  visit_id: string
  channel_id: number
  distributor_id: number | null
  promo_code: string | null
  sku_id: number | null
}

const WAITING_MAX = 20_000
const CALLS_MAX = 8
const CALLS_WAITING_MAX = 400
const EVENTS_PER_CALL = 500
const EVENTS_WAITING_MAX = 20_000
const EVENTS_MS = 1_000
/** After a sleep or an outage the market goes on from now; it does not make up for the time it missed. */
const LATE_MS_MAX = 10_000

const PlacedOrder = Type.Object({ id: Type.Integer(), warehouse_id: Type.Integer() })

/** `run` tells this run's visits from those of an earlier run with the same seed. */
export function openTraffic(api: Api, run: string, onError: (error: unknown) => void): Traffic {
  const counts: Counts = {
    visits: 0,
    placed: 0,
    paid: 0,
    shipped: 0,
    completed: 0,
    cancelled: 0,
    out_of_stock: 0,
    missed: 0,
  }
  const sold = new Map<string, number>()
  const timers = new Set<NodeJS.Timeout>()
  const gate = openGate(CALLS_MAX, CALLS_WAITING_MAX)
  let events: Event[] = []
  let isStopping = false
  let isSending = false
  const sender = setInterval(() => void sendEvents(), EVENTS_MS)
  return { counts, sold, later, play, stop }

  function play(plan: Iterator<Visit>): void {
    let startedAt = Date.now()
    const next = () => {
      const step = plan.next()
      if (step.done || isStopping) return
      const visit = step.value
      const wait = startedAt + visit.at_ms - Date.now()
      if (wait < -LATE_MS_MAX) startedAt -= wait
      later(Math.max(0, wait), async () => {
        next()
        await begin(visit)
      })
    }
    next()
  }

  function later(ms: number, work: () => Promise<void>): void {
    if (isStopping) return
    if (timers.size >= WAITING_MAX) {
      counts.missed += 1
      return
    }
    const timer = setTimeout(() => {
      timers.delete(timer)
      work().catch((error: unknown) => {
        if (error instanceof MarketStopped || isStopping) return
        counts.missed += 1
        onError(error)
      })
    }, ms)
    timers.add(timer)
  }

  async function begin(visit: Visit): Promise<void> {
    const { channel_id, distributor_id, promo_code, order, cart_ms, viewed_sku_id, view_ms } = visit
    const visit_id = `${run}-${visit.number}`
    const tell = async (step: Event['step'], sku_id: number | null) => {
      if (events.length >= EVENTS_WAITING_MAX) return
      events.push({ step, visit_id, channel_id, distributor_id, promo_code, sku_id })
    }
    counts.visits += 1
    if (visit.isCounted) await tell('visit', null)
    if (viewed_sku_id !== null) later(view_ms, () => tell('view', viewed_sku_id))
    if (cart_ms !== null) later(view_ms + cart_ms, () => tell('cart', viewed_sku_id))
    if (order === null) return
    const before = visit.isCounted ? view_ms + (cart_ms ?? 0) : 0
    // The visit is told once a second; an order that overtook it would be a step of no funnel.
    const wait = before + order.place_ms + (visit.isCounted ? 2 * EVENTS_MS : 0)
    later(wait, () => place(visit, order, visit_id))
  }

  async function place(visit: Visit, order: PlannedOrder, visit_id: string): Promise<void> {
    const { customer_id, distributor_id, warehouse_id, lines, discount_cents, shipping_cents } =
      order
    const body = {
      channel_id: visit.channel_id,
      customer_id,
      distributor_id,
      warehouse_id,
      visit_id: visit.isCounted ? visit_id : null,
      external_id: visit_id,
      discount_cents,
      shipping_cents,
      lines,
    }
    const answer = await gate(() => api.post('/orders', body, `${visit_id}-place`))
    if (answer.status === 409) {
      counts.out_of_stock += 1
      return
    }
    const placed = answer.body
    if (answer.status !== 201 || !Value.Check(PlacedOrder, placed)) {
      throw new Error(`POST /orders ended with ${answer.status}: ${JSON.stringify(answer.body)}`)
    }
    counts.placed += 1
    for (const { sku_id, quantity } of lines) {
      const shelf = `${sku_id} ${placed.warehouse_id}`
      sold.set(shelf, (sold.get(shelf) ?? 0) + quantity)
    }
    follow(order, placed.id, visit_id)
  }

  function follow(order: PlannedOrder, id: number, visit_id: string): void {
    const { fate, pay_ms, ship_ms, complete_ms, cancel_ms } = order
    const cancel = () => move(id, 'cancel', 'cancelled', {}, visit_id)
    if (fate === 'unpaid') return later(cancel_ms, cancel)
    later(pay_ms, async () => {
      await move(id, 'pay', 'paid', { method: 'card', channel_txn: visit_id }, visit_id)
      if (fate === 'cancelled') return later(cancel_ms, cancel)
      later(ship_ms, async () => {
        await move(id, 'ship', 'shipped', {}, visit_id)
        later(complete_ms, () => move(id, 'complete', 'completed', {}, visit_id))
      })
    })
  }

  async function move(
    id: number,
    verb: 'pay' | 'ship' | 'complete' | 'cancel',
    count: 'paid' | 'shipped' | 'completed' | 'cancelled',
    body: object,
    visit_id: string,
  ): Promise<void> {
    const path = `/orders/${id}/${verb}`
    const { status, body: answer } = await gate(() => api.post(path, body, `${visit_id}-${verb}`))
    if (status !== 200)
      throw new Error(`POST ${path} ended with ${status}: ${JSON.stringify(answer)}`)
    counts[count] += 1
  }

  async function sendEvents(): Promise<void> {
    if (isSending || events.length === 0) return
    isSending = true
    try {
      while (events.length > 0 && !isStopping) {
        const batch = events.slice(0, EVENTS_PER_CALL)
        events = events.slice(EVENTS_PER_CALL)
        const { status, body } = await api.post('/funnel-events', { events: batch })
        if (status !== 202) onError(new Error(`funnel: ${status} ${JSON.stringify(body)}`))
      }
    } catch (error) {
      if (!isStopping) onError(error)
    } finally {
      isSending = false
    }
  }

  async function stop(): Promise<void> {
    isStopping = true
    clearInterval(sender)
    for (const timer of timers) clearTimeout(timer)
    timers.clear()
    api.stop()
  }
}

/** At most `atOnce` calls run; at most `waitingMax` wait for their turn, the rest are given up. */
function openGate(atOnce: number, waitingMax: number) {
  let running = 0
  const waiting: (() => void)[] = []
  return async <T>(call: () => Promise<T>): Promise<T> => {
    if (running >= atOnce) {
      if (waiting.length >= waitingMax) throw new Error('the API is too slow for this rate')
      const { promise, resolve } = Promise.withResolvers<void>()
      waiting.push(resolve)
      await promise
    } else {
      running += 1
    }
    try {
      return await call()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }
}

export function isFatal(error: unknown): boolean {
  return error instanceof WrongLogin
}
