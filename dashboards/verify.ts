import type { dimensions, measures, views } from '../semantic/members.ts'
import type { Dashboard, Filter, Role, Tile } from './define.ts'
import type { ParetoTile } from './kinds.ts'

/** What the semantic layer says of itself, as far as a dashboard can contradict it. */
export type Model = {
  views: Record<keyof typeof views, Shut>
  measures: Record<keyof typeof measures, { unit: string; good: string; additive: boolean }>
  dimensions: Record<keyof typeof dimensions, Shut>
}
type Shut = { forbidden_to: readonly string[] }
export type Violation = { dashboard: string; at: string; says: string }

const COLUMNS = 12
const WIDE_COLUMNS = 16
const MEMBER = /^[a-z_]+\.[a-z0-9_]+$/
/** How a number is written, and the units of the model that may be written so. */
const WRITTEN: Record<string, readonly string[]> = {
  money: ['cents'],
  count: ['count', 'units'],
  ratio: ['ratio'],
  days: ['days'],
  decimal: ['times', 'ratio', 'hours'],
}

/** Everything a dashboard says that the model does not: what would be an error on the screen, or a wrong number. */
export function violationsOf(dashboard: Dashboard, model: Model): Violation[] {
  const { slug, tiles, filters, roles } = dashboard
  return [
    ...textsOf(dashboard, slug).map(violation(slug)),
    ...membersOf({ tiles, filters }, slug)
      .flatMap((found) => unknown(found, model))
      .map(violation(slug)),
    ...tiles.flatMap((tile) => tileViolations(tile, roles, model)).map(violation(slug)),
    ...filters.flatMap((filter) => filterViolations(filter, roles, model)).map(violation(slug)),
    ...layoutOf(tiles).map(violation(slug)),
    ...filters.flatMap(({ name, members }) =>
      Object.entries(members).flatMap(([view, member]) =>
        member.startsWith(`${view}.`)
          ? []
          : [
              violation(slug)({
                at: `filters.${name}`,
                says: `${member} is not of the view ${view}`,
              }),
            ],
      ),
    ),
  ]
}

type Said = { at: string; says: string }

function violation(dashboard: string) {
  return ({ at, says }: Said): Violation => ({ dashboard, at, says })
}

/** A text in one language only, or an empty one. */
function textsOf(value: unknown, at: string): Said[] {
  if (!isRecord(value)) return []
  const isText = 'zh' in value || 'en' in value
  if (!isText) return Object.entries(value).flatMap(([key, each]) => textsOf(each, `${at}.${key}`))
  return ['zh', 'en'].flatMap((language) => {
    const text = value[language]
    return typeof text === 'string' && text.trim() !== ''
      ? []
      : [{ at, says: `has no text in ${language}` }]
  })
}

function membersOf(value: unknown, at: string): { at: string; member: string }[] {
  if (typeof value === 'string') return MEMBER.test(value) ? [{ at, member: value }] : []
  if (!isRecord(value)) return []
  return Object.entries(value).flatMap(([key, each]) =>
    membersOf(each, `${at}.${nameOf(each, key)}`),
  )
}

function unknown({ at, member }: { at: string; member: string }, model: Model): Said[] {
  return member in model.measures || member in model.dimensions
    ? []
    : [{ at, says: `there is no member ${member}` }]
}

function tileViolations(tile: Tile, roles: readonly Role[], model: Model): Said[] {
  const at = `tiles.${tile.key}`
  return [
    ...unitsOf(tile, at, model),
    ...accessOf(tile, roles, model).map((says) => ({ at, says })),
    ...sumsOf(tile, model).map((says) => ({ at, says })),
  ]
}

/** What a filter means in a view that is shut to a reader matters only where a tile asks that view. */
function filterViolations(
  { name, members, choices }: Filter,
  roles: readonly Role[],
  model: Model,
): Said[] {
  const shut = Object.values(members).flatMap((member) =>
    refusalOf(member, dimensionOf(member, model), roles),
  )
  const says = new Set([...shut, ...accessOf(choices, roles, model)])
  return [...says].map((each) => ({ at: `filters.${name}`, says: each }))
}

/** Wherever a measure stands beside a unit, the unit is the measure's own. */
function unitsOf(value: unknown, at: string, model: Model): Said[] {
  if (!isRecord(value)) return []
  const { measure, unit } = value
  const known = typeof measure === 'string' ? measureOf(measure, model) : undefined
  const isWrong =
    known !== undefined && typeof unit === 'string' && !WRITTEN[unit]?.includes(known.unit)
  return [
    ...(isWrong
      ? [{ at, says: `${String(measure)} is in ${known.unit}, not ${String(unit)}` }]
      : []),
    ...Object.entries(value).flatMap(([key, each]) =>
      unitsOf(each, `${at}.${nameOf(each, key)}`, model),
    ),
  ]
}

/** A tile that a reader of the page may not open would be a lock on his screen for good: its view, or a member of it. */
function accessOf(value: unknown, roles: readonly Role[], model: Model): string[] {
  const members = [...new Set(membersOf(value, '').map(({ member }) => member))]
  const views = [...new Set(members.map((member) => member.split('.')[0] ?? ''))]
  return [
    ...views.flatMap((view) => refusalOf(view, viewOf(view, model), roles)),
    ...members.flatMap((member) => refusalOf(member, dimensionOf(member, model), roles)),
  ]
}

function refusalOf(name: string, known: Shut | undefined, roles: readonly Role[]): string[] {
  const shut = known?.forbidden_to ?? []
  const refused = roles.filter((role) => shut.includes(role))
  if (refused.length === 0) return []
  return refused.length === roles.length
    ? [`no role of the page may open ${name}`]
    : [`${refused.join(', ')} may not open ${name}`]
}

/** What does not add up is no bar of a series and no step of a waterfall; what is good is what the model calls good. */
function sumsOf(tile: Tile, model: Model): string[] {
  if (tile.show === 'number') {
    const known = measureOf(tile.measure, model)
    if (known === undefined) return []
    return [
      ...(known.good === tile.good || known.good === 'none'
        ? []
        : [`${tile.measure} is good when it goes ${known.good}`]),
      ...gapsOf(tile.measure, tile.gaps, known),
    ]
  }
  if (tile.show === 'series') {
    const known = measureOf(tile.measure, model)
    return known ? gapsOf(tile.measure, tile.gaps, known) : []
  }
  if (tile.show === 'pareto') return [...wholesOf([tile.figure], model), ...classesOf(tile)]
  return tile.show === 'waterfall' ? wholesOf(tile.steps, model) : []
}

function wholesOf(parts: readonly { measure: string }[], model: Model) {
  return parts.flatMap(({ measure }) =>
    measureOf(measure, model)?.additive === false ? [`${measure} does not add up`] : [],
  )
}

/** A class that begins where it ends would be empty, and what the last leaves over would be none. */
function classesOf({ classes }: ParetoTile): string[] {
  const isRising = classes.every(({ until }, index) => until > (classes[index - 1]?.until ?? 0))
  return isRising && classes.at(-1)?.until === 100 ? [] : ['classes do not rise to 100']
}

function gapsOf(measure: string, gaps: true | undefined, { additive }: { additive: boolean }) {
  if (additive === (gaps === undefined)) return []
  return additive
    ? [`${measure} adds up: a time without any is 0, not a gap`]
    : [`${measure} is a quotient: a time without any is a gap (gaps: true)`]
}

/** Keys name tiles in the address, and rows are full at both widths. */
function layoutOf(tiles: readonly Tile[]): Said[] {
  const keys = tiles.map(({ key }) => key)
  const doubled = keys.filter((key, index) => keys.indexOf(key) !== index)
  const placed = tiles.filter((tile) => tile.show !== 'number')
  const total = (widths: number[]) => widths.reduce((sum, width) => sum + width, 0)
  const orders = placed.map(({ wide }) => wide.order)
  return [
    ...doubled.map((key) => ({ at: `tiles.${key}`, says: 'another tile has this key' })),
    ...(total(placed.map(({ width }) => width)) % COLUMNS === 0
      ? []
      : [{ at: 'tiles', says: `the rows of ${COLUMNS} columns are not full` }]),
    ...(total(placed.map(({ wide }) => wide.width)) % WIDE_COLUMNS === 0
      ? []
      : [{ at: 'tiles', says: `the rows of ${WIDE_COLUMNS} columns are not full` }]),
    ...(new Set(orders).size === orders.length
      ? []
      : [{ at: 'tiles', says: 'two tiles have one place on a wide screen' }]),
  ]
}

function measureOf(name: string, { measures }: Model) {
  return Object.entries(measures).find(([each]) => each === name)?.[1]
}

function viewOf(name: string, { views }: Model) {
  return Object.entries(views).find(([each]) => each === name)?.[1]
}

function dimensionOf(name: string, { dimensions }: Model) {
  return Object.entries(dimensions).find(([each]) => each === name)?.[1]
}

function nameOf(value: unknown, key: string) {
  return isRecord(value) && typeof value.key === 'string' ? value.key : key
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
