/** What a plan says had happened by a moment: orders with the state they had reached, and the steps of visits. */
import type { Step } from './funnel.ts'
import { TELL_MS } from './funnel.ts'
import type { PlannedOrder, Visit } from './plan.ts'

export type State = 'placed' | 'paid' | 'shipped' | 'completed' | 'cancelled'
export type PastLine = {
  sku_id: number
  quantity: number
  unit_price_cents: number
  list_cents: number
  discount_cents: number
}
/** Moments are milliseconds since 1970; null has not happened. */
export type PastOrder = {
  visit_id: string
  channel_id: number
  customer_id: number | null
  distributor_id: number | null
  warehouse_id: number | null
  is_counted: boolean
  state: State
  placed_at: number
  paid_at: number | null
  shipped_at: number | null
  completed_at: number | null
  cancelled_at: number | null
  list_cents: number
  discount_cents: number
  shipping_cents: number
  lines: PastLine[]
}
export type PastStep = Step & { at: number }
export type PastVisit = { steps: PastStep[]; order: PastOrder | null }

type Moment = { startsAt: number; until: number; run: string }

/** The visit as far as it had come by `until`; `prices` are in minor units by sku. */
export function pastOf(
  visit: Visit,
  prices: ReadonlyMap<number, number>,
  { startsAt, until, run }: Moment,
): PastVisit {
  const { channel_id, distributor_id, promo_code, view_ms, cart_ms, viewed_sku_id } = visit
  const visit_id = `${run}-${visit.number}`
  const at = startsAt + visit.at_ms
  const told: [Step['step'], number, number | null][] = []
  if (visit.isCounted) told.push(['visit', at, null])
  if (viewed_sku_id !== null) told.push(['view', at + view_ms, viewed_sku_id])
  if (cart_ms !== null) told.push(['cart', at + view_ms + cart_ms, viewed_sku_id])
  const steps = told.flatMap(([step, moment, sku_id]) =>
    moment > until
      ? []
      : [{ step, at: moment, visit_id, channel_id, distributor_id, promo_code, sku_id }],
  )
  const { order } = visit
  if (order === null) return { steps, order: null }
  // As traffic.ts has it: an order comes after its visit has been told.
  const before = visit.isCounted ? view_ms + (cart_ms ?? 0) + 2 * TELL_MS : 0
  const placed_at = at + before + order.place_ms
  if (placed_at > until) return { steps, order: null }
  const { customer_id, warehouse_id, discount_cents, shipping_cents } = order
  const lines = linesOf(order, prices)
  return {
    steps,
    order: {
      ...{ visit_id, channel_id, customer_id, warehouse_id, discount_cents, shipping_cents, lines },
      ...{ distributor_id: order.distributor_id, is_counted: visit.isCounted },
      list_cents: lines.reduce((sum, line) => sum + line.list_cents, 0),
      ...courseOf(order, placed_at, until),
    },
  }
}

/** The state an order had reached by `until`, and when it entered each. */
function courseOf(order: PlannedOrder, placed_at: number, until: number) {
  const isPaid = order.fate !== 'unpaid'
  const happened = (at: number | null) => (at !== null && at <= until ? at : null)
  const pays_at = isPaid ? placed_at + order.pay_ms : null
  const ships_at = pays_at !== null && order.fate === 'completed' ? pays_at + order.ship_ms : null
  const paid_at = happened(pays_at)
  const shipped_at = happened(ships_at)
  const completed_at = happened(ships_at === null ? null : ships_at + order.complete_ms)
  const isCalledOff = order.fate !== 'completed'
  const cancelled_at = happened(isCalledOff ? (pays_at ?? placed_at) + order.cancel_ms : null)
  const state: State =
    cancelled_at !== null
      ? 'cancelled'
      : completed_at !== null
        ? 'completed'
        : shipped_at !== null
          ? 'shipped'
          : paid_at !== null
            ? 'paid'
            : 'placed'
  return { state, placed_at, paid_at, shipped_at, completed_at, cancelled_at }
}

/** A discount falls on the lines in proportion, in whole cents that add up to it. */
function linesOf(
  { lines, discount_cents }: PlannedOrder,
  prices: ReadonlyMap<number, number>,
): PastLine[] {
  const priced = lines.map(({ sku_id, quantity }) => {
    const unit_price_cents = prices.get(sku_id) ?? 0
    return { sku_id, quantity, unit_price_cents, list_cents: unit_price_cents * quantity }
  })
  const whole = priced.reduce((sum, { list_cents }) => sum + list_cents, 0)
  let running = 0
  let taken = 0
  return priced.map((line) => {
    running += line.list_cents
    const upTo = whole === 0 ? 0 : Math.floor((discount_cents * running) / whole)
    const share = upTo - taken
    taken = upTo
    return { ...line, discount_cents: share }
  })
}
