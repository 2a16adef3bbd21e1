/** What core-api says, under the names this page uses. */
import type { operations } from '#lib/api/schema.d.ts'

type Body<Name extends keyof operations> = operations[Name] extends {
  responses: { 200: { content: { 'application/json': infer Answer } } }
}
  ? Answer
  : never

export type AlertList = Body<'listAlerts'>
export type Alert = AlertList['items'][number]
export type Surge = NonNullable<Alert['surge']>
export type Shelf = NonNullable<Alert['shelf']>
export type AlertDetail = Body<'getAlert'>
export type AlertEvent = AlertDetail['events'][number]
export type Proposal = NonNullable<AlertDetail['proposal']>
export type Transfer = Body<'listOpenTransfers'>['items'][number]
export type Purchase = Body<'listOpenPurchases'>['items'][number]
export type Assignee = Body<'listAlertAssignees'>['items'][number]

export const tabs = ['stock', 'surge', 'orders', 'documents', 'done'] as const
export type Tab = (typeof tabs)[number]

/** Everything the page shows; a part that was not asked for is null. */
export type Desk = {
  list: AlertList | null
  done: Alert[] | null
  transfers: Transfer[] | null
  purchases: Purchase[] | null
  detail: AlertDetail | null
}

export function tabOf(params: URLSearchParams): Tab {
  return tabs.find((tab) => tab === params.get('tab')) ?? 'stock'
}

export function alertOf(params: URLSearchParams): number | null {
  const id = Number(params.get('alert'))
  return Number.isSafeInteger(id) && id > 0 ? id : null
}
