/** How many to get, from where, and why: all of it from numbers that are on the screen. */
import type { Buying, Proposal, ShelfFacts, Source } from './schema.ts'

const DAYS_COUNTED = 14

type Need = Pick<ShelfFacts, 'sold_14d' | 'lead_time_days' | 'reorder_point'>
type Shelf = Need & Pick<ShelfFacts, 'available' | 'incoming'>

export function propose(shelf: Shelf, sources: Source[], buying: Buying): Proposal {
  const { demand, safety } = targetOf(shelf)
  const missing = Math.max(0, demand + safety - shelf.available - shelf.incoming)
  const quantity = Math.ceil(missing / buying.pack_size) * buying.pack_size
  const best = bestSource(sources, quantity, buying.pack_size)
  return {
    demand,
    safety,
    available: shelf.available,
    incoming: shelf.incoming,
    pack_size: buying.pack_size,
    quantity,
    suggested: best !== null && best.quantity >= quantity ? 'transfer' : 'purchase',
    transfer: best,
    purchase: {
      quantity,
      unit_cost_cents: buying.unit_cost_cents,
      expected_on: buying.expected_on,
      approval_cents: buying.approval_cents,
    },
    lost_per_day_cents: lostPerDay(shelf.sold_14d, buying.price_cents),
  }
}

/**
 * What is sold until new goods can be there, and as much again in case more is sold or they come late; never less than
 * clearly above the reorder point, or the next sale would raise the alert again.
 */
export function targetOf({ sold_14d, lead_time_days, reorder_point }: Need) {
  const demand = Math.ceil((sold_14d * lead_time_days) / DAYS_COUNTED)
  const aboveReorder =
    reorder_point === null ? 1 : reorder_point + Math.max(2, Math.ceil(reorder_point / 5))
  return { demand, safety: Math.max(demand, aboveReorder) }
}

/** The warehouse that can spare most, without coming below its own target; null when none can spare a pack. */
function bestSource(sources: Source[], wanted: number, packSize: number): Proposal['transfer'] {
  let best: Proposal['transfer'] = null
  for (const source of sources) {
    const { demand, safety } = targetOf(source)
    const spare = Math.floor((source.available - demand - safety) / packSize) * packSize
    const quantity = Math.min(spare, wanted)
    if (quantity <= 0) continue
    const isBetter =
      best === null ||
      quantity > best.quantity ||
      (quantity === best.quantity && source.available > best.source_available)
    if (!isBetter) continue
    best = {
      from_warehouse_id: source.warehouse_id,
      from_warehouse: source.warehouse,
      quantity,
      source_available: source.available,
      source_sold_14d: source.sold_14d,
    }
  }
  return best
}

function lostPerDay(sold: number, priceCents: string | null): string {
  return ((BigInt(priceCents ?? '0') * BigInt(sold)) / BigInt(DAYS_COUNTED)).toString()
}
