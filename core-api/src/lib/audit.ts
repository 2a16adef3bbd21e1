/** One line of the audit log, written in the transaction that did what it tells of. */
import type { Queryable } from './postgres.ts'
import type { User } from './session.ts'

export type AuditEntry = {
  /** `slice.past_participle`, as in `promo_link.disabled`. */
  action: string
  subject_kind: string
  subject_id: number | null
  reason?: string
  before?: object
  after?: object
}

export async function recordAudit(transaction: Queryable, user: User, entry: AuditEntry) {
  await transaction`
    insert into audit_event (actor_user_id, action, subject_kind, subject_id, reason, before, after)
    values (${user.id}, ${entry.action}, ${entry.subject_kind}, ${entry.subject_id},
      ${entry.reason ?? null}, ${toText(entry.before)}::text::jsonb, ${toText(entry.after)}::text::jsonb)
  `
}

function toText(record: object | undefined): string | null {
  return record === undefined ? null : JSON.stringify(record)
}
