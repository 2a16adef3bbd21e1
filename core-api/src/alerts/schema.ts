import Type, { type Static } from 'typebox'
import { Lsn } from '../lib/position.ts'
import { BusinessDay, Cents, Id, Nullable, Text, Timestamp } from '../lib/schema.ts'

const SNOOZE_MINUTES_MAX = 7 * 24 * 60
const NOTE_LETTERS_MAX = 500

export const Kind = Type.Union([
  Type.Literal('stock'),
  Type.Literal('surge'),
  Type.Literal('order_stuck'),
  Type.Literal('order_unpaid'),
])

export const Severity = Type.Union([
  Type.Literal('watch'),
  Type.Literal('soon'),
  Type.Literal('critical'),
  Type.Literal('out'),
])

/** What a shelf is like now; an alert keeps none of it, so nothing it says can be old. */
export const ShelfFacts = Type.Object({
  sku_id: Id,
  sku: Type.String(),
  sku_code: Type.String(),
  unit: Type.String(),
  warehouse_id: Id,
  warehouse: Type.String(),
  on_hand: Type.Integer(),
  available: Type.Integer(),
  /** Requested, in transit and ordered. */
  incoming: Type.Integer(),
  sold_14d: Type.Integer(),
  lead_time_days: Type.Integer(),
  reorder_point: Nullable(Type.Integer()),
  /** What was free at this hour of each of the last 14 days on which that is known, the oldest first, and now. */
  levels: Type.Array(Type.Integer()),
})

/** How fast a shelf sells now beside its usual day, which is `sold_before` ÷ `days_before`. */
export const SurgeFacts = Type.Object({
  sold_24h: Type.Integer(),
  /** In the days before the last 24 hours: at most 13, fewer where the shelf is younger. */
  sold_before: Type.Integer(),
  days_before: Type.Integer(),
  /** What 24 hours sold above the usual day, in per cent of it; null where those days sold nothing. */
  rise_percent: Nullable(Type.Integer()),
})

export const OrderFacts = Type.Object({
  order_id: Id,
  order_no: Type.String(),
  channel: Type.String(),
  warehouse: Type.String(),
  total_cents: Cents,
  /** Paid since, or placed since. */
  since: Timestamp,
})

export const Alert = Type.Object({
  id: Id,
  kind: Kind,
  severity: Severity,
  opened_at: Timestamp,
  acknowledged_at: Nullable(Timestamp),
  acknowledged_by: Nullable(Type.String()),
  assigned_to: Nullable(Id),
  assignee: Nullable(Type.String()),
  snoozed_until: Nullable(Timestamp),
  resolved_at: Nullable(Timestamp),
  closed_at: Nullable(Timestamp),
  close_reason: Nullable(Type.Union([Type.Literal('acted'), Type.Literal('recovered')])),
  /** The last thing done about it that was not taken back. */
  transfer_id: Nullable(Id),
  purchase_id: Nullable(Id),
  shelf: Nullable(ShelfFacts),
  surge: Nullable(SurgeFacts),
  order: Nullable(OrderFacts),
})

export const AlertQuery = Type.Object(
  { state: Type.Optional(Type.Union([Type.Literal('open'), Type.Literal('done')])) },
  { additionalProperties: false },
)

/** How many there are, however few are listed. */
export const AlertCounts = Type.Object({
  stock: Type.Integer(),
  surge: Type.Integer(),
  critical: Type.Integer(),
  orders: Type.Integer(),
  done_24h: Type.Integer(),
})

/** `lsn`: the answer holds everything that was committed up to there. */
export const Alerts = Type.Object({
  items: Type.Array(Alert),
  counts: AlertCounts,
  lsn: Lsn,
})

export const AlertEvent = Type.Object({
  id: Id,
  at: Timestamp,
  kind: Type.Union([
    Type.Literal('opened'),
    Type.Literal('severity'),
    Type.Literal('acknowledged'),
    Type.Literal('assigned'),
    Type.Literal('snoozed'),
    Type.Literal('woke'),
    Type.Literal('resolved'),
    Type.Literal('reopened'),
    Type.Literal('acted'),
    Type.Literal('closed'),
  ]),
  user: Nullable(Type.String()),
  severity: Nullable(Severity),
  was_severity: Nullable(Severity),
  assignee: Nullable(Type.String()),
  until: Nullable(Timestamp),
  note: Nullable(Type.String()),
  transfer_id: Nullable(Id),
  purchase_id: Nullable(Id),
  available: Nullable(Type.Integer()),
  incoming: Nullable(Type.Integer()),
  /** What a surge was judged by then. */
  sold_24h: Nullable(Type.Integer()),
  sold_before: Nullable(Type.Integer()),
  days_before: Nullable(Type.Integer()),
})

/** Why so many: demand over the lead time and safety stock, less what is there and what is coming, in whole packs. */
export const Proposal = Type.Object({
  demand: Type.Integer(),
  safety: Type.Integer(),
  available: Type.Integer(),
  incoming: Type.Integer(),
  pack_size: Type.Integer(),
  quantity: Type.Integer(),
  suggested: Type.Union([Type.Literal('transfer'), Type.Literal('purchase')]),
  transfer: Nullable(
    Type.Object({
      from_warehouse_id: Id,
      from_warehouse: Type.String(),
      quantity: Type.Integer(),
      /** What is free there now, and what it sells. */
      source_available: Type.Integer(),
      source_sold_14d: Type.Integer(),
    }),
  ),
  purchase: Type.Object({
    quantity: Type.Integer(),
    unit_cost_cents: Cents,
    expected_on: BusinessDay,
    approval_cents: Cents,
  }),
  /** What a day without the goods does not bring. */
  lost_per_day_cents: Cents,
})

export const AlertDetail = Type.Object({
  alert: Alert,
  events: Type.Array(AlertEvent),
  /** The same subject before: did what was done then help? */
  earlier: Type.Array(
    Type.Object({
      id: Id,
      opened_at: Timestamp,
      closed_at: Timestamp,
      close_reason: Type.Union([Type.Literal('acted'), Type.Literal('recovered')]),
      quantity: Nullable(Type.Integer()),
    }),
  ),
  proposal: Nullable(Proposal),
})

export const AlertDone = Type.Object({ alert: Alert, lsn: Lsn })

export const Assign = Type.Object({ user_id: Nullable(Id) }, { additionalProperties: false })
export const Snooze = Type.Object(
  { minutes: Type.Integer({ minimum: 1, maximum: SNOOZE_MINUTES_MAX }) },
  { additionalProperties: false },
)
export const Resolve = Type.Object(
  { note: Type.Optional(Nullable(Text(NOTE_LETTERS_MAX))) },
  { additionalProperties: false },
)

export const Assignee = Type.Object({ id: Id, name: Type.String() })
export const Assignees = Type.Object({ items: Type.Array(Assignee) })

export const Source = Type.Object({
  warehouse_id: Id,
  warehouse: Type.String(),
  available: Type.Integer(),
  sold_14d: Type.Integer(),
  lead_time_days: Type.Integer(),
  reorder_point: Nullable(Type.Integer()),
})
export const Buying = Type.Object({
  pack_size: Type.Integer(),
  unit_cost_cents: Cents,
  price_cents: Nullable(Cents),
  expected_on: BusinessDay,
  approval_cents: Cents,
})

export type Alert = Static<typeof Alert>
export type AlertEvent = Static<typeof AlertEvent>
export type Earlier = Static<typeof AlertDetail>['earlier'][number]
export type AlertCounts = Static<typeof AlertCounts>
export type Assignee = Static<typeof Assignee>
export type ShelfFacts = Static<typeof ShelfFacts>
export type Proposal = Static<typeof Proposal>
export type Source = Static<typeof Source>
export type Buying = Static<typeof Buying>
