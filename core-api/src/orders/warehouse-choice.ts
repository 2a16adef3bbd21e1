/** Which warehouse an order leaves from: the first, by priority, that has all of it. */
import type { ShortLine } from '../lib/schema.ts'
import type { Availability } from './schema.ts'

type Choice = { warehouse_id: number; short: ShortLine[] }

/**
 * `rows` hold every candidate warehouse in order of priority. When none has everything, the one that is
 * short of the fewest is named, with every line it is short of; undefined without any warehouse.
 */
export function chooseWarehouse(rows: Availability[]): Choice | undefined {
  const choices = new Map<number, Choice>()
  for (const { warehouse_id, sku_id, sku, wanted, available } of rows) {
    const choice = choices.get(warehouse_id) ?? { warehouse_id, short: [] }
    choices.set(warehouse_id, choice)
    // A warehouse without a line to check: the order is for services alone.
    if (sku_id === null || sku === null || wanted === null) continue
    if (available < wanted) choice.short.push({ sku_id, sku, wanted, available })
  }

  let best: Choice | undefined
  for (const choice of choices.values()) {
    if (best === undefined || isNearer(choice, best)) best = choice
  }
  return best
}

/** Short of fewer lines, or of as many but fewer pieces. */
function isNearer(left: Choice, right: Choice): boolean {
  if (left.short.length !== right.short.length) return left.short.length < right.short.length
  return missing(left) < missing(right)
}

function missing({ short }: Choice): number {
  return short.reduce((sum, { wanted, available }) => sum + wanted - available, 0)
}
