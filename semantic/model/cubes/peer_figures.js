// How those beside a distributor sell, without saying who: how many of them stand at each of so many steps of team
// revenue, himself apart, and how far he is behind the next place. No id and no name leaves the query. Who has too few
// beside him is told nothing, because among few a figure is a name. The company itself stands beside nobody.
import { amount, figure, group } from './words'
import { PEER_STEPS, PEERS_MIN, PERFORMANCE_DAYS } from './parameters'
import { periodOf } from './period'

cube(`peer_figures`, {
  sql: `
    with
      ${periodOf(FILTER_PARAMS.peer_figures.at)},
      ${SECURITY_CONTEXT.scope.requiredFilter((scope) => `toInt64OrZero(${scope})`)} as viewer
    select toDateTime(until, 'UTC') as at_second, intDiv(greatest(cents, 0), step) * step as step_cents,
      if(node_id = viewer, 'own', 'other') as whose, ahead - cents as behind
    from (
      select node.id as node_id, ifNull(sold.team, 0) as cents, count() over () as siblings,
        greatest(intDiv(max(cents) over () + ${PEER_STEPS - 1}, ${PEER_STEPS}), 1) as step,
        lagInFrame(toNullable(cents)) over (
          order by cents desc, node_id rows between unbounded preceding and current row
        ) as ahead
      from current_distributor as node
      left join (
        select arrayJoin(ancestor_ids) as seller_id, sum(amount_cents) as team
        from journal_entry
        where account = 'cash' and isNotNull(order_id) and notEmpty(ancestor_ids)
          and at_second >= toDateTime(since, 'UTC') and at_second <= toDateTime(until, 'UTC')
        group by seller_id
      ) as sold on sold.seller_id = node.id
      where node.status != 'applied'
        and ifNull(node.parent_id, 0) = (select ifNull(max(parent_id), 0) from current_distributor where id = viewer)
        and viewer != 0
    )
    where siblings > ${PEERS_MIN}
  `,
  public: false,

  dimensions: {
    at: {
      sql: `${CUBE}.at_second`,
      type: `time`,
      ...group(
        [
          `Period`,
          `The period looked at, as a range of dates without a granularity; without one the last ${PERFORMANCE_DAYS} days up to now.`,
        ],
        [`期间`, `所看的日期范围，不分粒度；不限时为截至当前的 ${PERFORMANCE_DAYS} 天。`],
      ),
    },
    step_cents: {
      sql: `step_cents`,
      type: `number`,
      ...group(
        [
          `Step`,
          `Team revenue of the period, rounded down to one of ${PEER_STEPS} equal steps between nothing and the largest.`,
        ],
        [`档位`, `本期团队收入，从零到最高分成 ${PEER_STEPS} 等档，向下取整。`],
      ),
    },
    whose: {
      sql: `whose`,
      type: `string`,
      ...group(
        [`Whose`, `own: of whoever asks; other: of those below the same parent.`],
        [`归属`, `本人：提问者自己；其他：同一上级下的其他人。`],
        { own: { en: `Own`, zh: `本人` }, other: { en: `Others`, zh: `其他人` } },
      ),
    },
  },

  measures: {
    distributor_count: {
      sql: `count()`,
      type: `number`,
      drill_members: [step_cents],
      ...amount(
        `count`,
        `none`,
        [
          `Distributors`,
          `How many stand at the step; nobody is counted where fewer than ${PEERS_MIN} others are beside the asker.`,
        ],
        [`分销商数`, `处于该档的人数；身边不足 ${PEERS_MIN} 人时不统计。`],
      ),
    },
    behind_cents: {
      sql: `maxIf(behind, whose = 'own')`,
      type: `number`,
      drill_members: [step_cents],
      ...figure(
        `cents`,
        `down`,
        [
          `Behind the next place`,
          `What team revenue is missing to the place above among those below the same parent; empty for the first.`,
        ],
        [`距上一名`, `在同一上级下，团队收入距上一名还差多少；第一名为空。`],
      ),
    },
  },
})
