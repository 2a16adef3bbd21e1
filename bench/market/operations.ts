/**
 * What the company's own people do beside the market: order what runs low, and finish what an earlier run of
 * the market left half-way. Through the same public API, in portions, the fastest movers first.
 */
import { Type } from 'typebox'
import type { Api } from './api.ts'
import { read } from './catalog.ts'
import type { Market } from './plan.ts'

export type Shelf = { sku_id: number; warehouse_id: number; available: number; on_hand: number }
type Level = Shelf & { value_cents: string }
export type Receipt = { sku_id: number; warehouse_id: number; quantity: number; cost_cents: number }

/** A shelf is low below this many pieces, or below what it sold since the market opened. */
const LOW_PIECES = 4
const REORDERS_MAX = 400
/** Cost of goods that nobody ever bought before, of their price. */
const COST_SHARE = 0.7
const LEFT_BEHIND_MS = 5 * 60_000
const LEFT_BEHIND_MAX = 500
const IMPORTED_DAYS = 5
const DAY_MS = 86_400_000

const Levels = Type.Object({
  items: Type.Array(
    Type.Object({
      sku_id: Type.Integer(),
      warehouse_id: Type.Integer(),
      available: Type.Integer(),
      on_hand: Type.Integer(),
      value_cents: Type.String(),
    }),
  ),
})

const Orders = Type.Object({
  items: Type.Array(
    Type.Object({ id: Type.Integer(), source: Type.String(), placed_at: Type.String() }),
  ),
})

/**
 * Suppliers take their time: `pieces` is how many may come by now, as many as were sold since the last delivery. So
 * the fastest movers are filled first, and what nobody has got round to runs out.
 */
export function receiptsFor(
  levels: Level[],
  sold: ReadonlyMap<string, number>,
  prices: ReadonlyMap<number, number>,
  pieces: number,
): Receipt[] {
  const soldAt = ({ sku_id, warehouse_id }: Shelf) => sold.get(`${sku_id} ${warehouse_id}`) ?? 0
  const low = levels
    .filter((level) => prices.has(level.sku_id))
    .filter((level) => level.available < Math.max(LOW_PIECES, soldAt(level)))
    .toSorted((a, b) => soldAt(b) - soldAt(a) || a.sku_id - b.sku_id)
  let left = pieces
  return low.slice(0, REORDERS_MAX).flatMap((level) => {
    const quantity = LOW_PIECES * 2 + soldAt(level) * 2 - level.available
    if (soldAt(level) === 0 || quantity > left) return []
    left -= quantity
    const cost = level.on_hand > 0 ? Number(level.value_cents) / level.on_hand : 0
    const piece = cost > 0 ? cost : (prices.get(level.sku_id) ?? 0) * COST_SHARE
    const { sku_id, warehouse_id } = level
    return [{ sku_id, warehouse_id, quantity, cost_cents: Math.round(piece * quantity) }]
  })
}

/** Returns how many pieces came. */
export async function restock(
  api: Api,
  market: Market,
  sold: ReadonlyMap<string, number>,
  pieces: number,
): Promise<number> {
  const { body } = await api.get('/stock-levels')
  const { items } = read(Levels, body, '/stock-levels')
  const prices = new Map(market.skus.map(({ id, price_cents }) => [id, price_cents]))
  const receipts = receiptsFor(items, sold, prices, pieces)
  if (receipts.length === 0) return 0
  const { status } = await api.post('/stock/receipts', { receipts })
  if (status !== 201) throw new Error(`POST /stock/receipts ended with ${status}`)
  return receipts.reduce((sum, { quantity }) => sum + quantity, 0)
}

/** Orders that are older than any order of a running market takes: shipped, then completed. */
export async function finishLeftBehind(api: Api, now: Date): Promise<number> {
  const steps = [
    { state: 'shipped', verb: 'complete', age_ms: 3 * LEFT_BEHIND_MS },
    { state: 'paid', verb: 'ship', age_ms: LEFT_BEHIND_MS },
  ]
  let finished = 0
  for (const { state, verb, age_ms } of steps) {
    const { body } = await api.get(`/orders?state=${state}&limit=${LEFT_BEHIND_MAX}`)
    const { items } = read(Orders, body, '/orders')
    const due = items.filter(({ source, placed_at }) => {
      const age = now.getTime() - new Date(placed_at).getTime()
      return age > (source === 'import' ? IMPORTED_DAYS * DAY_MS : age_ms)
    })
    for (const { id } of due) {
      // Somebody else may have moved it meanwhile; then there is nothing left to do.
      const { status } = await api.post(`/orders/${id}/${verb}`, {})
      if (status === 200) finished += 1
    }
  }
  return finished
}
