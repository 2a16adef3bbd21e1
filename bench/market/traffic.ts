/** Plays a plan against the API in real time: each visit and each step of an order at its moment. */
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import type { Api } from './api.ts'
import { openFunnel, type Step, TELL_MS } from './funnel.ts'
import type { PlannedOrder, Visit } from './plan.ts'
import type { Schedule } from './schedule.ts'

type Counted = 'visits' | 'placed' | 'paid' | 'shipped' | 'completed' | 'cancelled' | 'out_of_stock'
export type Counts = Record<Counted, number>

export type Traffic = {
  counts: Counts
  /** Pieces sold by `sku warehouse` since the market opened. */
  sold: Map<string, number>
}

/** `run` tells this run's visits from those of an earlier run with the same seed. */
type Parts = { api: Api; schedule: Schedule; plan: Iterator<Visit>; run: string }
type Street = Traffic & Omit<Parts, 'plan'> & { tell: (step: Step) => void }

/** After a sleep or an outage the market goes on from now; it does not make up for the time it missed. */
const LATE_MS_MAX = 10_000

const PlacedOrder = Type.Object({ id: Type.Integer(), warehouse_id: Type.Integer() })

export function openTraffic({ api, schedule, plan, run }: Parts): Traffic {
  const counts: Counts = {
    visits: 0,
    placed: 0,
    paid: 0,
    shipped: 0,
    completed: 0,
    cancelled: 0,
    out_of_stock: 0,
  }
  const tell = openFunnel(api, schedule)
  const street: Street = { api, schedule, run, counts, sold: new Map(), tell }
  let startedAt = Date.now()
  next()
  return street

  function next(): void {
    const step = plan.next()
    if (step.done) return
    const wait = startedAt + step.value.at_ms - Date.now()
    if (wait < -LATE_MS_MAX) startedAt -= wait
    schedule.later(Math.max(0, wait), () => {
      next()
      begin(street, step.value)
    })
  }
}

function begin(street: Street, visit: Visit): void {
  const { schedule, counts, run, tell } = street
  const { channel_id, distributor_id, promo_code, order, cart_ms, viewed_sku_id, view_ms } = visit
  const visit_id = `${run}-${visit.number}`
  const tellStep = (step: Step['step'], sku_id: number | null) =>
    tell({ step, visit_id, channel_id, distributor_id, promo_code, sku_id })

  counts.visits += 1
  if (visit.isCounted) tellStep('visit', null)
  if (viewed_sku_id !== null) schedule.later(view_ms, () => tellStep('view', viewed_sku_id))
  if (cart_ms !== null) schedule.later(view_ms + cart_ms, () => tellStep('cart', viewed_sku_id))
  if (order === null) return
  // The visit is told once a second; an order that overtook it would be a step of no funnel.
  const before = visit.isCounted ? view_ms + (cart_ms ?? 0) + 2 * TELL_MS : 0
  schedule.later(before + order.place_ms, () => place(street, visit, order, visit_id))
}

async function place(
  street: Street,
  visit: Visit,
  order: PlannedOrder,
  visit_id: string,
): Promise<void> {
  const { api, schedule, counts, sold } = street
  const { customer_id, distributor_id, warehouse_id, lines, discount_cents, shipping_cents } = order
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
  const answer = await schedule.inTurn(() => api.post('/orders', body, `${visit_id}-place`))
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
  follow(street, order, placed.id, visit_id)
}

/** What the plan has in store for it: paid, shipped and completed, or left unpaid, or called off. */
function follow(street: Street, order: PlannedOrder, id: number, visit_id: string): void {
  const { schedule } = street
  const { fate, pay_ms, ship_ms, complete_ms, cancel_ms } = order
  const move = async (verb: Verb, body: object = {}) => moveOrder(street, id, verb, body, visit_id)
  if (fate === 'unpaid') {
    schedule.later(cancel_ms, () => move('cancel'))
    return
  }
  schedule.later(pay_ms, async () => {
    await move('pay', { method: 'card', channel_txn: visit_id })
    if (fate === 'cancelled') {
      schedule.later(cancel_ms, () => move('cancel'))
      return
    }
    schedule.later(ship_ms, async () => {
      await move('ship')
      schedule.later(complete_ms, () => move('complete'))
    })
  })
}

const COUNT_OF = {
  pay: 'paid',
  ship: 'shipped',
  complete: 'completed',
  cancel: 'cancelled',
} as const
type Verb = keyof typeof COUNT_OF

async function moveOrder(
  { api, schedule, counts }: Street,
  id: number,
  verb: Verb,
  body: object,
  visit_id: string,
): Promise<void> {
  const path = `/orders/${id}/${verb}`
  const answer = await schedule.inTurn(() => api.post(path, body, `${visit_id}-${verb}`))
  if (answer.status !== 200) {
    throw new Error(`POST ${path} ended with ${answer.status}: ${JSON.stringify(answer.body)}`)
  }
  counts[COUNT_OF[verb]] += 1
}
