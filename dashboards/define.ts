import type { KindTile } from './kinds.ts'
import type { Dimension, Measure, TimeDimension, Topic, View } from '../semantic/members.ts'

export type { Dimension, Measure, TimeDimension, Topic, View }

/** Who works for the company; distributors have their portal. */
export const roles = ['admin', 'executive', 'analyst', 'operations', 'warehouse'] as const
export type Role = (typeof roles)[number]

/**
 * A dashboard is data: which question it answers and which tiles answer it. How a tile looks is the
 * web's business; what a member means is the semantic layer's.
 */
export type Dashboard = {
  slug: string
  /** Its mark in the rail. */
  icon: 'today' | 'sales' | 'profit' | 'funnel' | 'network' | 'box' | 'people'
  /** G and then this letter go to it. */
  letter: string
  title: Text
  question: Text
  /** Who finds it in the rail, and whom it opens for. */
  roles: readonly Role[]
  /** The span it opens with; the reader picks another. */
  period: Preset
  filters: Filter[]
  tiles: Tile[]
}

export type Text = { zh: string; en: string }
export type Preset = 'today' | '7d' | '28d' | 'month' | 'quarter' | 'year' | '12m'
export type Grain = 'hour' | 'day' | 'week' | 'month'
/** How a number is written. It must agree with the unit that the model gives the measure. */
export type Unit = 'money' | 'count' | 'ratio'

/**
 * One chip and one word in the address; the member that it means in each view that has it. A row of
 * a tile whose `id` is that member sets the filter when it is clicked.
 */
export type Filter = {
  name: string
  title: Text
  members: Partial<Record<View, Dimension>>
  /** What the chip offers: the largest by a measure, under their names. */
  choices: { measure: Measure; id: Dimension; name: Dimension }
}

export type Frame = {
  /** Names the tile in the address and in tests; never shown. */
  key: string
  title: Text
  /** The unit or the definition, behind the title. */
  sub?: Text
}

export type Placed = Frame & {
  /** Columns of 12, and of 16 with the place in the row on a wide screen. */
  width: number
  wide: { width: number; order: number }
}

export type NumberTile = Frame & {
  show: 'number'
  measure: Measure
  unit: Unit
  /** Which way is good news. */
  good: 'up' | 'down'
  /** A quotient: an hour without orders has none, which is not 0. */
  gaps?: true
  /** Said beside the change in place of the number it is compared with. */
  beside?: { title: Text; measure: Measure }
}

/** A measure over time: bars where it adds up, a line where it is a quotient. */
export type SeriesTile = Placed & {
  show: 'series'
  measure: Measure
  unit: Unit
  gaps?: true
  /** A span of its own, whatever period the page shows. */
  over?: { grain: Grain; count: number }
  /** The page's period as one number above the chart. */
  headline?: { beside?: { title: Text; measure: Measure } }
}

/** Sums stand on the ground; what is taken away hangs between two sums. */
export type WaterfallTile = Placed & {
  show: 'waterfall'
  steps: { title: Text; measure: Measure; sum?: true; good: 'up' | 'down' }[]
  /** What the share column is a share of. */
  base: Measure
}

export type RankingTile = Placed & {
  show: 'ranking'
  measure: Measure
  unit: Unit
  /** The part of the measure that is drawn darker, in front. */
  own?: Measure
  id: Dimension
  name: Dimension
  top: number
}

export type ShareTile = Placed & {
  show: 'share'
  measure: Measure
  id: Dimension
  name: Dimension
  top: number
}

export type FunnelTile = Placed & { show: 'funnel'; steps: { title: Text; measure: Measure }[] }

/** Rows by one dimension of several, a column for each measure, and the whole as its own question below. */
export type TableTile = Placed & {
  show: 'table'
  by: By[]
  columns: Column[]
  top: number
}
export type By = { title: Text; id: Dimension; name: Dimension }
export type Column = {
  title: Text
  measure: Measure
  unit: Unit
  /** Written with a minus, and paler: it is taken away. */
  minus?: true
  /** What the row comes to. */
  strong?: true
  /** Drawn beside its number. */
  bar?: true
}

/** Every row by every column of a measure. Rows are asked as they come into sight; the sums are questions of their own. */
export type PivotTile = Placed & {
  show: 'pivot'
  rows: By[]
  measures: { title: Text; measure: Measure; unit: Unit }[]
}

export type VelocityTile = Placed & {
  show: 'velocity'
  measure: Measure
  id: Dimension
  name: Dimension
  top: number
  /** Days of the small line. */
  days: number
  cover: { measure: Measure; id: Dimension }
}

export type AlertsTile = Placed & {
  show: 'alerts'
  severity: Dimension
  cover: Measure
  available: Measure
  /** How many there are of each severity. */
  count: Measure
  reorder: Dimension
  leadTime: Dimension
  id: Dimension
  name: Dimension
  warehouse: { id: Dimension; name: Dimension }
  top: number
}

export type Tile =
  | NumberTile
  | SeriesTile
  | WaterfallTile
  | RankingTile
  | ShareTile
  | FunnelTile
  | TableTile
  | PivotTile
  | VelocityTile
  | AlertsTile
  | KindTile

export function defineDashboard(dashboard: Dashboard): Dashboard {
  return dashboard
}
