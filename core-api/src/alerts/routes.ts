import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { FLOOR, STAFF } from '../lib/roles.ts'
import { IdempotencyHeaders, IdParams } from '../lib/schema.ts'
import { countAlerts, listAssignees } from './list-queries.ts'
import { listRules } from './rule-queries.ts'
import { changeRule } from './rules.ts'
import * as ruleSchema from './rule-schema.ts'
import * as schema from './schema.ts'
import * as service from './service.ts'

export const alerts: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/alerts',
    {
      config: { roles: STAFF },
      schema: {
        operationId: 'listAlerts',
        summary:
          'The most urgent first, with what their subject is like now; or the ones that are over',
        tags: ['alerts'],
        querystring: schema.AlertQuery,
        response: { 200: schema.Alerts },
      },
    },
    async (request) => service.listAlerts(app.sql, request.query.state ?? 'open'),
  )

  app.get(
    '/alert-counts',
    {
      config: { roles: STAFF },
      schema: {
        operationId: 'countAlerts',
        summary: 'How many are open, by what they are about and how urgent',
        tags: ['alerts'],
        response: { 200: schema.AlertCounts },
      },
    },
    async () => countAlerts(app.sql),
  )

  app.get(
    '/alerts/:id',
    {
      config: { roles: STAFF },
      schema: {
        operationId: 'getAlert',
        summary: 'With its history and, for a shelf, how many to get, from where and why',
        tags: ['alerts'],
        params: IdParams,
        response: { 200: schema.AlertDetail },
      },
    },
    async (request) => service.readAlert(app.sql, request.params.id),
  )

  step('acknowledge', 'Somebody has seen it', service.acknowledge)
  step('reopen', 'Takes a snooze or a resolution back', service.reopen)

  app.post(
    '/alerts/:id/assign',
    {
      config: { roles: FLOOR },
      schema: {
        operationId: 'assignAlert',
        summary: 'Whose it is; null for nobody',
        tags: ['alerts'],
        headers: IdempotencyHeaders,
        params: IdParams,
        body: schema.Assign,
        response: { 200: schema.AlertDone },
      },
    },
    async (request) => service.assign(app.sql, request, request.params.id, request.body.user_id),
  )

  app.post(
    '/alerts/:id/snooze',
    {
      config: { roles: FLOOR },
      schema: {
        operationId: 'snoozeAlert',
        summary: 'Off the list for so long, unless it grows worse',
        tags: ['alerts'],
        headers: IdempotencyHeaders,
        params: IdParams,
        body: schema.Snooze,
        response: { 200: schema.AlertDone },
      },
    },
    async (request) => service.snooze(app.sql, request, request.params.id, request.body.minutes),
  )

  app.post(
    '/alerts/:id/resolve',
    {
      config: { roles: FLOOR },
      schema: {
        operationId: 'resolveAlert',
        summary: 'Laid aside: quiet until the cause is gone, or grows worse',
        tags: ['alerts'],
        headers: IdempotencyHeaders,
        params: IdParams,
        body: schema.Resolve,
        response: { 200: schema.AlertDone },
      },
    },
    async (request) =>
      service.resolve(app.sql, request, request.params.id, request.body.note ?? null),
  )

  app.get(
    '/alert-assignees',
    {
      config: { roles: STAFF },
      schema: {
        operationId: 'listAlertAssignees',
        summary: 'Who may be given an alert',
        tags: ['alerts'],
        response: { 200: schema.Assignees },
      },
    },
    async () => ({ items: await listAssignees(app.sql) }),
  )

  app.get(
    '/alert-rules',
    {
      config: { roles: STAFF },
      schema: {
        operationId: 'listAlertRules',
        summary: 'What raises an alert',
        tags: ['alerts'],
        response: { 200: ruleSchema.AlertRules },
      },
    },
    async () => ({ items: await listRules(app.sql) }),
  )

  app.patch(
    '/alert-rules',
    {
      config: { roles: ['admin', 'operations'] },
      schema: {
        operationId: 'changeAlertRule',
        summary: 'When a kind of alert is raised and re-armed, and whose it is then; off and on',
        tags: ['alerts'],
        headers: IdempotencyHeaders,
        body: ruleSchema.ChangeRule,
        response: { 200: ruleSchema.AlertRule },
      },
    },
    async (request) => changeRule(app.sql, request, request.body),
  )

  function step(
    verb: 'acknowledge' | 'reopen',
    summary: string,
    move: (
      sql: typeof app.sql,
      request: FastifyRequest,
      id: number,
    ) => ReturnType<typeof service.acknowledge>,
  ) {
    app.post(
      `/alerts/:id/${verb}`,
      {
        config: { roles: FLOOR },
        schema: {
          operationId: `${verb}Alert`,
          summary,
          tags: ['alerts'],
          headers: IdempotencyHeaders,
          params: IdParams,
          response: { 200: schema.AlertDone },
        },
      },
      async (request) => move(app.sql, request, request.params.id),
    )
  }
}
