import type { Dimension, Measure, TimeDimension, Topic, View } from '../semantic/members.ts'

export type { Dimension, Measure, TimeDimension, Topic, View }

/**
 * A dashboard is data: which question it answers and which tiles answer it. How a tile looks is the
 * web's business; what a member means is the semantic layer's.
 */
export type Dashboard = {
  slug: string
  title: Text
  question: Text
  filters: Filter[]
  tiles: Tile[]
}

export type Text = { zh: string; en: string }

/** One chip and one word in the address; the member that it means in each view that has it. */
export type Filter = { name: string; title: Text; members: Partial<Record<View, Dimension>> }

type Frame = {
  /** Names the tile in the address and in tests; never shown. */
  key: string
  title: Text
  /** The unit or the definition, behind the title. */
  sub?: Text
}

type Placed = Frame & {
  /** Columns of 12, and of 16 with the place in the row on a wide screen. */
  width: number
  wide: { width: number; order: number }
}

export type NumberTile = Frame & {
  show: 'number'
  measure: Measure
  unit: 'money' | 'count' | 'ratio'
  /** Which way is good news. */
  good: 'up' | 'down'
  /** A quotient: an hour without orders has none, which is not 0. */
  gaps?: true
  /** Said beside the change in place of the number a week ago. */
  beside?: { title: Text; measure: Measure }
}

export type HoursTile = Placed & { show: 'hours'; measure: Measure }

/** Sums stand on the ground; what is taken away hangs between two sums. */
export type WaterfallTile = Placed & {
  show: 'waterfall'
  steps: { title: Text; measure: Measure; sum?: true }[]
  /** What the share column is a share of. */
  base: Measure
}

export type RankingTile = Placed & {
  show: 'ranking'
  measure: Measure
  /** The part of the measure that is drawn darker, in front. */
  own: Measure
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
  reorder: Dimension
  leadTime: Dimension
  id: Dimension
  name: Dimension
  warehouse: { id: Dimension; name: Dimension }
  top: number
}

export type Tile =
  | NumberTile
  | HoursTile
  | WaterfallTile
  | RankingTile
  | ShareTile
  | FunnelTile
  | VelocityTile
  | AlertsTile

export function defineDashboard(dashboard: Dashboard): Dashboard {
  return dashboard
}
