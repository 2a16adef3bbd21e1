import type { FastifyRequest } from 'fastify'
import { recordAudit } from '../lib/audit.ts'
import { once } from '../lib/idempotency.ts'
import type { Queryable, Sql } from '../lib/postgres.ts'
import { invalid, notFound } from '../lib/refusal.ts'
import { userOf } from '../lib/session.ts'
import * as queries from './queries.ts'
import { Annotation, type NewAnnotation } from './schema.ts'

export async function writeAnnotation(sql: Sql, request: FastifyRequest, note: NewAnnotation) {
  if (note.text.trim() === '') throw invalid('text', 'says nothing')
  const user = userOf(request)
  return once(sql, request, Annotation, async (transaction) => {
    const id = await queries.insertAnnotation(transaction, user.id, note)
    const after = await getAnnotation(transaction, id)
    await recordAudit(transaction, user, { ...subjectOf(id), action: 'annotation.written', after })
    return after
  })
}

export async function removeAnnotation(sql: Sql, request: FastifyRequest, id: number) {
  const user = userOf(request)
  return once(sql, request, Annotation, async (transaction) => {
    const before = await getAnnotation(transaction, id)
    await queries.removeAnnotation(transaction, id)
    await recordAudit(transaction, user, {
      ...subjectOf(id),
      action: 'annotation.removed',
      before,
    })
    return before
  })
}

async function getAnnotation(sql: Queryable, id: number): Promise<Annotation> {
  const note = await queries.findAnnotation(sql, id)
  if (note === undefined) throw notFound('annotation')
  return note
}

function subjectOf(id: number) {
  return { subject_kind: 'annotation', subject_id: id }
}
