import type { FastifyRequest } from 'fastify'
import { recordAudit } from '../lib/audit.ts'
import { once } from '../lib/idempotency.ts'
import type { Queryable, Sql } from '../lib/postgres.ts'
import { notFound } from '../lib/refusal.ts'
import { userOf } from '../lib/session.ts'
import * as queries from './queries.ts'
import { Goal, type NewGoal } from './schema.ts'

/** Setting a goal again replaces it; who changed what from which to which is in the audit log. */
export async function setGoal(sql: Sql, request: FastifyRequest, wanted: NewGoal): Promise<Goal> {
  const user = userOf(request)
  return once(sql, request, Goal, async (transaction) => {
    const known = await queries.findSameGoal(transaction, wanted)
    const before = known === undefined ? undefined : await getGoal(transaction, known)
    const after = await getGoal(transaction, await queries.upsertGoal(transaction, user.id, wanted))
    await recordAudit(transaction, user, {
      action: before ? 'goal.changed' : 'goal.set',
      subject_kind: 'goal',
      subject_id: after.id,
      ...(before && { before }),
      after,
    })
    return after
  })
}

export async function removeGoal(sql: Sql, request: FastifyRequest, id: number): Promise<Goal> {
  const user = userOf(request)
  return once(sql, request, Goal, async (transaction) => {
    const before = await getGoal(transaction, id)
    await queries.deleteGoal(transaction, id)
    await recordAudit(transaction, user, {
      action: 'goal.removed',
      subject_kind: 'goal',
      subject_id: id,
      before,
    })
    return before
  })
}

async function getGoal(sql: Queryable, id: number): Promise<Goal> {
  const goal = await queries.findGoal(sql, id)
  if (goal === undefined) throw notFound('goal')
  return goal
}
