/** Those beside a distributor a second way: from orders, by today's tree. */
import type { Period, ViewOracle } from './kind.ts'
import { PEER_STEPS, PEERS_MIN, PERFORMANCE_DAYS } from './parameters.ts'

/** $1 is the distributor who looks; of nobody there are no rows. */
function peers(period: Period) {
  const nowSecond = `date_trunc('second', statement_timestamp())`
  const until = period ? `least(${period.to}, ${nowSecond})` : nowSecond
  const since = period
    ? period.from
    : `(${until} - interval '${PERFORMANCE_DAYS * 86_400 - 1} seconds')`
  return `(
    select ${until} as at, floor(greatest(cents, 0) / step) * step as step_cents, whose, ahead - cents as behind
    from (
      select ranked.*, greatest(floor((max(cents) over () + ${PEER_STEPS - 1}) / ${PEER_STEPS}), 1) as step,
        lag(cents) over (order by cents desc, id) as ahead, count(*) over () as siblings
      from (
        select node.id, case when node.id = $1 then 'own' else 'other' end as whose, (
            select coalesce(sum(cash.cents), 0)
            from oracle_cash as cash
            where node.id = any (cash.ancestor_ids) and cash.at between ${since} and ${until}
          ) as cents
        from distributor as node
        join distributor as viewer on viewer.id = $1::bigint and viewer.parent_id is not distinct from node.parent_id
        where node.status <> 'applied'
      ) as ranked
    ) as placed
    where siblings > ${PEERS_MIN}
  )`
}

export const PEER_ORACLE: Record<string, ViewOracle> = {
  peers: {
    from: peers,
    // The relation knows who looks: whatever is in it is his.
    scope: '$1::bigint is not null',
    measures: {
      distributor_count: 'count(*)',
      behind_cents: `max(behind) filter (where whose = 'own')`,
    },
  },
}
