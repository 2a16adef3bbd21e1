import { invalid, notFound } from '../lib/refusal.ts'
import type { Sql } from '../lib/postgres.ts'
import type { PageQuery } from '../lib/schema.ts'
import { readAs, type User } from '../lib/session.ts'
import * as queries from './queries.ts'
import type {
  CommissionState,
  EarnedOnOrder,
  ExplainedRow,
  Explanation,
  Node,
  Rule,
} from './schema.ts'

type Wanted = PageQuery & { state: CommissionState | null; distributorId: number | null }

/** Why a distributor has what he has: every amount with its line, its rate, its rule and the way up. */
export async function explain(sql: Sql, user: User, wanted: Wanted): Promise<Explanation> {
  const distributorId = earnerOf(user, wanted.distributorId)
  const { sums, rows, nodes } = await readAs(sql, user, async (queryable) => {
    const [states, parts, pending_orders, next_release, rows] = await Promise.all([
      queries.sumStates(queryable, distributorId),
      queries.sumParts(queryable, { ...wanted, distributorId }),
      queries.countPendingOrders(queryable, distributorId),
      queries.findNextRelease(queryable, distributorId),
      queries.listExplained(queryable, { ...wanted, distributorId }),
    ])
    const ids = [distributorId, ...rows.flatMap((row) => pathOf(row, distributorId))]
    const nodes = await queries.listNodes(queryable, [...new Set(ids)])
    const sums = { states, parts, pending_orders, next_release: next_release ?? null }
    return { sums, rows, nodes }
  })
  if (!nodes.some(({ id }) => id === distributorId)) throw notFound('distributor')

  // Row security has chosen the entries; the rules they name are part of them.
  const ruleIds = rows.flatMap(({ rule_id }) => (rule_id === null ? [] : [rule_id]))
  const rules = await queries.listRules(sql, [...new Set(ruleIds)])
  const last = rows.length === wanted.limit ? rows.at(-1) : undefined
  return {
    distributor_id: distributorId,
    ...sums,
    items: rows.map((row) => ({
      ...row,
      ...basisOf(row, distributorId, byId(nodes), byId(rules)),
    })),
    next: last?.id ?? null,
  }
}

/** Who earns on an order and why: for each line and level the base, the rate, the rule and the way up the tree. */
export async function explainOrder(sql: Sql, orderId: number): Promise<EarnedOnOrder> {
  const rows = await queries.listEarned(sql, orderId)
  const nodeIds = rows.flatMap((row) => pathOf(row, row.distributor_id))
  const ruleIds = rows.flatMap(({ rule_id }) => (rule_id === null ? [] : [rule_id]))
  const [nodes, rules] = await Promise.all([
    queries.listNodes(sql, [...new Set(nodeIds)]),
    queries.listRules(sql, [...new Set(ruleIds)]),
  ])
  return {
    items: rows.map((row) => ({
      ...row,
      ...basisOf(row, row.distributor_id, byId(nodes), byId(rules)),
    })),
  }
}

function earnerOf(user: User, wanted: number | null): number {
  const id = user.role === 'distributor' ? user.distributor_id : wanted
  // One of another's subtree and one that does not exist must look the same.
  if (user.role === 'distributor' && wanted !== null && wanted !== id) throw notFound('distributor')
  if (id === null) throw invalid('distributor_id', 'says whose commission is asked for')
  return id
}

/** What an amount rests on: its rule, and who stands between the earner and the seller. */
function basisOf(
  { rule_id, order_ancestor_ids }: Pick<ExplainedRow, 'rule_id' | 'order_ancestor_ids'>,
  earner: number,
  nodes: Map<number, Node>,
  rules: Map<number, Rule>,
) {
  return {
    rule: rule_id === null ? null : (rules.get(rule_id) ?? null),
    path: pathOf({ order_ancestor_ids }, earner).map(
      (node) => nodes.get(node) ?? { id: node, name: '' },
    ),
  }
}

/** The part of the tree, as it was at placement, from the earner down to the seller. */
function pathOf({ order_ancestor_ids }: Pick<ExplainedRow, 'order_ancestor_ids'>, earner: number) {
  const start = order_ancestor_ids.indexOf(earner)
  return start === -1 ? [] : order_ancestor_ids.slice(start)
}

function byId<T extends { id: number }>(rows: T[]): Map<number, T> {
  return new Map(rows.map((row) => [row.id, row]))
}
