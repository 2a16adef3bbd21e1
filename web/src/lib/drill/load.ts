import type { Dashboard } from '../../../../dashboards/define.ts'
import type { Commissions, Journal, Order } from '#lib/api/client.ts'
import { loadBatch, type Result } from '#lib/cube.ts'
import type { Scope } from '#lib/tiles/scope.ts'
import { periodAsked, questionsOf, readAsked } from './ask.ts'

/** An answer of core-api, or how it refused: each part of the drawer says its own. */
export type Part<Body> = { ok: true; body: Body } | { ok: false; status: number }
export type OrderParts = {
  order: Part<Order>
  journal: Part<Journal>
  commissions: Part<Commissions>
}
export type Drilled = { lines: Result[]; order: OrderParts | null }

/** What the drawer shows when the page opens with it; null while it is shut. */
export async function loadDrill(
  fetch: typeof globalThis.fetch,
  dashboard: Dashboard,
  scope: Scope,
  asOf: Date,
): Promise<Drilled | null> {
  const asked = readAsked(dashboard, scope)
  if (asked === null) return null

  const [lines, order] = await Promise.all([
    loadBatch(fetch, questionsOf(dashboard, scope, asked, periodAsked(asked, scope, asOf))),
    asked.order === null ? null : loadOrder(fetch, asked.order),
  ])
  return { lines, order }
}

export async function loadOrder(fetch: typeof globalThis.fetch, id: number): Promise<OrderParts> {
  const [order, journal, commissions] = await Promise.all([
    read<Order>(fetch, `/api/orders/${id}`),
    read<Journal>(fetch, `/api/orders/${id}/journal`),
    read<Commissions>(fetch, `/api/orders/${id}/commissions`),
  ])
  return { order, journal, commissions }
}

async function read<Body>(fetch: typeof globalThis.fetch, path: string): Promise<Part<Body>> {
  try {
    const response = await fetch(path)
    if (!response.ok) return { ok: false, status: response.status }
    // The shape is core-api's contract; its document and its tests hold it to that.
    const body: Body = await response.json()
    return { ok: true, body }
  } catch {
    return { ok: false, status: 503 }
  }
}
