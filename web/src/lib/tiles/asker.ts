import { topics } from '../../../../dashboards/topics.ts'
import type { Dashboard, View } from '../../../../dashboards/define.ts'
import type { Panel } from '#lib/board.svelte.ts'
import type { CubeQuery } from '#lib/cube.ts'
import { filtersFor, periodAt, type Range, type Scope } from './scope.ts'

/**
 * What a dashboard asks. A panel with topics is asked again when they change. One without rests until
 * the minute is over: last week does not move, only the part of it that counts does.
 */
export type Question = {
  dashboard: Dashboard
  scope: Scope
  /** The moment that "today until now" and "last week until the same time" end at. */
  cut: (now: Date) => Date
  /** Rows that an earlier answer named, by tile; what is asked about them alone stays small. */
  known: (tile: string) => readonly string[]
}

export type Asker = ReturnType<typeof askerFor>

/** A day on which the clock goes back has one more. */
const HOURS_MAX = 25
const NO_ID = '0'

export function askerFor({ dashboard, scope, cut, known }: Question) {
  type Ask = (period: ReturnType<typeof periodAt>) => CubeQuery[]
  return { tiles: dashboard.tiles, live, rest, over, only }

  function live(views: View[], ask: Ask): Panel {
    return { topics: views.flatMap((view) => topics[view]), queries: queriesOf(ask) }
  }

  /** Asked when the page opens, and again each minute. */
  function rest(ask: Ask): Panel {
    return { topics: [], queries: queriesOf(ask) }
  }

  function queriesOf(ask: Ask) {
    return (now: Date) => ask(periodAt(cut(now), scope.timeZone))
  }

  function over(
    view: View,
    dateRange: Range,
    query: CubeQuery,
    granularity?: 'hour' | 'day',
  ): CubeQuery {
    return {
      limit: HOURS_MAX,
      ...query,
      timeDimensions: [{ dimension: `${view}.at`, dateRange, ...(granularity && { granularity }) }],
      filters: [...(query.filters ?? []), ...filtersFor(view, dashboard.filters, scope)],
    }
  }

  /** Asks about the rows that are on the screen. While there are none, it asks about a row that never is. */
  function only(key: string, member: string, ask: (filters: CubeQuery['filters']) => CubeQuery[]) {
    const ids = known(key)
    return ask([{ member, operator: 'equals', values: ids.length ? [...ids] : [NO_ID] }])
  }
}
