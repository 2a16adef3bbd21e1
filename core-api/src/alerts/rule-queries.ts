/** What raises an alert, as it stands and as it is changed. */
import type { Queryable } from '../lib/postgres.ts'
import type { AlertRule } from './rule-schema.ts'

export async function listRules(sql: Queryable) {
  return sql<AlertRule[]>`
    select rule.kind, rule.is_on, rule.minutes, rule.critical_percent, rule.soon_percent, rule.watch_percent,
      rule.cover_days, rule.rearm_percent, rule.rise_percent, rule.pieces_min, rule.assignee_id, app_user.name as assignee
    from alert_rule as rule
    left join app_user on app_user.id = rule.assignee_id
    order by rule.kind
  `
}

/** Two who change one rule do so one after the other. */
export async function lockRule(sql: Queryable, kind: AlertRule['kind']) {
  const [rule] = await sql<[AlertRule?]>`
    select rule.kind, rule.is_on, rule.minutes, rule.critical_percent, rule.soon_percent, rule.watch_percent,
      rule.cover_days, rule.rearm_percent, rule.rise_percent, rule.pieces_min, rule.assignee_id, app_user.name as assignee
    from alert_rule as rule
    left join app_user on app_user.id = rule.assignee_id
    where rule.kind = ${kind}
    for update of rule
  `
  return rule
}

export async function updateRule(sql: Queryable, rule: Omit<AlertRule, 'assignee'>) {
  await sql`
    update alert_rule
    set is_on = ${rule.is_on}, minutes = ${rule.minutes}, critical_percent = ${rule.critical_percent},
      soon_percent = ${rule.soon_percent}, watch_percent = ${rule.watch_percent},
      cover_days = ${rule.cover_days}, rearm_percent = ${rule.rearm_percent},
      rise_percent = ${rule.rise_percent}, pieces_min = ${rule.pieces_min}, assignee_id = ${rule.assignee_id}
    where kind = ${rule.kind}
  `
}

/** Has the evaluator look at every shelf again, as if each had just changed. */
export async function signalAllShelves(sql: Queryable) {
  await sql`
    insert into alert_signal (sku_id, warehouse_id)
    select sku_id, warehouse_id
    from stock_level
  `
}
