/**
 * What every tile of every dashboard asks, read off the dashboards themselves, so that a new tile is measured without
 * anyone thinking of it: its measures, by what its rows are named after, over the period the dashboard opens with.
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Type, type Static } from 'typebox'
import { Value } from 'typebox/value'
import { root } from '../../local/root.ts'
import type { Range } from './dialect.ts'
import type { CubeQuery, Setting } from './questions/question.ts'

export type TileQuestion = { name: string; query: CubeQuery }
export type Members = { measures: ReadonlySet<string>; dimensions: ReadonlySet<string> }

const ROWS_MAX = 25
const GROUPS_MAX = 2
const Dashboard = Type.Object({
  slug: Type.String(),
  period: Type.String(),
  tiles: Type.Array(Type.Object({ key: Type.String(), show: Type.String() }), { minItems: 1 }),
})

/** Dashboards are data: whatever in that folder has the shape of one. */
export async function readDashboards(): Promise<Static<typeof Dashboard>[]> {
  const module: object = await import(pathToFileURL(join(root, 'dashboards', 'index.ts')).href)
  const found = Object.values(module)
    .flat()
    .filter((one) => Value.Check(Dashboard, one))
  if (found.length === 0) throw new Error('dashboards/index.ts has no dashboard')
  return [...new Map(found.map((one) => [one.slug, one])).values()]
}

export async function tileQuestionsOf(setting: Setting, members: Members) {
  const dashboards = await readDashboards()
  const questions = dashboards.flatMap(({ slug, period, tiles }) =>
    tiles.flatMap((tile) => {
      const named = [...new Set(membersIn(tile, members))]
      const views = [...new Set(named.map((member) => member.split('.')[0] ?? ''))]
      return views.flatMap((view): TileQuestion[] => {
        const query = questionOf(named, members, view, rangeOf(period, setting), setting)
        const name = `${slug}/${tile.key}:${view}`
        return query
          ? [{ name, query: tile.show === 'series' ? inBuckets(query, period) : query }]
          : []
      })
    }),
  )
  // What two tiles ask alike is asked once, as a page does; the second would be answered from the cache.
  return [...new Map(questions.map((one) => [JSON.stringify(one.query), one])).values()]
}

/** A chart over time asks for its buckets as well. */
function inBuckets(query: CubeQuery, period: string): CubeQuery {
  const granularity = period === 'today' ? 'hour' : 'day'
  const timeDimensions = query.timeDimensions?.map((time) => ({ ...time, granularity }))
  return { ...query, ...(timeDimensions && { timeDimensions }) }
}

/** Measures alone for a number and for steps; by the first named group for rows. */
function questionOf(
  named: string[],
  { measures, dimensions }: Members,
  view: string,
  range: Range,
  { wallClock }: Setting,
): CubeQuery | null {
  const ofView = named.filter((member) => member.startsWith(`${view}.`))
  const asked = ofView.filter((member) => measures.has(member))
  const [first] = asked
  if (first === undefined) return null
  const at = `${view}.at`
  const groups = ofView.filter((member) => dimensions.has(member) && member !== at)
  const last = new Date(range.to.getTime() - 1_000)
  return {
    measures: asked,
    dimensions: groups.slice(0, GROUPS_MAX),
    ...(dimensions.has(at) && {
      timeDimensions: [{ dimension: at, dateRange: [wallClock(range.from), wallClock(last)] }],
    }),
    ...(groups.length > 0 && { order: { [first]: 'desc' as const }, limit: ROWS_MAX }),
  }
}

/** The presets, as long as they get. */
function rangeOf(period: string, setting: Setting): Range {
  switch (period) {
    case 'today':
      return setting.today
    case '7d':
      return { from: setting.sameTime.from, to: setting.today.to }
    case '28d':
    case 'month':
      return setting.month
    case 'quarter':
      return setting.quarter
    case 'year':
    case '12m':
      return setting.year
    default:
      throw new Error(`No length is known for the period ${period}`)
  }
}

function membersIn(value: unknown, members: Members): string[] {
  if (typeof value === 'string') {
    return members.measures.has(value) || members.dimensions.has(value) ? [value] : []
  }
  return typeof value === 'object' && value !== null
    ? Object.values(value).flatMap((inner) => membersIn(inner, members))
    : []
}
