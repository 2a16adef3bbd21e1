import Type, { type Static } from 'typebox'
import { Id, Nullable } from '../lib/schema.ts'
import { Kind } from './schema.ts'

const RULE_MINUTES_MAX = 43_200
const THRESHOLD_PERCENT_MAX = 1_000
const COVER_DAYS_MAX = 365
const REARM_PERCENT_MAX = 100
const RISE_PERCENT_MIN = 10
const RISE_PERCENT_MAX = 10_000
const PIECES_MIN_MAX = 100_000

/** Thresholds in per cent of the lead time are for stock, minutes for orders; a kind that has no such limit has null. */
export const AlertRule = Type.Object({
  kind: Kind,
  is_on: Type.Boolean(),
  minutes: Nullable(Type.Integer()),
  critical_percent: Nullable(Type.Integer()),
  soon_percent: Nullable(Type.Integer()),
  watch_percent: Nullable(Type.Integer()),
  /** Watched below so many days, however short the lead time is. */
  cover_days: Nullable(Type.Integer()),
  /** How far clear of its limit a shelf must be before its alert may ring again. */
  rearm_percent: Nullable(Type.Integer()),
  /** What 24 hours sell above the usual day, in per cent of it, from which on a surge is watched; twice it is soon. */
  rise_percent: Nullable(Type.Integer()),
  /** Fewer pieces in 24 hours are no surge. */
  pieces_min: Nullable(Type.Integer()),
  /** Whose every new alert is; null for nobody's. */
  assignee_id: Nullable(Id),
  assignee: Nullable(Type.String()),
})
export const AlertRules = Type.Object({ items: Type.Array(AlertRule) })
const Threshold = Type.Optional(Type.Integer({ minimum: 1, maximum: THRESHOLD_PERCENT_MAX }))
export const ChangeRule = Type.Object(
  {
    kind: Kind,
    is_on: Type.Optional(Type.Boolean()),
    minutes: Type.Optional(Type.Integer({ minimum: 1, maximum: RULE_MINUTES_MAX })),
    critical_percent: Threshold,
    soon_percent: Threshold,
    watch_percent: Threshold,
    cover_days: Type.Optional(Nullable(Type.Integer({ minimum: 1, maximum: COVER_DAYS_MAX }))),
    rearm_percent: Type.Optional(Type.Integer({ minimum: 0, maximum: REARM_PERCENT_MAX })),
    rise_percent: Type.Optional(
      Type.Integer({ minimum: RISE_PERCENT_MIN, maximum: RISE_PERCENT_MAX }),
    ),
    pieces_min: Type.Optional(Type.Integer({ minimum: 1, maximum: PIECES_MIN_MAX })),
    assignee_id: Type.Optional(Nullable(Id)),
  },
  { additionalProperties: false },
)

export type AlertRule = Static<typeof AlertRule>
export type ChangeRule = Static<typeof ChangeRule>
