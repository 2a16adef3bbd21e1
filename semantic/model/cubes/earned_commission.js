// What each distributor was given in the period, less what was taken back. A distributor sees his own. The period is that of
// team_structure.
import { periodOf } from './period'

cube(`earned_commission`, {
  sql: `
    with
      ${periodOf(FILTER_PARAMS.team_structure.at)},
      ${SECURITY_CONTEXT.scope.requiredFilter((scope) => `toInt64OrZero(${scope})`)} as viewer
    select distributor_id as earned_by, sum(amount_cents) as earned_cents
    from commission_entry
    where has(['accrue', 'clawback'], kind) and (viewer = 0 or distributor_id = viewer)
      and at_second >= toDateTime(since, 'UTC') and at_second <= toDateTime(until, 'UTC')
    group by earned_by
  `,
  public: false,

  dimensions: {
    earned_by: { sql: `${CUBE}.earned_by`, type: `string`, primary_key: true },
    cents: { sql: `${CUBE}.earned_cents`, type: `number` },
  },
})
