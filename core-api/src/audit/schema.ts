import Type, { type Static } from 'typebox'
import { Id, Nullable, PageQuery, Text, Timestamp } from '../lib/schema.ts'

const Record = Type.Union([Type.Object({}, { additionalProperties: true }), Type.Null()])

export const AuditEvent = Type.Object({
  id: Id,
  at: Timestamp,
  actor_id: Id,
  actor: Type.String(),
  action: Type.String(),
  subject_kind: Type.String(),
  subject_id: Nullable(Id),
  /** What the subject is called now; null where it has no name. */
  subject: Nullable(Type.String()),
  reason: Nullable(Type.String()),
  before: Record,
  after: Record,
  /** Over this event and the hash of the one before it. */
  hash: Type.String(),
})

export const AuditQuery = Type.Object(
  { ...PageQuery.properties, action: Type.Optional(Text(100)) },
  { additionalProperties: false },
)

export type AuditEvent = Static<typeof AuditEvent>
