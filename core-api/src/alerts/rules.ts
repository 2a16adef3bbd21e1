/** Changing what raises an alert: it holds from the next second on, also for what is open. */
import type { FastifyRequest } from 'fastify'
import { recordAudit } from '../lib/audit.ts'
import { once } from '../lib/idempotency.ts'
import type { Sql } from '../lib/postgres.ts'
import { invalid, notFound, unknownReference } from '../lib/refusal.ts'
import { userOf } from '../lib/session.ts'
import { mayBeAssigned } from './queries.ts'
import * as queries from './rule-queries.ts'
import { AlertRule, type ChangeRule } from './rule-schema.ts'

const OF_STOCK = [
  'critical_percent',
  'soon_percent',
  'watch_percent',
  'cover_days',
  'rearm_percent',
] as const
const OF_ORDERS = ['minutes'] as const
/** What a rule of each kind is made of, beside being on and somebody's. */
const FIELDS = {
  stock: OF_STOCK,
  surge: ['rise_percent', 'pieces_min', 'rearm_percent'],
  order_stuck: OF_ORDERS,
  order_unpaid: OF_ORDERS,
} as const
const LIMITS = [...OF_STOCK, ...OF_ORDERS, 'rise_percent', 'pieces_min'] as const

export async function changeRule(sql: Sql, request: FastifyRequest, wanted: ChangeRule) {
  refuseForeignFields(wanted)
  const user = userOf(request)
  return once(sql, request, AlertRule, async (transaction) => {
    const before = await queries.lockRule(transaction, wanted.kind)
    if (before === undefined) throw notFound('rule')
    const next = { ...before, ...wanted }
    refuseFalling(next)
    const { assignee_id: assignee = null } = wanted
    if (assignee !== null && !(await mayBeAssigned(transaction, assignee))) {
      const message = 'is nobody who works on alerts: take one of GET /alert-assignees'
      throw unknownReference([{ field: 'assignee_id', message }])
    }
    await queries.updateRule(transaction, next)
    const after = await queries.lockRule(transaction, wanted.kind)
    if (after === undefined) throw notFound('rule')
    if (isSame(before, after)) return after
    await recordAudit(transaction, user, {
      action: 'alert_rule.changed',
      subject_kind: 'alert_rule',
      subject_id: null,
      before,
      after,
    })
    if (wanted.kind === 'stock' || wanted.kind === 'surge')
      await queries.signalAllShelves(transaction)
    return after
  })
}

function refuseForeignFields(wanted: ChangeRule) {
  const own: readonly string[] = FIELDS[wanted.kind]
  const foreign = LIMITS.find((field) => wanted[field] !== undefined && !own.includes(field))
  if (foreign !== undefined) {
    throw invalid(foreign, `a rule of this kind has none; it has ${own.join(', ')}`)
  }
}

/** What is critical is soon, and what is soon is watched. */
function refuseFalling({ critical_percent, soon_percent, watch_percent }: AlertRule) {
  if (critical_percent === null || soon_percent === null || watch_percent === null) return
  if (soon_percent < critical_percent) {
    throw invalid('soon_percent', `must be at least ${critical_percent}, where it becomes critical`)
  }
  if (watch_percent < soon_percent) {
    throw invalid('watch_percent', `must be at least ${soon_percent}, where it becomes soon`)
  }
}

function isSame(one: AlertRule, other: AlertRule) {
  return JSON.stringify(one) === JSON.stringify(other)
}
