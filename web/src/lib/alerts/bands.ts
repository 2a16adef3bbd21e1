/** Which row stands in which band of the list. */
import type { Alert, Tab } from './types.ts'

export type BandName =
  'urgent' | 'soon' | 'watch' | 'acting' | 'snoozed' | 'surge' | 'order_stuck' | 'order_unpaid'
export type Band = { name: BandName; alerts: Alert[] }

const bandsOfTab: Record<Tab, readonly BandName[]> = {
  stock: ['urgent', 'soon', 'watch', 'acting', 'snoozed'],
  surge: ['surge', 'acting', 'snoozed'],
  orders: ['order_stuck', 'order_unpaid', 'snoozed'],
  documents: [],
  done: [],
}

/** In the order in which they want to be worked off; a band without a row is left out. */
export function bandsOf(alerts: readonly Alert[], tab: Tab, pending: ReadonlySet<number>): Band[] {
  const mine = alerts.filter(({ kind }) => tabOfKind(kind) === tab)
  const byBand = Map.groupBy(mine, (alert) => bandOf(alert, pending))
  return bandsOfTab[tab].flatMap((name) => {
    const rows = byBand.get(name)
    return rows ? [{ name, alerts: rows }] : []
  })
}

function tabOfKind(kind: Alert['kind']): Tab {
  return kind === 'stock' || kind === 'surge' ? kind : 'orders'
}

function bandOf(alert: Alert, pending: ReadonlySet<number>): BandName {
  const isActedOn = alert.transfer_id !== null || alert.purchase_id !== null
  if (pending.has(alert.id) || isActedOn) return 'acting'
  if (alert.snoozed_until !== null) return 'snoozed'
  if (alert.kind !== 'stock') return alert.kind
  if (alert.severity === 'out' || alert.severity === 'critical') return 'urgent'
  return alert.severity
}

/** Days what is free lasts at the pace of 14 days; null when nothing is sold. */
export function coverDays({ available, sold_14d }: { available: number; sold_14d: number }) {
  return sold_14d > 0 ? (available * 14) / sold_14d : null
}

/** How full the bar is: one and a half lead times are all of it. */
export function coverShare(shelf: { available: number; sold_14d: number; lead_time_days: number }) {
  const cover = coverDays(shelf)
  if (cover === null) return shelf.available > 0 ? 1 : 0
  return Math.min(1, cover / Math.max(1, shelf.lead_time_days * 1.5))
}
