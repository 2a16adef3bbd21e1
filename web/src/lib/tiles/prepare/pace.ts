import type { NumberTile, SeriesTile } from '../../../../../dashboards/define.ts'
import { parseWhole, sum } from '#lib/decimal.ts'
import { goalOf, paceOf, usuallyPassed, type Pace } from '#lib/goal.ts'
import { viewOf } from '../member.ts'
import { byBucket, rowsOf } from '../read.ts'
import type { Setting } from './setting.ts'
import { writerOf } from './writer.ts'

export type GoalModel = { pace: Pace; write: (value: bigint) => string }
type Paced = Pick<NumberTile | SeriesTile, 'measure' | 'unit' | 'gaps'>

/** How a measure of the page's period stands to its goal; null where none is set, and for what does not add up. */
export function paceOfMeasure(tile: Paced, setting: Setting): GoalModel | null {
  const { goals, period, format, results } = setting
  const goal = tile.gaps ? null : goalOf(goals, tile.measure, period)
  const row = rowsOf(results, `totals:${viewOf(tile.measure)}`)[0]
  const value = parseWhole(row?.[tile.measure])
  if (goal === null || value === null) return null
  const { short } = writerOf(tile.unit, format)
  return {
    pace: paceOf(value, goal, usualOf(tile, setting) ?? period.passed),
    write: (each) => short(String(each)),
  }
}

/** What the period before had by now, of what it came to; the page asks both for its headlines. */
function usualOf({ measure }: Paced, { results, period }: Setting): number | null {
  if (period.before === null || period.open === null) return null
  const view = viewOf(measure)
  const byThen = parseWhole(rowsOf(results, `before:${view}`)[0]?.[measure])
  const whole = byBucket(rowsOf(results, `before:${view}`, 1), view, period.grain, measure)
  return usuallyPassed(byThen, sum([...whole.values()].map((text) => parseWhole(text) ?? 0n)))
}
