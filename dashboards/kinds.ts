import type { Dimension, Measure, Placed, Text, Unit } from './define.ts'

/** Kinds beyond the first page's. */
export type KindTile =
  | CohortTile
  | StepsTile
  | MatrixTile
  | MixTile
  | SpreadTile
  | StackTile
  | NetworkTile
  | LeagueTile
  | FactsTile
  | ParetoTile
  | ScatterTile

/** A code, what it is called, and the place it has among the others. */
export type Value = { id: string; title: Text; note?: Text }
/** Beside money, counts and rates: lengths of time and plain quotients, such as turns of stock. */
export type FigureUnit = Unit | 'days' | 'decimal'
export type Figure = { title: Text; measure: Measure; unit: FigureUnit }

/** When people began against how long ago that was: who stayed. */
export type CohortTile = Placed & {
  show: 'cohort'
  /** The month a row's people began in, and how many months after it a column is. */
  cohort: Dimension
  age: Dimension
  ages: number
  cohorts: number
  /** How many began; it stands beside the row's name. */
  size: Figure
  ways: Figure[]
}

/** How far the visits of each day or hour have come, step by step. */
export type StepsTile = Placed & { show: 'steps'; size: Figure; steps: Figure[] }

/** Two scales against each other; the shade is a measure. */
export type MatrixTile = Placed & {
  show: 'matrix'
  down: Scale
  across: Scale
  shade: Figure
  beside: Figure
}
export type Scale = { title: Text; id: Dimension; values: Value[] }

/** The same classes as parts of several wholes, one bar under the other: a fifth of the products, four fifths of the money. */
export type MixTile = Placed & { show: 'mix'; id: Dimension; values: Value[]; parts: Figure[] }

/** How much the largest few have, and what the index of it means in words. */
export type SpreadTile = Placed & {
  show: 'spread'
  shares: Figure[]
  index: Figure & { levels: { from: number; tone: 'good' | 'warn' | 'bad'; words: Text }[] }
}

/** Parts by month, one upon the other, whatever period the page shows. */
export type StackTile = Placed & {
  show: 'stack'
  month: Dimension
  months: number
  by: { id: Dimension; values: Value[] }
  ways: Figure[]
}

/** The tree of sellers: an icicle as wide as each team sells, an outline of the same, and one node in full. */
export type NetworkTile = Placed & {
  show: 'network'
  id: Dimension
  name: Dimension
  parent: Dimension
  depth: Dimension
  grade: Dimension
  team: Figure
  own: Figure
  /** Beside the name in the outline. */
  beside: Figure
  facts: Figure[]
  /** What a team is that has gone quiet: it is hatched. */
  activity: { id: Dimension; quiet: string; flags: Flagged[] }
  /** What its sales hang on; more than `high` of the sales below from one is too much. */
  dependence: { id: Dimension; flags: Flagged[]; high: number }
  /** The largest so many are drawn; the others are told as a sum. */
  top: number
}
/** A code that is worth a word beside the name. */
export type Flagged = Value & { tone: 'good' | 'warn' | 'bad' | 'note' }

/** A ranking with more to say about each row than one bar: columns to sort by, change, the last days, marks in words. */
export type LeagueTile = Placed & {
  show: 'league'
  head: Text
  id: Dimension
  name: Dimension
  /** What the codes of the rows are called, where they are codes. */
  values?: Value[]
  marks?: { id: Dimension; values: Flagged[] }[]
  columns: LeagueColumn[]
  /** Only rows of one kind, such as what lies dead. */
  only?: { member: Dimension; values: string[] }
  /** How the first column changed against what the page compares with, and what tells of that. */
  change?: { measure: Measure; id: Dimension }
  /** Days of the small line of the first column. */
  trend?: { measure: Measure; id: Dimension; days: number }
  /** The whole below the rows, where the measures of the view add up to one. */
  total?: true
  top: number
  /** Where what the rows tell of is acted on. */
  act?: { title: Text; path: string }
}
export type LeagueColumn = Figure & {
  bar?: true
  /** The part of the bar that is drawn darker, in front. */
  own?: Measure
  /** Stays where there is room for little. */
  key?: true
}

/** The largest first, and what they come to together: how few make most of it. */
export type ParetoTile = Placed & {
  show: 'pareto'
  head: Text
  id: Dimension
  name: Dimension
  /** What adds up. */
  figure: Figure
  /** Classes in their order, and the per cent of the whole each goes up to; the last goes up to all. */
  classes: { title: Text; until: number }[]
  top: number
}

/** Two figures of each row against each other, and in words what each corner is. Scales grow by tens, for the few are far from the many. */
export type ScatterTile = Placed & {
  show: 'scatter'
  head: Text
  id: Dimension
  name: Dimension
  across: Figure & { split: number }
  up: Figure & { split: number }
  /** From the corner of little of both. */
  corners: { low: Text; across: Text; up: Text; both: Text }
  top: number
}

/** Figures in a row, each with another beside it. */
export type FactsTile = Placed & {
  show: 'facts'
  facts: (Figure & { beside?: Figure })[]
}
