import type { FastifyRequest } from 'fastify'
import { once } from '../lib/idempotency.ts'
import { positionAfter } from '../lib/position.ts'
import type { Queryable, Sql } from '../lib/postgres.ts'
import { invalid, notFound, Refusal, unknownReference } from '../lib/refusal.ts'
import { userOf } from '../lib/session.ts'
import * as lists from './list-queries.ts'
import { propose } from './proposal.ts'
import * as queries from './queries.ts'
import { Alert } from './schema.ts'

/** The position is read first: what is listed may be newer than it says, never older. */
export async function listAlerts(sql: Sql, state: 'open' | 'done') {
  const lsn = await positionAfter(sql)
  const [items, counts] = await Promise.all([
    state === 'open' ? lists.listOpenAlerts(sql) : lists.listDoneAlerts(sql),
    lists.countAlerts(sql),
  ])
  return { items, counts, lsn }
}

export async function readAlert(sql: Sql, id: number) {
  const alert = await getAlert(sql, id)
  const [events, earlier, proposal] = await Promise.all([
    lists.listEvents(sql, id),
    lists.listEarlier(sql, id),
    proposalFor(sql, alert),
  ])
  return { alert, events, earlier, proposal }
}

export function acknowledge(sql: Sql, request: FastifyRequest, id: number) {
  return step(sql, request, id, (transaction, userId) =>
    queries.acknowledge(transaction, id, userId),
  )
}

export function assign(sql: Sql, request: FastifyRequest, id: number, assignee: number | null) {
  return step(sql, request, id, async (transaction, userId) => {
    if (assignee !== null && !(await queries.mayBeAssigned(transaction, assignee))) {
      const message = 'is nobody who works on alerts: take one of GET /alert-assignees'
      throw unknownReference([{ field: 'user_id', message }])
    }
    await queries.assign(transaction, id, userId, assignee)
  })
}

export function snooze(sql: Sql, request: FastifyRequest, id: number, minutes: number) {
  return step(sql, request, id, (transaction, userId) =>
    queries.snooze(transaction, id, userId, minutes),
  )
}

/** Quiet until the cause is gone, or grows worse: it is not raised again by what is known already. */
export function resolve(sql: Sql, request: FastifyRequest, id: number, note: string | null) {
  return step(sql, request, id, (transaction, userId) =>
    queries.resolve(transaction, id, userId, note),
  )
}

/** A snooze or a resolution taken back. */
export function reopen(sql: Sql, request: FastifyRequest, id: number) {
  return step(sql, request, id, (transaction, userId) => queries.reopen(transaction, id, userId))
}

type Action = { skuId: number; warehouseId: number; transferId?: number; purchaseId?: number }

/** Called by the command that acts on an alert, in its transaction. */
export async function linkAction(
  transaction: Queryable,
  userId: number,
  alertId: number,
  { skuId, warehouseId, ...action }: Action,
): Promise<void> {
  const alert = await queries.lockAlert(transaction, alertId)
  if (alert === undefined) {
    throw unknownReference([{ field: 'alert_id', message: 'does not exist' }])
  }
  if (alert.sku_id !== skuId || alert.warehouse_id !== warehouseId) {
    throw invalid('alert_id', 'is an alert about another shelf')
  }
  await queries.noteAction(transaction, alertId, userId, action)
}

async function step(
  sql: Sql,
  request: FastifyRequest,
  id: number,
  write: (transaction: Queryable, userId: number) => Promise<void>,
) {
  const alert = await once(sql, request, Alert, async (transaction) => {
    const held = await queries.lockAlert(transaction, id)
    if (held === undefined) throw notFound('alert')
    if (held.is_closed) {
      throw new Refusal(
        409,
        'ALERT_CLOSED',
        'The alert is over',
        'Its cause is gone; if it comes back there will be a new alert',
      )
    }
    await write(transaction, userOf(request).id)
    return getAlert(transaction, id)
  })
  return { alert, lsn: await positionAfter(sql) }
}

async function getAlert(sql: Queryable, id: number): Promise<Alert> {
  const alert = await lists.findAlert(sql, id)
  if (alert === undefined) throw notFound('alert')
  return alert
}

/** A shelf that sells fast and still has enough needs no goods: then there is nothing to propose. */
async function proposalFor(sql: Sql, { kind, shelf, closed_at }: Alert) {
  if (shelf === null || closed_at !== null) return null
  const [sources, buying] = await Promise.all([
    queries.listSources(sql, shelf.sku_id, shelf.warehouse_id),
    queries.findBuying(sql, shelf.sku_id),
  ])
  if (buying === undefined) return null
  const proposal = propose(shelf, sources, buying)
  return kind === 'surge' && proposal.quantity === 0 ? null : proposal
}
