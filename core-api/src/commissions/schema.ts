import Type, { type Static } from 'typebox'
import { BusinessDay, Cents, Id, Nullable, PageQuery, Timestamp } from '../lib/schema.ts'

export const CommissionState = Type.Union([
  Type.Literal('pending'),
  Type.Literal('frozen'),
  Type.Literal('available'),
  Type.Literal('paid'),
])

export const ExplanationQuery = Type.Object(
  {
    ...PageQuery.properties,
    state: Type.Optional(CommissionState),
    distributor_id: Type.Optional(Id),
  },
  { additionalProperties: false },
)

export const Rule = Type.Object({
  id: Id,
  level: Type.Integer(),
  grade: Nullable(Type.String()),
  sku_id: Nullable(Id),
  rate_bps: Type.Integer(),
})

const Node = Type.Object({ id: Id, name: Type.String() })

const explained = {
  order_line_id: Id,
  line_no: Type.Integer(),
  order_id: Id,
  order_no: Type.String(),
  placed_at: Timestamp,
  sku_id: Id,
  sku: Type.String(),
  sku_name: Type.String(),
  level: Type.Integer(),
  /** amount = floor(base × rate ÷ 10,000) when it was accrued. */
  base_cents: Cents,
  rate_bps: Type.Integer(),
  amount_cents: Cents,
  /** When a frozen amount becomes available. */
  release_at: Nullable(Timestamp),
}

export const ExplainedRow = Type.Object({
  id: Id,
  ...explained,
  rule_id: Nullable(Id),
  order_ancestor_ids: Type.Array(Id),
})

export const ExplainedLine = Type.Object({
  ...explained,
  rule: Nullable(Rule),
  /** From the one who earns down to the one who sold. */
  path: Type.Array(Node),
})

/** Lines that still stand, by where they come from; together they are the amount that stands. */
export const Part = Type.Object({
  part: Type.Union([
    Type.Literal('direct'),
    Type.Literal('second_level'),
    Type.Literal('taken_back'),
  ]),
  lines: Type.Integer(),
  amount_cents: Cents,
})

/** The next day on which something frozen becomes available. */
export const Release = Type.Object({ day: BusinessDay, amount_cents: Cents })

export const Explanation = Type.Object({
  distributor_id: Id,
  /** What stands in each state now. */
  states: Type.Object({
    pending_cents: Cents,
    frozen_cents: Cents,
    available_cents: Cents,
    paid_cents: Cents,
  }),
  /** Of the state that was asked for; of all but `paid` when none was. */
  parts: Type.Array(Part),
  /** Paid by customers and not received yet. */
  pending_orders: Type.Integer(),
  next_release: Nullable(Release),
  items: Type.Array(ExplainedLine),
  next: Nullable(Type.Integer()),
})

/** Who earns on a line of an order, and by which rule. */
const earned = {
  order_line_id: Id,
  line_no: Type.Integer(),
  sku: Type.String(),
  sku_name: Type.String(),
  level: Type.Integer(),
  distributor_id: Id,
  distributor: Type.String(),
  base_cents: Cents,
  rate_bps: Type.Integer(),
  /** Over all states: nothing where it was taken back. */
  amount_cents: Cents,
}

export const EarnedRow = Type.Object({
  ...earned,
  rule_id: Nullable(Id),
  order_ancestor_ids: Type.Array(Id),
})

export const EarnedOnOrder = Type.Object({
  items: Type.Array(Type.Object({ ...earned, rule: Nullable(Rule), path: Type.Array(Node) })),
})

export type CommissionState = Static<typeof CommissionState>
export type Rule = Static<typeof Rule>
export type Node = Static<typeof Node>
export type Part = Static<typeof Part>
export type Release = Static<typeof Release>
export type ExplainedRow = Static<typeof ExplainedRow>
export type EarnedRow = Static<typeof EarnedRow>
export type EarnedOnOrder = Static<typeof EarnedOnOrder>
export type Explanation = Static<typeof Explanation>
