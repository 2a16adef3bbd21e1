import type { FastifyRequest } from 'fastify'
import { recordAudit } from '../lib/audit.ts'
import { once } from '../lib/idempotency.ts'
import { type Sql, type Queryable, violates } from '../lib/postgres.ts'
import { Refusal, notFound } from '../lib/refusal.ts'
import { userOf } from '../lib/session.ts'
import * as queries from './queries.ts'
import { Distributor, type DistributorChange, type NewDistributor } from './schema.ts'

export async function addDistributor(sql: Sql, request: FastifyRequest, wanted: NewDistributor) {
  return refusingBadTrees(() =>
    once(sql, request, Distributor, async (transaction) => {
      await queries.lockTree(transaction)
      const after = await getDistributor(
        transaction,
        await queries.insertDistributor(transaction, wanted),
      )
      await recordAudit(transaction, userOf(request), {
        ...subjectOf(after),
        action: 'distributor.added',
        after,
      })
      return after
    }),
  )
}

/** Moving a distributor takes his subtree along; orders keep the tree they were placed under. */
export async function changeDistributor(
  sql: Sql,
  request: FastifyRequest,
  id: number,
  change: DistributorChange,
) {
  return refusingBadTrees(() =>
    once(sql, request, Distributor, async (transaction) => {
      await queries.lockTree(transaction)
      const before = await getDistributor(transaction, id)
      await queries.updateDistributor(transaction, id, change)
      const after = await getDistributor(transaction, id)
      await recordAudit(transaction, userOf(request), {
        ...subjectOf(after),
        action: 'distributor.changed',
        before,
        after,
      })
      return after
    }),
  )
}

async function getDistributor(transaction: Queryable, id: number) {
  const row = await queries.findDistributor(transaction, id)
  if (row === undefined) throw notFound('distributor')
  return row
}

function subjectOf({ id }: Distributor) {
  return { subject_kind: 'distributor', subject_id: id }
}

async function refusingBadTrees<T>(change: () => Promise<T>): Promise<T> {
  try {
    return await change()
  } catch (error) {
    if (violates(error, 'distributor_no_cycle') || violates(error, 'distributor_check')) {
      throw new Refusal(409, 'CYCLE', 'A distributor cannot move below itself')
    }
    if (violates(error, 'distributor_depth')) {
      throw new Refusal(409, 'TREE_TOO_DEEP', 'The tree is at most 16 deep')
    }
    if (violates(error, 'distributor_code_key')) {
      throw new Refusal(409, 'CODE_TAKEN', 'Another distributor has this code')
    }
    throw error
  }
}
