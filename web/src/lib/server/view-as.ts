/** Looking on as a distributor, and the log that says who did. */
import type { AuditEvent } from '#lib/api/client.ts'
import { bodyOf, core, patience } from './core.ts'

export async function startViewAs(session: string, distributor_id: number, reason: string) {
  const answer = await core(session).POST('/view-as', {
    body: { distributor_id, reason },
    signal: patience(),
  })
  return bodyOf(answer)
}

/** A page of the log, newest first; `after` is the last id of the page before. */
export async function auditPage(session: string, after: number | undefined, limit: number) {
  const answer = await core(session).GET('/audit-events', {
    params: { query: { after, limit } },
    signal: patience(),
  })
  const page: { items: AuditEvent[]; next: number | null } = bodyOf(answer)
  return page
}
