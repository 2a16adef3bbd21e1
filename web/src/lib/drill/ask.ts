import type { Dashboard, Dimension, Measure, Text, Tile } from '../../../../dashboards/define.ts'
import { wholeWeeks } from '../../../../dashboards/topics.ts'
import type { CubeQuery } from '#lib/cube.ts'
import { dayAfter, wallOf } from '#lib/moment.ts'
import { bucketRange, type Period, periodAt } from '#lib/period.ts'
import { viewOf } from '#lib/tiles/member.ts'
import { readDrill, type Mark } from '#lib/tiles/links.ts'
import { orderMember } from '#lib/tiles/orders.ts'
import { filtersFor, periodOf, type Scope } from '#lib/tiles/scope.ts'
import { pivotTurn, tableTurn, wordOf } from '#lib/tiles/turn.ts'

/** One screen and a little more: whoever looks for an older one narrows the question. */
export const ROWS_MAX = 100

export type Asked = Mark & { tile: Tile; order: number | null }

/** What the address says lies open; null where it names no tile of the page. */
export function readAsked({ tiles }: Dashboard, { drill }: Scope): Asked | null {
  if (drill === null) return null
  const { tile: key, order, ...mark } = readDrill(drill)
  const tile = tiles.find((each) => each.key === key)
  return tile ? { ...mark, tile, order: order ?? null } : null
}

/** A measure by whose own entries orders are listed, and how the tile shows it. */
export type Listed = { measure: Measure; title: Text; isMinus: boolean }

/** The step, column or number that was asked about, where its view knows orders; null means their revenue. */
export function listedOf({ tile, measure }: Asked): Listed | null {
  const found = pointedAt(tile, measure)
  return found && viewOf(found.measure) === 'profit' ? found : null
}

function pointedAt(tile: Tile, word: string | undefined): Listed | null {
  switch (tile.show) {
    case 'waterfall': {
      const step = tile.steps.find(({ measure }) => wordOf(measure) === word)
      return step ? { ...step, isMinus: !step.sum } : null
    }
    case 'table': {
      const column = tile.columns.find(({ measure }) => wordOf(measure) === word)
      return column?.unit === 'money' ? { ...column, isMinus: column.minus === true } : null
    }
    case 'number':
    case 'series':
      return tile.unit === 'money' ? { ...tile, isMinus: false } : null
    default:
      return null
  }
}

/** When the orders behind it were made: in the page's period, or in the weeks that its view always tells of. */
export function periodAsked(asked: Asked, scope: Scope, now: Date): Period {
  const row = idOf(asked.tile, scope)
  const weeks = row && wholeWeeks[viewOf(row)]
  return weeks ? weeksBefore(now, scope.timeZone, weeks) : periodOf(scope, now)
}

function weeksBefore(now: Date, timeZone: string, weeks: number): Period {
  const { day } = wallOf(now, timeZone)
  const choice = { from: dayAfter(day, -7 * weeks), to: dayAfter(day, -1) }
  return periodAt(now, timeZone, choice, 'off')
}

/** The newest lines, and what all of them come to: a question of its own, so a cut list cuts no sum. */
export function questionsOf(
  { filters }: Dashboard,
  scope: Scope,
  asked: Asked,
  period: Period,
): CubeQuery[] {
  const range = asked.bucket ? bucketRange(period, asked.bucket) : period.range
  const listed = listedOf(asked)
  const view = listed ? viewOf(listed.measure) : 'order_lines'
  const row = asked.id === undefined ? undefined : rowOf(asked.tile, scope, listed !== null)
  const summed = listed?.measure ?? 'order_lines.revenue_cents'
  const measures = listed ? [summed] : [summed, 'order_lines.units']
  const common = {
    measures,
    filters: [
      ...filtersFor(view, filters, scope, row),
      ...(row && asked.id !== undefined
        ? [{ member: row, operator: 'equals' as const, values: [asked.id] }]
        : []),
      // Goods that leave the shelf post their cost: no sale, so no row among sales.
      { member: summed, operator: 'notEquals' as const, values: ['0'] },
    ],
  }
  const over = { dimension: `${view}.at`, dateRange: range }
  return [
    {
      ...common,
      dimensions: [`${view}.order_id`, `${view}.channel_name`, `${view}.distributor`],
      timeDimensions: [{ ...over, granularity: 'second' }],
      order: { [`${view}.at`]: 'desc' },
      limit: ROWS_MAX,
      total: true,
    },
    { measures, filters: common.filters.slice(0, -1), timeDimensions: [over] },
  ]
}

/** What a row of the tile is, as the tile's own view or lines of orders know it. */
function rowOf(tile: Tile, scope: Scope, isOwnView: boolean): Dimension | undefined {
  const id = idOf(tile, scope)
  return id && (isOwnView ? id : orderMember(id))
}

function idOf(tile: Tile, scope: Scope): Dimension | undefined {
  if (tile.show === 'table') return tableTurn(tile, scope).by.id
  if (tile.show === 'pivot') return pivotTurn(tile, scope).rows.id
  return 'id' in tile ? tile.id : undefined
}

/** Team sales hold the sales of others below: what is listed are the distributor's own. */
export function isOwnOnly({ tile, id }: Asked) {
  return tile.show === 'ranking' && id !== undefined && viewOf(tile.measure) === 'distributors'
}
