import createClient from 'openapi-fetch'
import type { operations, paths } from './schema.d.ts'

/** Core-api, by its own description: a renamed field does not compile. */
export function openApi(baseUrl: string, session?: string) {
  const headers = session === undefined ? {} : { authorization: `Bearer ${session}` }
  return createClient<paths>({ baseUrl, headers })
}

type Answer<Name extends keyof operations> = operations[Name] extends {
  responses: { 200: { content: { 'application/json': infer Body } } }
}
  ? Body
  : never

export type User = Answer<'me'>
export type Role = User['role']
export type Instance = Answer<'getInstance'>
export type Distributor = Answer<'listDistributors'>['items'][number]
export type Explanation = Answer<'explainCommissions'>
export type PromoLink = Answer<'listPromoLinks'>['items'][number]
export type AuditEvent = Answer<'listAuditEvents'>['items'][number]
export type Order = Answer<'getOrder'>
export type Journal = Answer<'listJournalOfOrder'>
export type Commissions = Answer<'explainOrderCommissions'>
export type Goal = Answer<'listGoals'>['items'][number]
export type Annotation = Answer<'listAnnotations'>['items'][number]
export type Found = Answer<'find'>['items'][number]
export type AlertRule = Answer<'listAlertRules'>['items'][number]
export type RuleChange = NonNullable<
  operations['changeAlertRule']['requestBody']
>['content']['application/json']
export type Assignee = Answer<'listAlertAssignees'>['items'][number]
export type ChannelShop = Answer<'listChannelShops'>['items'][number]
export type CommissionState = 'pending' | 'frozen' | 'available' | 'paid'
