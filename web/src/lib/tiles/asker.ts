import { timeless, topics } from '../../../../dashboards/topics.ts'
import type { Dashboard, Dimension, View } from '../../../../dashboards/define.ts'
import type { Panel } from '#lib/board.svelte.ts'
import type { CubeQuery } from '#lib/cube.ts'
import type { Grain, Period, Range } from '#lib/period.ts'
import { filtersFor, periodOf, type Scope } from './scope.ts'

/**
 * What a dashboard asks. A panel with topics is asked again when they change. One without rests until
 * the minute is over: last week does not move, only the part of it that counts does.
 */
export type Question = {
  dashboard: Dashboard
  scope: Scope
  /** The moment that the period's "until now" and "until the same time" end at. */
  cut: (now: Date) => Date
  /** Rows that an earlier answer named, by tile; what is asked about them alone stays small. */
  known: (tile: string) => readonly string[]
}

export type Asker = ReturnType<typeof askerFor>

/** More buckets than any period has: 62 days, or 48 hours and those a change of clocks adds. */
const BUCKETS_MAX = 70
const NO_ID = '0'

/** `asOf`: the moment that counts as now, for a span that is not the page's period. */
type Ask = (period: Period, asOf: Date) => CubeQuery[]
type Over = CubeQuery & { grain?: Grain; except?: Dimension }

export function askerFor({ dashboard, scope, cut, known }: Question) {
  return { tiles: dashboard.tiles, scope, live, rest, over, before, only }

  function live(views: View[], ask: Ask): Panel {
    return { topics: views.flatMap((view) => topics[view]), queries: queriesOf(ask) }
  }

  /** Asked when the page opens, and again each minute. */
  function rest(ask: Ask): Panel {
    return { topics: [], queries: queriesOf(ask) }
  }

  function queriesOf(ask: Ask) {
    return (now: Date) => {
      const asOf = cut(now)
      return ask(periodOf(scope, asOf), asOf)
    }
  }

  function over(view: View, dateRange: Range, { grain, except, ...query }: Over): CubeQuery {
    return {
      limit: BUCKETS_MAX,
      ...query,
      ...(!timeless.includes(view) && {
        timeDimensions: [
          { dimension: `${view}.at`, dateRange, ...(grain && { granularity: grain }) },
        ],
      }),
      filters: [...(query.filters ?? []), ...filtersFor(view, dashboard.filters, scope, except)],
    }
  }

  /** The same of what it is compared with; nothing is asked where nothing is compared. */
  function before(view: View, period: Period, query: Over, span: 'range' | 'whole' = 'range') {
    return period.before && !timeless.includes(view) ? [over(view, period.before[span], query)] : []
  }

  /** Asks about the rows that are on the screen. While there are none, it asks about a row that never is. */
  function only(key: string, member: string, ask: (filters: CubeQuery['filters']) => CubeQuery[]) {
    const ids = known(key)
    return ask([{ member, operator: 'equals', values: ids.length ? [...ids] : [NO_ID] }])
  }
}
