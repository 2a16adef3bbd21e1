// What the best customer of each team paid in the period, less what went back. The period is that of team_structure.
import { periodOf } from './period'

cube(`top_customer`, {
  sql: `
    with
      ${periodOf(FILTER_PARAMS.team_structure.at)},
      ${SECURITY_CONTEXT.scope.requiredFilter((scope) => `toInt64OrZero(${scope})`)} as viewer
    select node_id as bought_from, max(cents) as top_cents
    from (
      select node_id, customer_id, sum(amount_cents) as cents
      from journal_entry
      array join ancestor_ids as node_id
      where account = 'cash' and isNotNull(order_id) and isNotNull(customer_id)
        and (viewer = 0 or has(ancestor_ids, viewer))
        and at_second >= toDateTime(since, 'UTC') and at_second <= toDateTime(until, 'UTC')
      group by node_id, customer_id
    )
    group by bought_from
  `,
  public: false,

  dimensions: {
    bought_from: { sql: `${CUBE}.bought_from`, type: `string`, primary_key: true },
    cents: { sql: `${CUBE}.top_cents`, type: `number` },
  },
})
