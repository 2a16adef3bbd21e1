/** Alerts against a plain oracle: whatever happens to a shelf, they open, change and close as one reads it in the rules. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { withApp, type World } from '../../test/app.ts'
import { evaluateSignals } from './evaluator.ts'

const RUNS = 25
const STEPS_MAX = 20

type Severity = 'watch' | 'soon' | 'critical' | 'out'
type Shelf = { sold: number; lead_days: number; reorder: number | null }
const RANKS: readonly Severity[] = ['watch', 'soon', 'critical', 'out']

/** In days of cover, as a planner would say it; `strict` is how far above a limit it must be to count as above. */
function severityOf(quantity: number, { sold, lead_days, reorder }: Shelf, strict: number) {
  if (sold === 0 && reorder === null) return null
  if (quantity <= 0) return 'out'
  const cover = sold === 0 ? Infinity : (quantity * 14) / sold
  // In whole numbers, so that a limit is hit exactly where the rule has it.
  const below = (leadTimes: number) =>
    cover !== Infinity && quantity * 1_400 < sold * lead_days * leadTimes * (100 + strict)
  if (below(0.5)) return 'critical'
  if (below(1)) return 'soon'
  if (below(1.5)) return 'watch'
  const margin =
    strict === 0 || reorder === null ? 0 : Math.max(1, Math.ceil((reorder * strict) / 100))
  return reorder !== null && quantity <= reorder + margin ? 'watch' : null
}

function rank(severity: Severity | null) {
  return severity === null ? -1 : RANKS.indexOf(severity)
}

/** The alerts a shelf should have had after these levels: each a list of the severities it went through. */
function oracle(levels: number[], shelf: Shelf): { open: Severity | null; past: number } {
  let open: Severity | null = null
  let past = 0
  for (const level of levels) {
    const now = severityOf(level, shelf, 0)
    const held = severityOf(level, shelf, 10)
    if (open === null) open = now
    else if (held === null) {
      open = null
      past += 1
    } else if (rank(now) > rank(open)) open = now
    else if (rank(held) < rank(open)) open = held
  }
  return { open, past }
}

async function givenShelf({ given, database }: World, { sold, lead_days, reorder }: Shelf) {
  const sku = await given.sku({ in_stock: sold + 1_000 })
  await database.owner`
    update sku set lead_time_days = ${lead_days}, reorder_point = ${reorder} where id = ${sku.id}
  `
  if (sold > 0) {
    await database.owner`
      insert into stock_move (at, business_day, kind, sku_id, product_id, warehouse_id, on_hand_delta)
      values (now() - interval '1 day', business_day(now()), 'issue', ${sku.id}, ${sku.product_id},
        ${sku.warehouse_id}, ${-sold})
    `
  }
  return sku
}

test('whatever happens to a shelf, its alerts are the oracle’s, and judging twice changes nothing', () =>
  withApp(async (world) => {
    const { core, owner } = world.database
    const shelves = fc.record({
      sold: fc.integer({ min: 0, max: 60 }),
      lead_days: fc.integer({ min: 0, max: 20 }),
      reorder: fc.option(fc.integer({ min: 0, max: 40 })),
    })
    const levels = fc.array(fc.integer({ min: 0, max: 130 }), {
      minLength: 1,
      maxLength: STEPS_MAX,
    })
    await fc.assert(
      fc.asyncProperty(shelves, levels, async (shelf, wanted) => {
        const sku = await givenShelf(world, shelf)
        while ((await evaluateSignals(core)) > 0);
        let level = 1_000
        for (const next of wanted) {
          if (next !== level) {
            await owner`
              insert into stock_move (at, business_day, kind, sku_id, product_id, warehouse_id, on_hand_delta)
              values (now(), business_day(now()), 'adjust', ${sku.id}, ${sku.product_id}, ${sku.warehouse_id},
                ${next - level})
            `
          }
          level = next
          while ((await evaluateSignals(core)) > 0);
          await core`
            select evaluate_stock_alerts(array[${sku.id}]::bigint[], array[${sku.warehouse_id}]::bigint[])
          `
        }
        const [found] = await core`
          select (array_agg(severity) filter (where closed_at is null))[1] as open,
            count(*) filter (where closed_at is not null) as past
          from alert where sku_id = ${sku.id}
        `
        expect(found).toEqual(oracle([1_000, ...wanted], shelf))
      }),
      { numRuns: RUNS },
    )
  }))
