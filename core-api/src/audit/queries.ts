import type { Queryable } from '../lib/postgres.ts'
import type { AuditEvent } from './schema.ts'

/** Newest first; `after` is the last id of the page before, 0 for the first page. */
export async function listEvents(
  sql: Queryable,
  { action, after, limit }: { action: string | null; after: number; limit: number },
) {
  return sql<AuditEvent[]>`
    select event.id, event.at, event.actor_user_id as actor_id, app_user.name as actor, event.action,
      event.subject_kind, event.subject_id, 
      coalesce(distributor.name, promo_link.code, channel.name, event.after ->> 'measure',
        event.before ->> 'measure') as subject,
      event.reason, event.before, event.after, encode(event.hash, 'hex') as hash
    from audit_event as event
    join app_user on app_user.id = event.actor_user_id
    left join distributor on event.subject_kind = 'distributor' and distributor.id = event.subject_id
    left join promo_link on event.subject_kind = 'promo_link' and promo_link.id = event.subject_id
    left join channel on event.subject_kind = 'channel' and channel.id = event.subject_id
    where (${after}::bigint = 0 or event.id < ${after}::bigint)
      and (${action}::text is null or starts_with(event.action, ${action}::text))
    order by event.id desc
    limit ${limit}
  `
}
