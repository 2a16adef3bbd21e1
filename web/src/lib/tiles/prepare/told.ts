import type { SeriesTile } from '../../../../../dashboards/define.ts'
import { goalOf } from '#lib/goal.ts'
import { wallOf } from '#lib/moment.ts'
import { periodAt, placeOf, type Period } from '#lib/period.ts'
import type { Setting } from './setting.ts'

/** Notes by the bucket they fall into; one outside the chart has no place on it. */
export function notesOf(period: Period, { notes, scope }: Setting) {
  return notes.flatMap(({ at, text }) => {
    const { day, clock } = wallOf(new Date(at), scope.timeZone)
    const moment = `${day}T${clock}.000`
    if (moment < period.range[0] || moment > period.range[1]) return []
    const index = placeOf(period.buckets, moment)
    return index === null ? [] : [{ index, text }]
  })
}

/** A month's goal is a line across months; over days it would be compared with what it is not a goal for. */
export function goalFor(tile: SeriesTile, { goals, scope, asOf }: Setting): string | null {
  if (tile.over?.grain !== 'month' || tile.gaps) return null
  return goalOf(goals, tile.measure, periodAt(asOf, scope.timeZone, 'month'))?.target ?? null
}
