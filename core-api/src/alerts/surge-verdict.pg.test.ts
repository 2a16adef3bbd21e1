/** Surges against a plain oracle: whatever sells when, they open and rise as one reads it in the rules. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { withApp } from '../../test/app.ts'
import { issue, judge } from '../../test/sales.ts'

const RUNS = 60
const STOCK = 10_000

type Rule = { rise_percent: number; pieces_min: number; rearm_percent: number }
const DEFAULT: Rule = { rise_percent: 200, pieces_min: 10, rearm_percent: 10 }
const RANKS = ['watch', 'soon']

/** As one reads it in the rule, in averages per day and in fractions that are compared crosswise. */
function severityOf(sold: number, before: number, days: number, rule: Rule, margin: number) {
  if (days < 3) return null
  const counted = BigInt(sold * (100 + margin))
  if (counted < BigInt(rule.pieces_min * 100)) return null
  if (before === 0) return 'watch'
  // counted / 100 against before / days × (1 + rise).
  const isAbove = (percent: number) =>
    counted * BigInt(days) * 100n >= BigInt(before) * BigInt(100 + percent) * 100n
  if (isAbove(2 * rule.rise_percent)) return 'soon'
  return isAbove(rule.rise_percent) ? 'watch' : null
}

function rank(severity: string | null) {
  return severity === null ? -1 : RANKS.indexOf(severity)
}

test('a rise is judged as the oracle judges it, limit for limit', () =>
  withApp(async ({ database }) => {
    const cases = fc.record({
      // Small numbers, so that limits are hit exactly.
      sold: fc.integer({ min: 0, max: 90 }),
      before: fc.integer({ min: 0, max: 120 }),
      days: fc.integer({ min: 0, max: 13 }),
      margin: fc.constantFrom(0, 10, 50),
      rise_percent: fc.constantFrom(10, 50, 100, 200, 10_000),
      pieces_min: fc.integer({ min: 1, max: 30 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(cases, { minLength: 50, maxLength: 50 }), async (asked) => {
        const rows = await database.owner<{ verdict: string | null }[]>`
          select surge_severity(sold, before, days::integer,
              (null, true, null, null, null, null, null, null, null, rise::integer, pieces::integer)::alert_rule,
              margin::integer) as verdict
          from unnest(
              ${asked.map(({ sold }) => sold)}::bigint[], ${asked.map(({ before }) => before)}::bigint[],
              ${asked.map(({ days }) => days)}::bigint[], ${asked.map(({ rise_percent }) => rise_percent)}::bigint[],
              ${asked.map(({ pieces_min }) => pieces_min)}::bigint[], ${asked.map(({ margin }) => margin)}::bigint[]
            ) with ordinality as asked (sold, before, days, rise, pieces, margin, place)
          order by place
        `
        expect(rows.map(({ verdict }) => verdict)).toEqual(
          asked.map((one) =>
            severityOf(one.sold, one.before, one.days, { ...one, rearm_percent: 0 }, one.margin),
          ),
        )
      }),
      { numRuns: RUNS },
    )
  }))

test('whatever sells when, a shelf’s surges are the oracle’s, and judging twice changes nothing', () =>
  withApp(async (world) => {
    const { core } = world.database
    const past = fc.array(
      fc.record({
        hours_ago: fc.integer({ min: 25, max: 500 }),
        quantity: fc.integer({ min: 1, max: 30 }),
      }),
      { maxLength: 6 },
    )
    const now = fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 1, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(past, now, async (before, sales) => {
        const shelf = await world.given.sku({ in_stock: STOCK })
        if (before.length > 0) await issue(world, shelf, before)
        const usual = before
          .filter(({ hours_ago }) => hours_ago < 14 * 24)
          .reduce((sum, { quantity }) => sum + quantity, 0)
        const oldest = Math.max(0, ...before.map(({ hours_ago }) => hours_ago))
        const days = Math.min(13, Math.floor((oldest - 24) / 24))
        let sold = 0
        let open: string | null = null
        await judge(world)
        for (const quantity of sales) {
          await issue(world, shelf, [{ hours_ago: 0, quantity }])
          sold += quantity
          const is = severityOf(sold, usual, days, DEFAULT, 0)
          if (rank(is) > rank(open)) open = is
          await judge(world)
          await core`
            select evaluate_surge_alerts(array[${shelf.id}]::bigint[], array[${shelf.warehouse_id}]::bigint[])
          `
        }
        const found = await core`
          select alert.severity, count(alert_event.id) as events
          from alert
          join alert_event on alert_event.alert_id = alert.id
          where sku_id = ${shelf.id} and alert.kind = 'surge'
          group by alert.id
        `
        expect(found.map(({ severity }) => severity)).toEqual(open === null ? [] : [open])
        // Opened, and raised once at most: nothing was written for what did not change.
        if (found[0]) expect(found[0]['events']).toBeLessThanOrEqual(2)
      }),
      { numRuns: RUNS },
    )
  }))
