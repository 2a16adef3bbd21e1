import Type, { type Static } from 'typebox'
import { BusinessDay, Id, Nullable, Timestamp } from '../lib/schema.ts'

export const GoalPeriod = Type.Union([
  Type.Literal('day'),
  Type.Literal('week'),
  Type.Literal('month'),
  Type.Literal('quarter'),
  Type.Literal('year'),
])

/** A measure's own unit: cents, pieces, orders. A string, because cents may pass 2^53. */
const Target = Type.String({ pattern: '^[1-9][0-9]{0,15}$', maxLength: 16 })
const MeasureName = Type.String({ pattern: '^[a-z_]+\\.[a-z0-9_]+$', maxLength: 100 })

export const Goal = Type.Object({
  id: Id,
  measure: Type.String(),
  distributor_id: Nullable(Id),
  period: GoalPeriod,
  starts_on: BusinessDay,
  /** The day after its last. */
  ends_on: BusinessDay,
  target: Type.String(),
  set_at: Timestamp,
})

export const GoalQuery = Type.Object(
  {
    /** Goals that run on this day; without it today's. */
    on: Type.Optional(BusinessDay),
    distributor_id: Type.Optional(Id),
  },
  { additionalProperties: false },
)

export const NewGoal = Type.Object(
  {
    measure: MeasureName,
    distributor_id: Type.Optional(Nullable(Id)),
    period: GoalPeriod,
    /** Any day of the period. */
    on: BusinessDay,
    target: Target,
  },
  { additionalProperties: false },
)

export type Goal = Static<typeof Goal>
export type NewGoal = Static<typeof NewGoal>
